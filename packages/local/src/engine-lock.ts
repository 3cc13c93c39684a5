import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const fileName = 'engine.lock';

/** An engine's sole right to a directory. */
export interface EngineLock {
  release(): void;
}

interface Holder {
  readonly pid: number;
  /** Tells the process from a later one with the same number; empty where the system does not tell. */
  readonly started: string;
  readonly id: string;
}

/**
 * Takes the lock of a directory. The lock of a process that no longer lives (`kill -9`, loss of power) is taken over.
 *
 * @throws Error when a living engine holds the directory
 */
export function lockDirectory(directory: string): EngineLock {
  const path = join(directory, fileName);
  const own: Holder = { pid: process.pid, started: processStart(process.pid), id: randomUUID() };
  const proposal = `${path}.${own.id}`;
  writeFileSync(proposal, JSON.stringify(own));
  try {
    // Linking a complete file is atomic: nobody ever reads half a lock.
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
    const { pid, started, id } = value as Partial<Holder>;
    if (typeof pid !== 'number' || typeof started !== 'string' || typeof id !== 'string') return undefined;
    return { pid, started, id };
  } catch {
    return undefined; // Gone meanwhile, or damaged by a loss of power: either way nobody's.
  }
}

function isAlive({ pid, started }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, but belongs to someone else.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return started === '' || started === processStart(pid);
}

/** Two engines may find the same stale lock: it is moved away first, and put back if it was not the stale one any more. */
function removeStale(path: string, stale: Holder | undefined): void {
  const aside = `${path}.stale-${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch {
    return; // Somebody else was faster.
  }
  const moved = readHolder(aside);
  if (moved !== undefined && moved.id !== stale?.id) tryLink(aside, path);
  rmSync(aside, { force: true });
}

function release(path: string, id: string): void {
  if (readHolder(path)?.id === id) rmSync(path, { force: true });
}

/** When a process started, as text to compare; empty when it is gone or the system does not tell. */
function processStart(pid: number): string {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
      // Field 22; the command's name, field 2, may hold spaces, so fields are counted from behind its parenthesis.
      return `${boot}:${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`;
    }
    if (process.platform === 'win32') return '';
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}
