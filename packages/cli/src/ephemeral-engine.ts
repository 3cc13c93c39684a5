import { lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineOptions } from '@bclaw/local';
import { BclawError } from '@bclaw/spec';
import { type LocalEngine, startLocalEngine } from './local-engine.js';

export interface EphemeralOptions extends Omit<EngineOptions, 'directory'> {
  /** Leaves the directory where it is. */
  readonly keep?: boolean;
}

/** An engine that lives as long as a piece of work. */
export interface EphemeralEngine extends LocalEngine {
  /** Aborted when the user interrupts the command. */
  readonly signal: AbortSignal;
}

/** SIGHUP: the terminal was closed. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** Of directories that are nobody's when no engine runs in them. */
const prefix = 'bclaw-run-';
/** Between making its directory and locking it, a run is as old as that at most. */
const youngMs = 60_000;

/** Removes the directories of runs that were killed (`kill -9`) and could not do so themselves. */
async function removeLeftovers(): Promise<void> {
  const { removeEngineDirectory } = await import('@bclaw/local');
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(prefix)) continue;
    const directory = join(tmpdir(), name);
    try {
      const { uid, mtimeMs } = await lstat(directory);
      if (uid === process.getuid?.() && Date.now() - mtimeMs > youngMs) removeEngineDirectory(directory);
    } catch {
      // Somebody else's, in use, or gone meanwhile: no reason not to run.
    }
  }
}

/**
 * Starts an engine in a temporary directory for a piece of work, and ends it afterwards, also when the work fails or the
 * user interrupts it: no process and no directory stays behind.
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
