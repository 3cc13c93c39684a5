// Runs before npm packs or publishes a package: builds code and types, regardless of earlier builds.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setup } from './build-all.mjs';

setup();
const root = fileURLToPath(new URL('..', import.meta.url));
// npm parses standard output in `npm pack --json`.
execFileSync(
  process.execPath,
  [fileURLToPath(new URL('../node_modules/typescript/bin/tsc', import.meta.url)), '--build'],
  {
    cwd: root,
    stdio: ['ignore', 2, 2],
  },
);
