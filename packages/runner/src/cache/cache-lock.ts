import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';

/** Interval at which the owner touches the lock… */
const beatMs = 2_000;
/** …and the age at which an untouched lock counts as abandoned. */
const staleMs = 20_000;

/** A held lock. */
export interface CacheLock {
  release(): Promise<void>;
}

/**
 * Acquires a lock between processes that share a folder but perhaps neither process ids nor anything else (containers
 * on one host): a file that its owner touches as long as it lives. A lock whose owner died is taken over.
 *
 * If takeovers ever race, two owners do the same work, which is harmless because the guarded file is published
 * atomically.
 *
 * @returns undefined when another process holds it
 */
export async function tryLock(path: string): Promise<CacheLock | undefined> {
  const owner = randomUUID();
  if (!(await create(path, owner))) {
    if (!(await removeStale(path))) return undefined;
    if (!(await create(path, owner))) return undefined;
  }
  const beat = setInterval(() => {
    const now = new Date();
    // If the file is gone, another process took it over; the owner does not need to know.
    utimes(path, now, now).catch(() => undefined);
  }, beatMs);
  return {
    async release() {
      clearInterval(beat);
      if ((await contentOf(path)) === owner) await rm(path, { force: true });
    },
  };
}

/** A link appears atomically with its content, unlike a file that is opened and then written. */
async function create(path: string, owner: string): Promise<boolean> {
  const draft = `${path}.${owner}`;
  await writeFile(draft, owner);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Removes a lock without an owner; returns false when it has one. */
async function removeStale(path: string): Promise<boolean> {
  const owner = await contentOf(path);
  const touched = await stat(path).catch(() => undefined);
  if (owner === undefined || touched === undefined) return true;
  if (Date.now() - touched.mtimeMs < staleMs) return false;
  const aside = `${path}.stale-${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch {
    return true; // another process was faster
  }
  if ((await contentOf(aside)) !== owner) {
    // Another process took it over between the check and the move: restore it.
    await link(aside, path).catch(() => undefined);
    await rm(aside, { force: true });
    return false;
  }
  await rm(aside, { force: true });
  return true;
}

async function contentOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
