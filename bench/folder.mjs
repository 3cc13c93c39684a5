// A folder for one benchmark, with bclaw as a new user has it: an engine of its own, jobs as plain processes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The command, as `npm run build` makes it. */
export const bclaw = new URL('../packages/cli/bin/bclaw.mjs', import.meta.url).pathname;

export const folder = mkdtempSync(join(tmpdir(), 'bclaw-bench-'));

/** This process's environment without an endpoint: an engine elsewhere is not to be measured. */
const { AWS_ENDPOINT_URL: _elsewhere, ...own } = process.env;
export const environment = { ...own, NO_COLOR: '1', BCLAW_EXECUTOR: 'process' };

/** Runs a command in the folder to its end; gives what it prints on standard output, and throws when it fails. */
export const run = (...args) =>
  execFileSync(process.execPath, [bclaw, ...args], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

export const removeFolder = () => rmSync(folder, { recursive: true, force: true });
