import { mkdtemp, rm } from 'node:fs/promises';
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
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const directory = await mkdtemp(join(tmpdir(), 'bclaw-'));
  try {
    const local = await startLocalEngine({ ...options, directory });
    try {
      return await work({ ...local, signal: interruption.signal });
    } finally {
      await local.engine.close();
    }
  } finally {
    if (!keep) await rm(directory, { recursive: true, force: true });
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  }
}
