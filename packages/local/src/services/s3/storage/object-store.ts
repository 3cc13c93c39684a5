import type { Journal, Table } from '../../../kernel/journal.js';
import type { BucketStore } from './bucket-store.js';
import { ObjectIndex } from './object-index.js';
import type { BucketRecord, DeleteMarker, ObjectVersion, Segment, VersionRecord } from './records.js';
import { newVersionId, nullVersion } from './version-id.js';

/** The caller's part of a new version; the store adds id and sequence. */
export type NewObject = Omit<ObjectVersion, 'kind' | 'bucket' | 'key' | 'versionId' | 'sequence' | 'modified'>;

/** Result of a deletion. */
export type Deletion =
  | { readonly kind: 'marker-created'; readonly marker: DeleteMarker; readonly replaced: VersionRecord | undefined }
  | { readonly kind: 'version-removed'; readonly version: VersionRecord; readonly sequence: number }
  | { readonly kind: 'nothing' };

/**
 * The index of all objects. Every change is one synchronous step on memory and journal, so conditions checked in the
 * same step stay true (nothing else runs in between); the caller makes it durable with `journal.flush()`.
 */
export class ObjectStore {
  readonly #table: Table<VersionRecord>;
  readonly #indexes = new Map<string, ObjectIndex>();
  readonly #buckets: BucketStore;
  #sequence = 0;

  constructor(journal: Journal, buckets: BucketStore) {
    this.#table = journal.table<VersionRecord>('s3/objects');
    this.#buckets = buckets;
    const grouped = new Map<string, VersionRecord[]>();
    for (const record of this.#table.values()) {
      this.#sequence = Math.max(this.#sequence, record.sequence);
      const list = grouped.get(record.bucket);
      if (list === undefined) grouped.set(record.bucket, [record]);
      else list.push(record);
    }
    for (const [bucket, records] of grouped) this.#indexes.set(bucket, new ObjectIndex(records));
  }

  /** The objects of a bucket. @throws S3Error `NoSuchBucket` */
  index(bucket: string): ObjectIndex {
    this.#buckets.get(bucket);
    let index = this.#indexes.get(bucket);
    if (index === undefined) {
      index = new ObjectIndex();
      this.#indexes.set(bucket, index);
    }
    return index;
  }

  /**
   * Records a new version and makes it current.
   *
   * @param guard receives the version that is current so far and throws when the write must not happen.
   * @returns the version, and the one that it replaced (the `null` version of a bucket without versioning).
   */
  put(
    bucket: BucketRecord,
    key: string,
    object: NewObject,
    guard: (current: VersionRecord | undefined) => void,
  ): { readonly version: ObjectVersion; readonly replaced: VersionRecord | undefined } {
    const index = this.index(bucket.name);
    guard(index.current(key));
    const version: ObjectVersion = { kind: 'object', ...this.#identity(bucket, key), ...object };
    const replaced = index.version(key, version.versionId);
    this.#save(version);
    index.put(version);
    return { version, replaced };
  }

  /** Changes the record of a version (its tags) without creating a new one. */
  update(version: ObjectVersion): void {
    this.#save(version);
    this.index(version.bucket).replace(version);
  }

  /**
   * Deletes as S3 does: a named version permanently; otherwise adds a delete marker with versioning, or deletes the
   * object.
   *
   * @param guard as for {@link put}, on the version to be deleted.
   */
  remove(
    bucket: BucketRecord,
    key: string,
    versionId: string | undefined,
    guard: (target: VersionRecord | undefined) => void,
  ): Deletion {
    const index = this.index(bucket.name);
    if (versionId !== undefined || bucket.versioning === undefined) {
      const version = index.version(key, versionId ?? nullVersion);
      guard(version);
      if (version === undefined) return { kind: 'nothing' };
      this.#table.delete(recordKey(version));
      index.remove(version);
      return { kind: 'version-removed', version, sequence: this.nextSequence() };
    }
    guard(index.current(key));
    const marker: DeleteMarker = { kind: 'delete-marker', ...this.#identity(bucket, key) };
    const replaced = index.version(key, marker.versionId);
    this.#save(marker);
    index.put(marker);
    return { kind: 'marker-created', marker, replaced };
  }

  /** Removes the index of a deleted, empty bucket. */
  forget(bucket: string): void {
    this.#indexes.delete(bucket);
  }

  /** The ids of all content referenced by objects. */
  *segments(): Generator<Segment> {
    for (const record of this.#table.values()) if (record.kind === 'object') yield* record.segments;
  }

  #save(record: VersionRecord): void {
    this.#table.set(recordKey(record), record);
  }

  #identity(bucket: BucketRecord, key: string) {
    return {
      bucket: bucket.name,
      key,
      versionId: bucket.versioning === 'Enabled' ? newVersionId(bucket.name, key) : nullVersion,
      sequence: this.nextSequence(),
      modified: Date.now(),
    };
  }

  /** Time with room for 4096 writes per millisecond; exact in a double until the year 2039, and never decreases. */
  nextSequence(): number {
    this.#sequence = Math.max(this.#sequence + 1, Date.now() * 4096);
    return this.#sequence;
  }
}

/** One journal key per version, so that replacing an object is one record and never half done. */
const recordKey = ({ bucket, versionId, key }: VersionRecord): string => `${bucket}/${versionId}/${key}`;
