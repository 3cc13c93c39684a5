import { compareKeys } from './key-order.js';
import type { VersionRecord } from './records.js';
import { SortedKeys } from './sorted-keys.js';

/** The keys of one bucket in order, each with its versions, newest first. */
export class ObjectIndex {
  readonly #versions: Map<string, readonly VersionRecord[]>;
  readonly keys: SortedKeys;

  /** @param records every version in the bucket, in any order. */
  constructor(records: Iterable<VersionRecord> = []) {
    const versions = new Map<string, VersionRecord[]>();
    for (const record of records) {
      const known = versions.get(record.key);
      if (known === undefined) versions.set(record.key, [record]);
      else known.push(record);
    }
    for (const list of versions.values()) if (list.length > 1) list.sort((a, b) => b.sequence - a.sequence);
    this.#versions = versions;
    this.keys = new SortedKeys(versions.keys());
  }

  get isEmpty(): boolean {
    return this.#versions.size === 0;
  }

  /** All versions of a key, newest first; empty when there is none. */
  versions(key: string): readonly VersionRecord[] {
    return this.#versions.get(key) ?? [];
  }

  /** The version that a request without a version id gets. */
  current(key: string): VersionRecord | undefined {
    return this.#versions.get(key)?.[0];
  }

  version(key: string, versionId: string): VersionRecord | undefined {
    return this.#versions.get(key)?.find((record) => record.versionId === versionId);
  }

  /** Adds the newest version of its key; it replaces one with the same version id (`null`). */
  put(record: VersionRecord): void {
    const known = this.#versions.get(record.key);
    if (known === undefined) this.keys.add(record.key);
    const others = known?.filter((other) => other.versionId !== record.versionId) ?? [];
    this.#versions.set(record.key, [record, ...others]);
  }

  /** Replaces the record of the version that it describes. */
  replace(record: VersionRecord): void {
    const changed = this.versions(record.key).map((other) => (other.versionId === record.versionId ? record : other));
    this.#versions.set(record.key, changed);
  }

  remove(record: VersionRecord): void {
    const rest = this.versions(record.key).filter((other) => other.versionId !== record.versionId);
    if (rest.length > 0) {
      this.#versions.set(record.key, rest);
      return;
    }
    this.#versions.delete(record.key);
    this.keys.remove(record.key);
  }

  /** Every version of every key; keys in S3's order. */
  *all(): Generator<VersionRecord> {
    for (const key of [...this.#versions.keys()].sort(compareKeys)) yield* this.versions(key);
  }
}
