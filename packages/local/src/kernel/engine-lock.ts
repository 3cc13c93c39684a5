import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identify, isAlive, type ProcessIdentity } from '@bclaw/runner/machine';

/** The lock's file in an engine's directory. */
export const lockFileName = 'engine.lock';

/** Exclusive lock of an engine on its directory. */
export interface EngineLock {
  release(): void;
}

/** The process that holds a lock, and the id of the lock. */
interface Holder extends ProcessIdentity {
  readonly id: string;
}

/**
 * Takes the lock of a directory. The lock of a dead process (`kill -9`, loss of power) is taken over.
 *
 * @throws Error when a running engine holds the directory
 */
export function lockDirectory(directory: string): EngineLock {
  const path = join(directory, lockFileName);
  const own: Holder = { ...thisProcess(), id: randomUUID() };
  const proposal = `${path}.${own.id}`;
  writeFileSync(proposal, JSON.stringify(own), { mode: 0o600 });
  try {
    // Linking a complete file is atomic: no reader ever sees half a lock.
    for (let attempt = 0; attempt < 10; attempt += 1) {
      if (tryLink(proposal, path)) return { release: () => release(path, own.id) };
      const holder = readHolder(path);
      if (holder !== undefined && isAlive(holder))
        throw new Error(
          `An engine is already running in ${directory} (process ${holder.pid}). Stop it, or use another directory.`,
        );
      removeStale(path, holder);
    }
  } finally {
    rmSync(proposal, { force: true });
  }
  throw new Error(`The lock ${path} could not be taken: another engine is starting there. Try again.`);
}

/** The running process that holds the lock of a directory, even if it does not answer. */
export function engineProcess(directory: string): ProcessIdentity | undefined {
  const holder = readHolder(join(directory, lockFileName));
  return holder !== undefined && isAlive(holder) ? { pid: holder.pid, startTime: holder.startTime } : undefined;
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, startTime, id } = value as Partial<Holder>;
    if (typeof pid !== 'number' || typeof startTime !== 'string' || typeof id !== 'string') return undefined;
    return { pid, startTime, id };
  } catch {
    return undefined; // Removed in the meantime, or damaged by a loss of power: no owner either way.
  }
}

/** Two engines may find the same stale lock: it is moved away first, and put back if it is no longer the stale one. */
function removeStale(path: string, stale: Holder | undefined): void {
  const aside = `${path}.stale-${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // Another process was faster.
  }
  const moved = readHolder(aside);
  if (moved !== undefined && moved.id !== stale?.id) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function release(path: string, id: string): void {
  if (readHolder(path)?.id === id) rmSync(path, { force: true });
}

function thisProcess(): ProcessIdentity {
  const identity = identify(process.pid);
  if (identity === undefined)
    throw new Error(
      'This system does not report when a process started; the engine needs that to guard its directory.',
    );
  return identity;
}
