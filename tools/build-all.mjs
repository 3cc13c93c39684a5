// Builds every package with nx; silent unless it fails, so that what follows speaks for itself.
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const nx = fileURLToPath(new URL('../node_modules/.bin/nx', import.meta.url));

/** Builds what is not in nx's cache; ends the process where that fails. */
export function buildAll() {
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
  const root = fileURLToPath(new URL('..', import.meta.url));
  const { status, stdout, stderr } = spawnSync(nx, ['run-many', '-t', 'build'], { cwd: root, encoding: 'utf8', env });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}`);
  process.exit(status ?? 1);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) buildAll();
