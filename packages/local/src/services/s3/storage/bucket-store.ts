import type { Journal, Table } from '../../../kernel/journal.js';
import { noSuchBucket } from '../errors.js';
import { compareKeys } from './key-order.js';
import type { BucketRecord } from './records.js';

/** The buckets of the engine's one account. */
export class BucketStore {
  readonly #table: Table<BucketRecord>;

  constructor(journal: Journal) {
    this.#table = journal.table<BucketRecord>('s3/buckets');
  }

  find(name: string): BucketRecord | undefined {
    return this.#table.get(name);
  }

  /** @throws S3Error `NoSuchBucket` */
  get(name: string): BucketRecord {
    const bucket = this.#table.get(name);
    if (bucket === undefined) throw noSuchBucket(name);
    return bucket;
  }

  /** By name, in S3's order. */
  list(): BucketRecord[] {
    return [...this.#table.values()].sort((a, b) => compareKeys(a.name, b.name));
  }

  save(bucket: BucketRecord): void {
    this.#table.set(bucket.name, bucket);
  }

  remove(name: string): void {
    this.#table.delete(name);
  }
}
