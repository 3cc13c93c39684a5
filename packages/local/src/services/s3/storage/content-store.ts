import { randomUUID } from 'node:crypto';
import { closeSync, createReadStream, mkdirSync, openSync, readSync } from 'node:fs';
import { link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Collected, smallBytes, writeContent } from './content-writer.js';
import type { Segment } from './records.js';

/** Large enough that a 2 GB object needs few calls, small enough that a thousand readers stay cheap. */
const readBytes = 256 * 1024;

interface FileRange {
  readonly path: string;
  readonly start: number;
  readonly end: number;
}

/**
 * The bytes of all objects: files that are written once under a random name and never changed. Names are independent of
 * keys, so no key can lead out of the directory. A file is first written below `incoming`, then renamed, so a file with
 * its final name is complete; files that no record refers to are swept at the next start.
 */
export class ContentStore {
  readonly #durable: boolean;
  readonly #incoming: string;
  readonly #contents: string;
  /** Directory for content that a damaged journal no longer names. */
  readonly lost: string;
  readonly #collected = new Collected();
  readonly #readers = new Map<string, number>();
  readonly #doomed = new Set<string>();

  /**
   * @param directory the service's own directory; created if missing
   * @param durable true to wait until content is on disk (`fsync`) before it gets its name
   */
  constructor(directory: string, durable = false) {
    this.#durable = durable;
    this.#incoming = join(directory, 'incoming');
    this.#contents = join(directory, 'contents');
    this.lost = join(directory, 'lost');
    mkdirSync(this.#incoming, { recursive: true, mode: 0o700 });
    for (const shard of '0123456789abcdef') mkdirSync(join(this.#contents, shard), { recursive: true, mode: 0o700 });
  }

  /**
   * Writes a stream to disk, with only a small window of it in memory, and passes each chunk to `observe` (digests).
   * Empty content has no file.
   */
  async write(source: AsyncIterable<Uint8Array>, observe: (chunk: Uint8Array) => void): Promise<readonly Segment[]> {
    const id = randomUUID();
    const paths = {
      temporary: join(this.#incoming, id),
      final: this.#path(id),
      durable: this.#durable,
      collected: this.#collected,
    };
    const size = await writeContent(source, paths, observe);
    return size === 0 ? [] : [{ id, size }];
  }

  /**
   * The bytes from `start` to `end` (inclusive) of the concatenated segments. The content stays readable until the
   * stream is closed, even if its object is deleted in the meantime.
   */
  read(segments: readonly Segment[], start: number, end: number): Readable {
    if (start > end) return Readable.from([]);
    const ranges: FileRange[] = [];
    let offset = 0;
    for (const { id, size } of segments) {
      const from = Math.max(start - offset, 0);
      const to = Math.min(end - offset, size - 1);
      if (from <= to) ranges.push({ path: this.#path(id), start: from, end: to });
      offset += size;
    }
    const [only] = ranges;
    if (ranges.length === 1 && only !== undefined && end - start < smallBytes) return Readable.from([readSmall(only)]);
    this.#hold(segments);
    const stream =
      ranges.length === 1 && only !== undefined
        ? createReadStream(only.path, { start: only.start, end: only.end, highWaterMark: readBytes })
        : Readable.from(chain(ranges), { objectMode: false, highWaterMark: readBytes });
    stream.once('close', () => this.#release(segments));
    return stream;
  }

  /** New names for the same bytes (hard links), so that copies take no space and can be deleted independently. */
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

  /** Deletes content that no record refers to; content that is being read is deleted after its last reader. */
  async remove(segments: readonly Segment[]): Promise<void> {
    for (const { id } of segments) {
      if (this.#readers.has(id)) this.#doomed.add(id);
      else await rm(this.#path(id), { force: true });
    }
  }

  /** Moves unreferenced content out of the sweep's way, as the records may be wrong. */
  async setAside(referenced: ReadonlySet<string>): Promise<number> {
    let kept = 0;
    for (const shard of await readdir(this.#contents))
      for (const id of await readdir(join(this.#contents, shard))) {
        if (referenced.has(id)) continue;
        await mkdir(this.lost, { recursive: true, mode: 0o700 });
        await rename(join(this.#contents, shard, id), join(this.lost, id));
        kept += 1;
      }
    return kept;
  }

  /** Deletes the half-written or unreferenced files of a killed engine. Call before anything is written. */
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
    return join(this.#contents, id.slice(0, 1), id);
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
      // A file that cannot be deleted now is unreferenced, so the next start's sweep deletes it.
      if (this.#doomed.delete(id)) rm(this.#path(id), { force: true }).catch(() => undefined);
    }
  }
}

/** A range of one file, read synchronously. */
function readSmall({ path, start, end }: FileRange): Buffer {
  const content = Buffer.allocUnsafe(end - start + 1);
  const file = openSync(path, 'r');
  try {
    const read = readSync(file, content, 0, content.length, start);
    if (read < content.length) throw new Error(`${path} is shorter than its record says`);
    return content;
  } finally {
    closeSync(file);
  }
}

async function* chain(ranges: readonly FileRange[]): AsyncGenerator<Buffer> {
  for (const { path, start, end } of ranges) yield* createReadStream(path, { start, end, highWaterMark: readBytes });
}
