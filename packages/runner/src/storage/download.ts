import { createWriteStream } from 'node:fs';
import { chmod, open, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { BclawError, formatS3Uri, type S3Location } from '@bclaw/spec/run-time';
import { checksumOfFile } from './checksum.js';
import { diskFull, isDiskFull } from './disk-full.js';
import type { ObjectInfo, ObjectStore, RequestLimits } from './object-store.js';
import { isTransient, pauseAfter } from './transient.js';

/** Larger objects are fetched in ranges of this size, several at once. */
const rangeBytes = 16 * 1024 * 1024;
const rangedAboveBytes = 2 * rangeBytes;

/** Number of attempts: the SDK cannot retry when a connection breaks in the middle of a body. */
const attempts = 4;

/** The resources that all transfers of a job share. */
export interface Transfers extends RequestLimits {
  readonly store: ObjectStore;
}

/**
 * Downloads an object to a file and verifies it: its size, and its checksum if S3 has one (the SDK checks small objects
 * as they arrive).
 *
 * @returns undefined when the object does not exist; then there is no file either
 * @throws BclawError when the object cannot be fetched completely
 */
export async function download(
  transfers: Transfers,
  location: S3Location,
  path: string,
): Promise<ObjectInfo | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    transfers.stop.throwIfAborted();
    try {
      return await downloadOnce(transfers, location, path);
    } catch (error) {
      transfers.stop.throwIfAborted();
      if (attempt === attempts || !mayBeRepeated(error)) throw readable(error, location);
      await rm(path, { force: true });
      await pauseAfter(attempt, transfers.stop);
    }
  }
}

async function downloadOnce(
  { store, limit, stop }: Transfers,
  location: S3Location,
  path: string,
): Promise<ObjectInfo | undefined> {
  // One request is enough for a small object; for a large one it only returns the size.
  const object = await limit(async () => {
    const opened = await store.open(location);
    if (opened === undefined) return undefined;
    const { body, ...info } = opened;
    if (info.size > rangedAboveBytes) body.destroy();
    else await pipeline(body, createWriteStream(path), { signal: stop });
    return info;
  });
  if (object === undefined) return undefined;
  if (object.size > rangedAboveBytes) await downloadRanges({ store, limit, stop }, location, path, object);
  const { size } = await stat(path);
  if (size !== object.size) throw new IncompleteDownload(location, object.size, size);
  // Set explicitly, not left to this process's umask: the commands may run as another user.
  await chmod(path, 0o644);
  return object;
}

async function downloadRanges(
  { store, limit, stop }: Transfers,
  location: S3Location,
  path: string,
  object: ObjectInfo,
): Promise<void> {
  const file = await open(path, 'w');
  await file.truncate(object.size);
  await file.close();
  const failed = new AbortController();
  const either = AbortSignal.any([stop, failed.signal]);
  const ranges = Array.from({ length: Math.ceil(object.size / rangeBytes) }, (_, index) => index * rangeBytes);
  await Promise.allSettled(
    ranges.map((first) =>
      limit(async () => {
        if (either.aborted) return;
        const last = Math.min(first + rangeBytes, object.size) - 1;
        try {
          const opened = await store.open(location, { first, last, etag: object.etag });
          if (opened === undefined) throw new IncompleteDownload(location, object.size, 0);
          await pipeline(opened.body, createWriteStream(path, { flags: 'r+', start: first }), { signal: either });
        } catch (error) {
          // The others end as aborted, in any order; the first error has the reason.
          failed.abort(error);
        }
      }),
    ),
  );
  either.throwIfAborted();
  if (object.checksum !== undefined) {
    const actual = await checksumOfFile(path, object.checksum.algorithm);
    if (actual !== object.checksum.value)
      throw new BclawError(
        'damaged-download',
        `${formatS3Uri(location)} arrived with another ${object.checksum.algorithm} checksum than S3 keeps.`,
      );
  }
}

class IncompleteDownload extends BclawError {
  constructor(location: S3Location, expected: number, actual: number) {
    super('incomplete-download', `Of ${formatS3Uri(location)} arrived ${actual} of ${expected} bytes.`);
  }
}

const repeatable = new Set(['incomplete-download', 'damaged-download', 'object-changed']);

function mayBeRepeated(error: unknown): boolean {
  return error instanceof BclawError ? repeatable.has(error.code) : isTransient(error);
}

function readable(error: unknown, location: S3Location): unknown {
  if (error instanceof BclawError || !(error instanceof Error)) return error;
  const uri = formatS3Uri(location);
  if (isDiskFull(error)) return diskFull(error, uri);
  return new BclawError('storage-failed', `${uri} could not be fetched: ${error.message}.`, { cause: error });
}
