import { createHash, randomUUID } from 'node:crypto';
import { access, chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { formatS3Uri, type S3Location } from '@bclaw/spec';
import type { RunnerLog } from '../log.js';
import { download, type Transfers } from '../storage/download.js';
import { tryLock } from './cache-lock.js';

/** How often a job looks whether the one that downloads has finished. */
const waitMs = 100;

/** Below the scratch path, beside the workspaces. */
const referencesFolder = 'references';

/**
 * Reference files of all jobs on this host, by ETag: however many jobs ask at once, each version of a file is fetched
 * once. A file appears under its name only when it is whole.
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
   * The path of the file in the cache, fetched if need be.
   *
   * @returns undefined when there is no such object
   */
  async fetch(source: S3Location): Promise<string | undefined> {
    const info = await this.#transfers.store.head(source);
    if (info === undefined) return undefined;
    const name = createHash('sha256')
      .update(`${formatS3Uri(source)}\n${info.etag}`)
      .digest('hex')
      .slice(0, 40);
    const cached = join(this.#folder, name);
    if (await exists(cached)) return cached;
    await mkdir(this.#folder, { recursive: true });
    for (;;) {
      this.#transfers.stop.throwIfAborted();
      const lock = await tryLock(`${cached}.lock`);
      if (lock === undefined) {
        await delay(waitMs, undefined, { signal: this.#transfers.stop });
        if (await exists(cached)) return cached;
        continue;
      }
      try {
        if (await exists(cached)) return cached;
        return await this.#fill(source, info.etag, cached);
      } finally {
        await lock.release();
      }
    }
  }

  async #fill(source: S3Location, etag: string, cached: string): Promise<string | undefined> {
    await this.#removeDrafts(cached);
    const draft = `${cached}.part-${randomUUID()}`;
    try {
      const object = await download(this.#transfers, source, draft);
      if (object === undefined) return undefined;
      // Overwritten since it was looked up: what arrived belongs under the name of its own ETag.
      if (object.etag !== etag) return await this.fetch(source);
      await chmod(draft, 0o444);
      await rename(draft, cached);
      this.#log.info('Fetched a reference into the cache.', { uri: formatS3Uri(source), bytes: object.size });
      return cached;
    } finally {
      await rm(draft, { force: true });
    }
  }

  /** What a downloader left that was killed; the lock says that none is at work on this file. */
  async #removeDrafts(cached: string): Promise<void> {
    const prefix = `${cached.slice(this.#folder.length + 1)}.part-`;
    for (const entry of await readdir(this.#folder))
      if (entry.startsWith(prefix)) await rm(join(this.#folder, entry), { force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
