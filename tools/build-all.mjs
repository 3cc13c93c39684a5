// Builds every package with nx where something changed since the last build; silent unless it fails, so that what follows
// speaks for itself. Vitest calls it before any test (`setup`): no test runs on yesterday's build.
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
