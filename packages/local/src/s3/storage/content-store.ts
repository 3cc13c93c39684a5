import { randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync } from 'node:fs';
import { link, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Segment } from './records.js';

/** Large enough that a 2 GB object costs few calls, small enough that a thousand readers stay cheap. */
const readBytes = 256 * 1024;

/**
 * The bytes of all objects: files that are written once under a random name and never changed. Names have nothing to do
 * with keys, so no key can lead out of the directory. A file is first written below `incoming`, then renamed, so what
 * has its final name is whole; what no record refers to is swept at the next start.
 */
export class ContentStore {
  readonly #incoming: string;
  readonly #contents: string;
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  /** @param directory the service's own directory; made when missing. */
  constructor(directory: string) {
    this.#incoming = join(directory, 'incoming');
    this.#contents = join(directory, 'contents');
    mkdirSync(this.#incoming, { recursive: true });
    for (let shard = 0; shard < 256; shard += 1)
      mkdirSync(join(this.#contents, shard.toString(16).padStart(2, '0')), { recursive: true });
  }

  /**
   * Writes a stream to disk, one chunk in memory at a time, and shows each chunk to `observe` (digests) while it is
   * being written. Empty content takes no file.
   */
  async write(source: AsyncIterable<Uint8Array>, observe: (chunk: Uint8Array) => void): Promise<readonly Segment[]> {
    const id = randomUUID();
    const temporary = join(this.#incoming, id);
    const file = await open(temporary, 'wx');
    let size = 0;
    try {
      try {
        for await (const chunk of source) {
          if (chunk.length === 0) continue;
          const written = writeAll(file, chunk);
          // Hashing runs while the kernel takes the bytes; a failure of either is seen by the await.
          try {
            observe(chunk);
          } finally {
            await written;
          }
          size += chunk.length;
        }
      } finally {
        await file.close();
      }
      if (size === 0) {
        await rm(temporary);
        return [];
      }
      await rename(temporary, this.#path(id));
      return [{ id, size }];
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  /**
   * The bytes from `start` to `end` (inclusive) of the segments in a row. The content stays readable until the stream
   * is closed, even when its object is deleted meanwhile.
   */
  read(segments: readonly Segment[], start: number, end: number): Readable {
    if (start > end) return Readable.from([]);
    const ranges: { path: string; start: number; end: number }[] = [];
    let offset = 0;
    for (const { id, size } of segments) {
      const from = Math.max(start - offset, 0);
      const to = Math.min(end - offset, size - 1);
      if (from <= to) ranges.push({ path: this.#path(id), start: from, end: to });
      offset += size;
    }
    this.#hold(segments);
    const [only] = ranges;
    const stream =
      ranges.length === 1 && only !== undefined
        ? createReadStream(only.path, { start: only.start, end: only.end, highWaterMark: readBytes })
        : Readable.from(chain(ranges), { objectMode: false, highWaterMark: readBytes });
    stream.once('close', () => this.#release(segments));
    return stream;
  }

  /** New names for the same bytes (hard links), so that copies cost no space and can be deleted on their own. */
  async share(segments: readonly Segment[]): Promise<readonly Segment[]> {
    this.#hold(segments);
    const shared: Segment[] = [];
    try {
      for (const { id, size } of segments) {
        const copy = randomUUID();
        await link(this.#path(id), this.#path(copy));
        shared.push({ id: copy, size });
      }
      return shared;
    } catch (error) {
      await this.remove(shared);
      throw error;
    } finally {
      this.#release(segments);
    }
  }

  /** Deletes content that no record refers to any more; what is being read goes when its last reader is done. */
  async remove(segments: readonly Segment[]): Promise<void> {
    for (const { id } of segments) {
      if (this.#readers.has(id)) this.#doomed.add(id);
      else await rm(this.#path(id), { force: true });
    }
  }

  /** Deletes what a killed engine left half written or no longer refers to. Call before anything is written. */
  async sweep(referenced: ReadonlySet<string>): Promise<number> {
    let removed = 0;
    for (const name of await readdir(this.#incoming)) {
      await rm(join(this.#incoming, name), { force: true });
      removed += 1;
    }
    for (const shard of await readdir(this.#contents)) {
      for (const id of await readdir(join(this.#contents, shard))) {
        if (referenced.has(id)) continue;
        await rm(join(this.#contents, shard, id), { force: true });
        removed += 1;
      }
    }
    return removed;
  }

  #path(id: string): string {
    return join(this.#contents, id.slice(0, 2), id);
  }

  #hold(segments: readonly Segment[]): void {
    for (const { id } of segments) this.#readers.set(id, (this.#readers.get(id) ?? 0) + 1);
  }

  #release(segments: readonly Segment[]): void {
    for (const { id } of segments) {
      const readers = (this.#readers.get(id) ?? 1) - 1;
      if (readers > 0) {
        this.#readers.set(id, readers);
        continue;
      }
      this.#readers.delete(id);
      // A file that cannot be deleted now is unreferenced and goes with the next start's sweep.
      if (this.#doomed.delete(id)) rm(this.#path(id), { force: true }).catch(() => undefined);
    }
  }
}

async function writeAll(file: { write(data: Uint8Array): Promise<{ bytesWritten: number }> }, chunk: Uint8Array) {
  let rest = chunk;
  while (rest.length > 0) {
    const { bytesWritten } = await file.write(rest);
    rest = rest.subarray(bytesWritten);
  }
}

async function* chain(ranges: readonly { path: string; start: number; end: number }[]): AsyncGenerator<Buffer> {
  for (const { path, start, end } of ranges) yield* createReadStream(path, { start, end, highWaterMark: readBytes });
}
