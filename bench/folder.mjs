// A folder for one benchmark, with bclaw as for a new user: its own engine, jobs as plain processes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The command, built by `npm run build`. */
export const bclaw = new URL('../packages/cli/bin/bclaw.mjs', import.meta.url).pathname;

export const folder = mkdtempSync(join(tmpdir(), 'bclaw-bench-'));

/** This process's environment without an endpoint, so that no other engine is measured. */
const { AWS_ENDPOINT_URL: _elsewhere, ...own } = process.env;
export const environment = { ...own, NO_COLOR: '1', BCLAW_EXECUTOR: 'process' };

/** Runs a command in the folder to its end; returns its standard output, and throws when it fails. */
export const run = (...args) =>
  execFileSync(process.execPath, [bclaw, ...args], {
    cwd: folder,
    env: environment,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

export const removeFolder = () => rmSync(folder, { recursive: true, force: true });
