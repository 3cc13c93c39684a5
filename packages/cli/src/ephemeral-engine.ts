import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineOptions } from '@bclaw/local';
import { BclawError } from '@bclaw/spec';
import { type LocalEngine, startLocalEngine } from './local-engine.js';

export interface EphemeralOptions extends Omit<EngineOptions, 'directory'> {
  /** Keeps the directory. */
  readonly keep?: boolean;
}

/** An engine for the duration of a task. */
export interface EphemeralEngine extends LocalEngine {
  /** Aborted when the user interrupts the command. */
  readonly signal: AbortSignal;
}

/** SIGHUP: the terminal was closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Prefix of temporary directories, which are orphaned when no engine runs in them. */
const prefix = 'bclaw-run-';
/** Maximum time between creating a directory and locking it. */
const youngMs = 60_000;

/** Removes the directories of killed runs (`kill -9`), which could not do so themselves. */
async function removeLeftovers(): Promise<void> {
  const { lockFileName, removeEngineDirectory } = await import('@bclaw/local');
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const directory = join(tmpdir(), name);
    try {
      const { uid, mtimeMs } = await lstat(directory);
      if (uid !== process.getuid?.()) continue;
      // A directory that was locked once is orphaned as soon as its engine is dead.
      const wasLocked = (await readdir(directory)).includes(lockFileName);
      if (wasLocked || Date.now() - mtimeMs > youngMs) removeEngineDirectory(directory);
    } catch {
      // Another user's, in use, or already removed: not an error.
    }
  }
}

/**
 * Starts an engine in a temporary directory for a task and stops it afterwards, even when the task fails or the user
 * interrupts it: no process and no directory stays behind.
 */
export async function withEphemeralEngine<T>(
  { keep = false, ...options }: EphemeralOptions,
  work: (engine: EphemeralEngine) => Promise<T>,
): Promise<T> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort(new BclawError('interrupted', 'Interrupted.'));
  for (const signal of signals) process.once(signal, interrupt);
  await removeLeftovers();
  const directory = await mkdtemp(join(tmpdir(), keep ? 'bclaw-' : prefix));
  try {
    const local = await startLocalEngine({ ...options, directory });
    try {
      return await work({ ...local, signal: interruption.signal });
    } finally {
      await local.engine.close();
    }
  } finally {
    if (!keep) await rm(directory, { recursive: true, force: true });
    for (const signal of signals) process.removeListener(signal, interrupt);
  }
}
