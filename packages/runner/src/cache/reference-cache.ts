import { createHash, randomUUID } from 'node:crypto';
import { chmod, constants, copyFile, link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { BclawError, formatS3Uri, type S3Location } from '@bclaw/spec/run-time';
import type { RunnerLog } from '../log.js';
import { download, type Transfers } from '../storage/download.js';
import type { ObjectInfo } from '../storage/object-store.js';
import { type CacheLock, tryLock } from './cache-lock.js';
import { makeRoom, removeUnused } from './eviction.js';

/** Interval at which a waiting job checks whether the download has finished. */
const waitMs = 100;

/**
 * Number of attempts: an object may be overwritten between reading its ETag and fetching it, or be evicted afterwards.
 */
const rounds = 10;

/** The modification time of every file of the cache, so that a later write can be detected. */
const unmodified = new Date('2000-01-01T00:00:00Z');

/** Below the scratch path, next to the workspaces. */
const referencesFolder = 'references';

/**
 * Reference files of all jobs on this host, by ETag: each version of a file is fetched only once, even when many jobs
 * request it at the same time. A file appears under its name only when it is complete; a file that a command has
 * written to is not used again. Unused files are evicted: see `eviction.ts`.
 */
export class ReferenceCache {
  readonly #folder: string;
  readonly #transfers: Transfers;
  readonly #log: RunnerLog;

  constructor(scratchPath: string, transfers: Transfers, log: RunnerLog) {
    this.#folder = join(scratchPath, referencesFolder);
    this.#transfers = transfers;
    this.#log = log;
  }

  /**
   * Puts a file of the cache into the requested place; fetches it first if necessary.
   * @param how `link` = the cache's own file, for commands that cannot change it; `copy` = a private copy for the job,
   * which on file systems with copy-on-write (XFS, Btrfs, APFS) takes neither time nor space
   * @returns false when the object does not exist
   * @throws Error with the code `EEXIST` when the path exists already
   */
  async stage(source: S3Location, target: string, how: 'link' | 'copy'): Promise<boolean> {
    const { store, limit } = this.#transfers;
    await mkdir(this.#folder, { recursive: true });
    for (let round = 1; round <= rounds; round += 1) {
      const info = await limit(() => store.head(source));
      if (info === undefined) return false;
      const cached = join(this.#folder, nameOf(source, info));
      if (await this.#placeIntact(cached, target, info, how)) return true;
      const lock = await this.#lockUnlessIntact(cached, info);
      try {
        if (lock !== undefined && !(await isIntact(cached, info))) await this.#fill(source, info, cached);
      } finally {
        await lock?.release();
      }
    }
    throw new BclawError('object-changed', `${formatS3Uri(source)} was overwritten again and again.`, {
      hint: 'Let nobody write to references while jobs run; give a new version a new name.',
    });
  }

  /** Places the file, after an eviction of others if a copy of it does not fit on the volume. */
  async #placeIntact(cached: string, target: string, info: ObjectInfo, how: 'link' | 'copy'): Promise<boolean> {
    try {
      return await placeIntact(cached, target, info, how);
    } catch (error) {
      if (codeOf(error) !== 'ENOSPC') throw error;
      await rm(target, { force: true });
      await makeRoom(this.#folder, info.size, { keep: cached });
      return placeIntact(cached, target, info, how);
    }
  }

  /** Waits for the lock that lets this job fetch the file; returns undefined when another job has fetched it. */
  async #lockUnlessIntact(cached: string, info: ObjectInfo): Promise<CacheLock | undefined> {
    const { stop } = this.#transfers;
    for (;;) {
      stop.throwIfAborted();
      if (await isIntact(cached, info)) return undefined;
      const lock = await tryLock(`${cached}.lock`);
      if (lock !== undefined) return lock;
      await delay(waitMs, undefined, { signal: stop });
    }
  }

  /** Fetches a file; if it is deleted or overwritten meanwhile, the caller detects that at its next check. */
  async #fill(source: S3Location, info: ObjectInfo, cached: string): Promise<void> {
    await this.#removeDrafts(cached);
    await removeUnused(this.#folder);
    await makeRoom(this.#folder, info.size);
    const draft = `${cached}.part-${randomUUID()}`;
    try {
      const object = await download(this.#transfers, source, draft);
      if (object?.etag !== info.etag) return;
      await chmod(draft, 0o444);
      await utimes(draft, new Date(), unmodified);
      await rename(draft, cached);
      this.#log.info('Fetched a reference into the cache.', { uri: formatS3Uri(source), bytes: object.size });
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** Draft that a killed downloader left; the lock guarantees that no other job is working on this file. */
  async #removeDrafts(cached: string): Promise<void> {
    const prefix = `${cached.slice(this.#folder.length + 1)}.part-`;
    for (const entry of await readdir(this.#folder))
      if (entry.startsWith(prefix)) await rm(join(this.#folder, entry), { force: true });
  }
}

function nameOf(source: S3Location, { etag }: ObjectInfo): string {
  return createHash('sha256')
    .update(`${formatS3Uri(source)}\n${etag}`)
    .digest('hex')
    .slice(0, 40);
}

/** Stages a file and records its use; returns false when it does not exist, or no longer does. */
async function placeIntact(cached: string, target: string, info: ObjectInfo, how: 'link' | 'copy'): Promise<boolean> {
  if (!(await isIntact(cached, info))) return false;
  try {
    if (how === 'copy') await copyOwn(cached, target);
    else await linkOrCopy(cached, target);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
  // Eviction uses this time; a file of another user can be used without updating it.
  await utimes(cached, new Date(), unmodified).catch(() => undefined);
  return true;
}

async function linkOrCopy(cached: string, target: string): Promise<void> {
  try {
    await link(cached, target);
  } catch (error) {
    // Some file systems have no hard links, or too few of them for one file.
    if (!['EPERM', 'ENOTSUP', 'EMLINK', 'EXDEV'].includes(codeOf(error))) throw error;
    await copyOwn(cached, target);
  }
}

async function copyOwn(cached: string, target: string): Promise<void> {
  await copyFile(cached, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await chmod(target, 0o444);
}

/**
 * Returns true if the cached file is unmodified. All jobs share one file, and root can write to it although it is
 * read-only; that changes its modification time.
 */
async function isIntact(cached: string, info: ObjectInfo): Promise<boolean> {
  const file = await stat(cached).catch(() => undefined);
  return file !== undefined && file.size === info.size && file.mtimeMs === unmodified.getTime();
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
