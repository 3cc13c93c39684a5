import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { afterAll } from 'vitest';
import { runCommand } from '../src/program.js';

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

export interface BclawOptions {
  readonly cwd?: string;
  readonly env?: Record<string, string>;
  /** Interrupts the command, like Ctrl-C, once this returns true. */
  readonly interruptWhen?: (stderr: string) => boolean;
  /** The signal of the interruption; SIGINT by default. */
  readonly signal?: NodeJS.Signals;
}

/** This process's environment without any AWS variables, so that a command finds no account. */
const surroundings = () => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(AWS_|FORCE_COLOR|NO_COLOR)/.test(name))),
  AWS_EC2_METADATA_DISABLED: 'true',
});

/** Commands that start engines or other processes of bclaw, which need the built command. */
const needsItsOwnProcess = ([command, subcommand]: readonly string[]) =>
  command === 'run' || command === 'demo' || (command === 'local' && subcommand === 'start');

/**
 * Runs `bclaw` without AWS variables in its environment. It runs in this process, because starting a process takes
 * longer than most commands; it gets its own process if an environment or a signal is part of the test.
 */
export function bclaw(args: readonly string[], options: BclawOptions = {}): Promise<Ended> {
  if (options.env !== undefined || options.interruptWhen !== undefined || needsItsOwnProcess(args))
    return bclawProcess(args, options);
  const ended = before.then(() => runHere(args, options.cwd ?? tmpdir()));
  before = ended.catch(() => undefined);
  return ended;
}

/** The previous command: a process has one working directory and one environment. */
let before: Promise<unknown> = Promise.resolve();

async function runHere(args: readonly string[], cwd: string): Promise<Ended> {
  const directory = process.cwd();
  const { env } = process;
  const written = { stdout: '', stderr: '' };
  const stream = (name: keyof typeof written) =>
    new Writable({
      decodeStrings: false,
      write: (text: string | Buffer, _encoding, done) => {
        written[name] += text.toString();
        done();
      },
    });
  process.env = surroundings();
  process.chdir(cwd);
  try {
    const code = await runCommand(args, { stdout: stream('stdout'), stderr: stream('stderr'), env: process.env });
    return { code, ...written };
  } finally {
    process.chdir(directory);
    process.env = env;
  }
}

/** Runs the built `bclaw` in its own process. */
function bclawProcess(
  args: readonly string[],
  { cwd = tmpdir(), env = {}, interruptWhen = () => false, signal = 'SIGINT' }: BclawOptions = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [command, ...args], {
    cwd,
    env: { ...surroundings(), ...env },
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
  const interruption = setInterval(() => {
    if (!interruptWhen(stderr)) return;
    clearInterval(interruption);
    child.kill(signal);
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

/** A folder that is removed after the tests of this file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bclaw-cli-test-'));
  folders.push(folder);
  return folder;
}

/** Writes a file into a folder and returns its path. */
export function file(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
