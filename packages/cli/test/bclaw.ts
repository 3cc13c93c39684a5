import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

const packageFolder = dirname(createRequire(import.meta.url).resolve('@bclaw/cli/package.json'));

/** The built command, as users run it. */
const command = join(packageFolder, 'bin', 'bclaw.mjs');

/** The repository's examples. */
export const examples = join(packageFolder, '..', '..', 'examples');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `bclaw` as a process of its own, with nothing of AWS in its environment. */
export function bclaw(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string>; interruptWhen?: (stderr: string) => boolean } = {},
): Promise<Ended> {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS_|FORCE_COLOR|NO_COLOR)/.test(name));
  const child = spawn(process.execPath, [command, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...Object.fromEntries(inherited), AWS_EC2_METADATA_DISABLED: 'true', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  const { interruptWhen = () => false } = options;
  const interruption = setInterval(() => {
    if (!interruptWhen(stderr)) return;
    clearInterval(interruption);
    child.kill('SIGINT'); // as Ctrl-C does
  }, 50);
  child.once('close', () => clearInterval(interruption));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes away after the tests of this file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bclaw-cli-test-'));
  folders.push(folder);
  return folder;
}

/** Writes a file into a folder and gives its path. */
export function file(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
