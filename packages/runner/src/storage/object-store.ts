import type { Readable } from 'node:stream';
import type { ObjectOrigin, S3Location } from '@bclaw/spec/run-time';
import type { LimitFunction } from 'p-limit';

/** One object of a listing. */
export interface ListedObject {
  readonly key: string;
  /** In bytes. */
  readonly size: number;
  readonly etag: string;
  readonly modified: Date;
}

/** A checksum of the whole object, in S3's format: base64. */
export interface Checksum {
  readonly algorithm: 'crc32' | 'sha1' | 'sha256';
  readonly value: string;
}

export interface ObjectInfo extends ObjectOrigin {
  readonly size: number;
  readonly etag: string;
  /** Absent when S3 has no checksum of the whole object that this program can compute. */
  readonly checksum?: Checksum;
}

/** An open object: the body must be consumed or destroyed. */
export interface OpenedObject extends ObjectInfo {
  readonly body: Readable;
}

/** The metadata to store with an object. */
export interface Attributes {
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface FileToUpload {
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

/** The limits that transfers share. */
export interface RequestLimits {
  /** Number of concurrent requests. */
  readonly limit: LimitFunction;
  readonly stop: AbortSignal;
}

/** The runner's interface to S3. A missing object is `undefined`; every other failure is an error with a hint. */
export interface ObjectStore {
  head(location: S3Location): Promise<ObjectInfo | undefined>;
  /** Reads an object, or the bytes `first`–`last` (inclusive) of exactly the version with this ETag. */
  open(
    location: S3Location,
    range?: { readonly first: number; readonly last: number; readonly etag: string },
  ): Promise<OpenedObject | undefined>;
  /** @param depth `folder`: without the objects of folders below the prefix; default: all */
  list(bucket: string, prefix: string, depth?: 'folder'): AsyncIterable<ListedObject>;
  /** Writes an object; S3 itself rejects bytes that arrive damaged. */
  put(location: S3Location, body: string | Uint8Array, attributes: Attributes): Promise<void>;
  /** Writes a file, a large one in parts. Its requests use the limits, so do not call it within them. */
  putFile(location: S3Location, file: FileToUpload, attributes: Attributes, limits: RequestLimits): Promise<void>;
}
