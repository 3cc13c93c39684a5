// Builds every package with nx; silent unless it fails, so that what follows speaks for itself.
import { spawnSync } from 'node:child_process';

const nx = new URL('../node_modules/.bin/nx', import.meta.url).pathname;
const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
const { status, stdout, stderr } = spawnSync(nx, ['run-many', '-t', 'build'], { encoding: 'utf8', env });
if (status !== 0) process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
process.exit(status ?? 1);
