import type { Journal, Table } from '../../../kernel/journal.js';
import { noSuchUpload } from '../errors.js';
import { compareKeys } from './key-order.js';
import type { Segment, UploadedPart, UploadRecord } from './records.js';

/** Multi-part uploads in progress. */
export class UploadStore {
  readonly #uploads: Table<UploadRecord>;
  readonly #partTable: Table<UploadedPart>;
  readonly #parts = new Map<string, Map<number, UploadedPart>>();

  constructor(journal: Journal) {
    this.#uploads = journal.table<UploadRecord>('s3/uploads');
    this.#partTable = journal.table<UploadedPart>('s3/parts');
    for (const upload of this.#uploads.values()) this.#parts.set(upload.uploadId, new Map());
    for (const part of this.#partTable.values()) this.#parts.get(part.uploadId)?.set(part.number, part);
  }

  /** @throws S3Error `NoSuchUpload` when there is none with that id for that key. */
  get(bucket: string, key: string, uploadId: string): UploadRecord {
    const upload = this.#uploads.get(uploadId);
    if (upload === undefined || upload.bucket !== bucket || upload.key !== key) throw noSuchUpload(uploadId);
    return upload;
  }

  has(uploadId: string): boolean {
    return this.#uploads.has(uploadId);
  }

  create(upload: UploadRecord): void {
    this.#uploads.set(upload.uploadId, upload);
    this.#parts.set(upload.uploadId, new Map());
  }

  /** Records a part; returns the replaced part with the same number, if any. */
  putPart(part: UploadedPart): UploadedPart | undefined {
    const parts = this.#parts.get(part.uploadId);
    const replaced = parts?.get(part.number);
    this.#partTable.set(partKey(part), part);
    parts?.set(part.number, part);
    return replaced;
  }

  part(uploadId: string, number: number): UploadedPart | undefined {
    return this.#parts.get(uploadId)?.get(number);
  }

  /** Sorted by number. */
  parts(uploadId: string): UploadedPart[] {
    return [...(this.#parts.get(uploadId)?.values() ?? [])].sort((a, b) => a.number - b.number);
  }

  /** The uploads of a bucket, sorted by key and then by start time. */
  inBucket(bucket: string): UploadRecord[] {
    return [...this.#uploads.values()]
      .filter((upload) => upload.bucket === bucket)
      .sort((a, b) => compareKeys(a.key, b.key) || a.initiated - b.initiated || compareKeys(a.uploadId, b.uploadId));
  }

  /** Remembers for the uploads of a key that its object was deleted, and left no delete marker. */
  keyDeleted(bucket: string, key: string): void {
    for (const [id, upload] of this.#uploads.entries())
      if (upload.bucket === bucket && upload.key === key) this.#uploads.set(id, { ...upload, keyDeleted: true });
  }

  /** Removes the upload; returns its parts, whose content now belongs to the caller. */
  remove(uploadId: string): UploadedPart[] {
    const parts = this.parts(uploadId);
    this.#uploads.delete(uploadId);
    for (const part of parts) this.#partTable.delete(partKey(part));
    this.#parts.delete(uploadId);
    return parts;
  }

  /** Removes uploads whose content already belongs to an object: they were completed when the engine was killed. */
  dropCompleted(owned: ReadonlySet<string>): void {
    for (const upload of [...this.#uploads.values()]) {
      const completed = this.parts(upload.uploadId).some(({ segments }) => segments.some(({ id }) => owned.has(id)));
      if (completed) this.remove(upload.uploadId);
    }
    for (const part of [...this.#partTable.values()])
      if (!this.#uploads.has(part.uploadId)) this.#partTable.delete(partKey(part));
  }

  *segments(): Generator<Segment> {
    for (const part of this.#partTable.values()) yield* part.segments;
  }
}

const partKey = ({ uploadId, number }: UploadedPart): string => `${uploadId}/${number}`;
