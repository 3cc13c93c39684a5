import { compareKeys } from './key-order.js';

const maximumChunk = 1024;

/**
 * The keys of a bucket in S3's order, always sorted: an array of short arrays, so that a put or a delete moves at most
 * a thousand entries however large the bucket is, and every lookup is a binary search.
 */
export class SortedKeys {
  #chunks: string[][] = [];

  /** @param keys in any order, without duplicates. */
  constructor(keys: Iterable<string> = []) {
    const sorted = [...keys].sort(compareKeys);
    for (let start = 0; start < sorted.length; start += maximumChunk / 2)
      this.#chunks.push(sorted.slice(start, start + maximumChunk / 2));
  }

  /** Adds a key that is not in the list yet. */
  add(key: string): void {
    const reached = (candidate: string) => compareKeys(candidate, key) > 0;
    const index = Math.min(this.#chunkOf(reached), Math.max(this.#chunks.length - 1, 0));
    const chunk = this.#chunks[index];
    if (chunk === undefined) {
      this.#chunks.push([key]);
      return;
    }
    chunk.splice(firstIndex(chunk, reached), 0, key);
    if (chunk.length > maximumChunk) this.#chunks.splice(index + 1, 0, chunk.splice(maximumChunk / 2));
  }

  remove(key: string): void {
    const reached = (candidate: string) => compareKeys(candidate, key) >= 0;
    const index = this.#chunkOf(reached);
    const chunk = this.#chunks[index];
    if (chunk === undefined) return;
    const position = firstIndex(chunk, reached);
    if (chunk[position] !== key) return;
    chunk.splice(position, 1);
    if (chunk.length === 0) this.#chunks.splice(index, 1);
  }

  /** The first key that equals `key` or comes after it. */
  atOrAfter(key: string): string | undefined {
    return this.#first((candidate) => compareKeys(candidate, key) >= 0);
  }

  /** The first key that comes after `key`. */
  after(key: string): string | undefined {
    return this.#first((candidate) => compareKeys(candidate, key) > 0);
  }

  /** The first key after all those that start with `prefix`. */
  afterPrefix(prefix: string): string | undefined {
    return this.#first((candidate) => !candidate.startsWith(prefix) && compareKeys(candidate, prefix) > 0);
  }

  /** `reached` must be false up to some key and true from there on. */
  #first(reached: (key: string) => boolean): string | undefined {
    const chunk = this.#chunks[this.#chunkOf(reached)];
    return chunk?.[firstIndex(chunk, reached)];
  }

  /** The first chunk whose last key satisfies `reached`. */
  #chunkOf(reached: (key: string) => boolean): number {
    return firstIndex(this.#chunks, (chunk) => reached(chunk[chunk.length - 1] ?? ''));
  }
}

function firstIndex<T>(items: readonly T[], reached: (item: T) => boolean): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    if (item !== undefined && reached(item)) high = middle;
    else low = middle + 1;
  }
  return low;
}
