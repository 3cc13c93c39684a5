import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JobError } from './errors.js';

const chunkBytes = 256 * 1024;
/** Maximum size in memory; the rest goes to a temporary file. */
const defaultMemoryBytes = 16 * 1024 * 1024;

/** Consecutive entries: the bytes of all, and the end of each. */
interface Chunk {
  readonly bytes: Buffer;
  readonly ends: Uint32Array;
  readonly weights: Uint32Array;
}

/** A chunk in the temporary file. */
interface StoredChunk {
  readonly position: number;
  readonly bytes: number;
  readonly count: number;
}

/**
 * A list of byte strings, each with a weight, that can be read repeatedly; only a bounded part of it is in memory.
 *
 * @example
 * ```ts
 * const spool = new Spool();
 * spool.append(Buffer.from('"a"'), 5);
 * for (const cursor = spool.cursor(); cursor.next(); ) console.log(cursor.bytes.toString('utf8', cursor.start, cursor.end));
 * spool.dispose();
 * ```
 */
export class Spool {
  readonly #memoryBytes: number;
  readonly #chunks: (Chunk | StoredChunk)[] = [];
  #open: { bytes: Buffer; at: number; readonly ends: number[]; readonly weights: number[] } | undefined;
  #inMemory = 0;
  #file: { readonly descriptor: number; position: number } | undefined;
  #count = 0;
  #bytes = 0;

  /** @param memoryBytes maximum number of bytes in memory */
  constructor(memoryBytes = defaultMemoryBytes) {
    this.#memoryBytes = memoryBytes;
  }

  /** Number of entries. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of all entries. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws JobError `TooManyItems` when the temporary file system is full */
  append(entry: Uint8Array, weight: number): void {
    let open = this.#open;
    if (open !== undefined && open.at + entry.length > chunkBytes) {
      this.#seal();
      open = undefined;
    }
    open ??= { bytes: Buffer.allocUnsafeSlow(Math.max(4096, entry.length)), at: 0, ends: [], weights: [] };
    this.#open = open;
    if (open.at + entry.length > open.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(chunkBytes, 2 * (open.at + entry.length)));
      larger.set(open.bytes.subarray(0, open.at));
      open.bytes = larger;
    }
    open.bytes.set(entry, open.at);
    open.at += entry.length;
    open.ends.push(open.at);
    open.weights.push(weight);
    this.#count += 1;
    this.#bytes += entry.length;
  }

  /**
   * Reads the entries from the beginning. Nothing can be appended afterwards.
   *
   * @throws JobError `TooManyItems` like {@link append}
   */
  cursor(): SpoolCursor {
    this.#seal();
    return new SpoolCursor(this.#chunks.length, (index) => this.#load(index));
  }

  /** Frees the temporary file. */
  dispose(): void {
    if (this.#file !== undefined) closeSync(this.#file.descriptor);
    this.#file = undefined;
  }

  #seal(): void {
    if (this.#open === undefined) return;
    const { bytes, at, ends, weights } = this.#open;
    this.#open = undefined;
    const chunk: Chunk = {
      bytes: bytes.subarray(0, at),
      ends: Uint32Array.from(ends),
      weights: Uint32Array.from(weights),
    };
    if (this.#inMemory + bytes.length <= this.#memoryBytes) {
      this.#inMemory += bytes.length;
      this.#chunks.push(chunk);
    } else this.#chunks.push(this.#store(chunk));
  }

  #store({ bytes, ends, weights }: Chunk): StoredChunk {
    this.#file ??= { descriptor: anonymousFile(), position: 0 };
    const { descriptor, position } = this.#file;
    for (const part of [bytes, bytesOf(ends), bytesOf(weights)]) {
      let written = 0;
      while (written < part.length)
        written += this.#write(descriptor, part.subarray(written), this.#file.position + written);
      this.#file.position += written;
    }
    return { position, bytes: bytes.length, count: ends.length };
  }

  /** Lambda's `/tmp` holds 512 MB unless the function has more ("Ephemeral storage"). */
  #write(descriptor: number, bytes: Uint8Array, position: number): number {
    try {
      return writeSync(descriptor, bytes, 0, bytes.length, position);
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC')) throw cause;
      throw new JobError(
        'TooManyItems',
        `After ${this.#count} items (${Math.ceil(this.#bytes / 1e6)} MB) of one list the function's temporary disk is full.`,
        {
          hint: 'Scatter over a list of files that hold the items, or submit several jobs with a part of them each.',
          cause,
        },
      );
    }
  }

  #load(index: number): Chunk {
    const chunk = this.#chunks[index];
    if (chunk === undefined || this.#file === undefined || !('position' in chunk)) {
      if (chunk === undefined || 'position' in chunk) throw new RangeError('The spool was disposed of.');
      return chunk;
    }
    const { position, bytes: size, count } = chunk;
    const bytes = Buffer.allocUnsafeSlow(size);
    const ends = new Uint32Array(count);
    const weights = new Uint32Array(count);
    let from = position;
    for (const part of [bytes, bytesOf(ends), bytesOf(weights)]) from += fill(this.#file.descriptor, part, from);
    return { bytes, ends, weights };
  }
}

/**
 * Position of a reader in a {@link Spool}: fields instead of an object for each entry, because there may be millions.
 */
export class SpoolCursor {
  bytes: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  weight = 0;
  readonly #chunks: number;
  readonly #load: (index: number) => Chunk;
  #chunk = -1;
  #ends: Uint32Array = new Uint32Array(0);
  #weights: Uint32Array = new Uint32Array(0);
  #entry = 0;

  constructor(chunks: number, load: (index: number) => Chunk) {
    this.#chunks = chunks;
    this.#load = load;
  }

  /** Moves to the next entry; returns false at the end. */
  next(): boolean {
    while (this.#entry >= this.#ends.length) {
      this.#chunk += 1;
      if (this.#chunk >= this.#chunks) return false;
      const chunk = this.#load(this.#chunk);
      this.bytes = chunk.bytes;
      this.#ends = chunk.ends;
      this.#weights = chunk.weights;
      this.#entry = 0;
      this.end = 0;
    }
    this.start = this.end;
    this.end = this.#ends[this.#entry] ?? 0;
    this.weight = this.#weights[this.#entry] ?? 0;
    this.#entry += 1;
    return true;
  }
}

const bytesOf = (numbers: Uint32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

function fill(descriptor: number, target: Uint8Array, position: number): number {
  let read = 0;
  while (read < target.length) {
    const more = readSync(descriptor, target, read, target.length - read, position + read);
    if (more === 0) throw new RangeError('The temporary file is shorter than what was written to it.');
    read += more;
  }
  return read;
}

/** An unlinked file: it disappears when it is closed, even if the process crashes. */
function anonymousFile(): number {
  const folder = mkdtempSync(join(tmpdir(), 'bclaw-spool-'));
  const descriptor = openSync(join(folder, 'spool'), 'wx+');
  rmSync(folder, { recursive: true });
  return descriptor;
}
