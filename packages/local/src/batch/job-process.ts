import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { identify, isAlive, type ProcessIdentity } from '../process-identity.js';

/** What to start for an attempt. */
export interface JobCommand {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
}

/** How a job's process ended. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'not-started'; readonly message: string };

/** A job's process in a process group of its own. */
export interface JobProcess {
  /** False when it could not be started. */
  readonly started: boolean;
  /** Undefined when it is gone already. */
  readonly identity: ProcessIdentity | undefined;
  /** Resolves once the process is gone, with everything else in its group, and its output has been read. */
  readonly ended: Promise<ProcessEnd>;
  /** Sends a signal to the whole group. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/** How long output is still read when something that left the process group keeps the pipe open. */
const strayOutputMs = 2_000;

/**
 * Starts a job's process. Its two output streams arrive as chunks through `onOutput`.
 */
export function startJobProcess(command: JobCommand, onOutput: (chunk: Buffer) => void): JobProcess {
  const child = spawn(command.file, command.arguments, {
    cwd: command.directory,
    env: command.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const { pid } = child;
  child.stdout.on('data', onOutput);
  child.stderr.on('data', onOutput);

  const ended = new Promise<ProcessEnd>((resolve) => {
    child.once('error', (error) => {
      if (pid === undefined) resolve({ kind: 'not-started', message: error.message });
    });
    let exitCode = 0;
    child.once('exit', (code, signal) => {
      exitCode = code ?? 128 + signalNumber(signal);
      if (pid !== undefined) signalGroup(pid, 'SIGKILL');
      const stray = setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
      }, strayOutputMs);
      child.once('close', () => {
        clearTimeout(stray);
        resolve({ kind: 'exited', exitCode });
      });
    });
  });

  return {
    started: pid !== undefined,
    identity: pid === undefined ? undefined : identify(pid),
    ended,
    signal(signal) {
      if (pid !== undefined && child.exitCode === null && child.signalCode === null) signalGroup(pid, signal);
    },
  };
}

/**
 * Stops a process group that an earlier engine left behind: SIGTERM, so that a runner can clean up, then SIGKILL.
 * Does nothing when the process is gone or its id belongs to another process by now.
 */
export async function stopLeftover(identity: ProcessIdentity, graceMs: number): Promise<void> {
  if (!isAlive(identity)) return;
  signalGroup(identity.pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (isAlive(identity) && Date.now() < deadline) await delay(20);
  if (isAlive(identity)) signalGroup(identity.pid, 'SIGKILL');
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    // ESRCH: nothing is left in the group. EPERM: what is left is not ours (macOS says so for zombies).
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return signal === null ? 0 : constants.signals[signal];
}
