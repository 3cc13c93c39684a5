// Builds every package that has changed since the last build, with nx; silent unless it fails, so that only the next
// program's output shows. Vitest runs it before any test (`setup`), so that no test uses an outdated build.
import { spawnSync } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bringUpToDate } from './up-to-date.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

function buildWithNx() {
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' };
  const nx = fileURLToPath(new URL('../node_modules/.bin/nx', import.meta.url));
  const { error, status, stdout, stderr } = spawnSync(nx, ['run-many', '-t', 'build'], {
    cwd: root,
    encoding: 'utf8',
    env,
  });
  if (status !== 0) throw new Error(`the build failed\n${error?.message ?? ''}${stdout ?? ''}${stderr ?? ''}`);
}

export function setup() {
  bringUpToDate(root, buildWithNx);
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    setup();
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
