import type { ChecksumAlgorithm } from '../checksums/algorithms.js';

/** A checksum in S3's form: of the whole content, or of its parts' checksums (`COMPOSITE`, with the suffix `-N`). */
export interface StoredChecksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64, for a composite one followed by `-` and the number of parts. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** A segment of an object's content: one file of the content store. */
export interface Segment {
  readonly id: string;
  /** Bytes. */
  readonly size: number;
}

/** A part of a multi-part object, in the shape of GetObjectAttributes. */
interface PartRecord {
  readonly number: number;
  /** Bytes. */
  readonly size: number;
  /** Base64 checksum in the object's own algorithm. */
  readonly checksum?: string | undefined;
}

/** Headers that S3 stores with an object and returns unchanged. */
export interface ContentHeaders {
  readonly CacheControl?: string | undefined;
  readonly ContentDisposition?: string | undefined;
  readonly ContentEncoding?: string | undefined;
  readonly ContentLanguage?: string | undefined;
  readonly ContentType?: string | undefined;
  readonly Expires?: string | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
}

export type Tags = Readonly<Record<string, string>>;

interface VersionIdentity {
  readonly bucket: string;
  readonly key: string;
  /** `null` for versions written while the bucket had no versioning. */
  readonly versionId: string;
  /** Increases with every write of this engine: the newest version of a key has the largest sequence. */
  readonly sequence: number;
  /** Milliseconds since 1970; S3 uses whole seconds in headers. */
  readonly modified: number;
}

export interface ObjectVersion extends VersionIdentity {
  readonly kind: 'object';
  readonly size: number;
  /** Without quotation marks. */
  readonly etag: string;
  readonly segments: readonly Segment[];
  readonly parts?: readonly PartRecord[] | undefined;
  readonly checksum?: StoredChecksum | undefined;
  readonly headers?: ContentHeaders | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly tags?: Tags | undefined;
  readonly storageClass?: string | undefined;
  readonly encryption?: string | undefined;
}

export interface DeleteMarker extends VersionIdentity {
  readonly kind: 'delete-marker';
}

/** One version of one key, as stored in the journal. */
export type VersionRecord = ObjectVersion | DeleteMarker;

export interface BucketRecord {
  readonly name: string;
  readonly region: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly versioning?: 'Enabled' | 'Suspended' | undefined;
  /** True if the bucket's events go to EventBridge. */
  readonly eventBridge?: boolean | undefined;
  /** Configurations that are stored and returned, under the member names of the operations that set them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export interface UploadRecord {
  readonly uploadId: string;
  readonly bucket: string;
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly initiated: number;
  readonly checksumAlgorithm: ChecksumAlgorithm;
  readonly checksumType: StoredChecksum['type'];
  /** True if the client chose the algorithm; otherwise S3 computes CRC64NVME by default. */
  readonly checksumRequested: boolean;
  readonly headers?: ContentHeaders | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly tags?: Tags | undefined;
  readonly storageClass?: string | undefined;
  readonly encryption?: string | undefined;
  /** Its place among the versions of all objects: a version with a greater one was written after the upload began. */
  readonly sequence?: number;
  /** True once an object with its key was deleted without a trace, after the upload began. */
  readonly keyDeleted?: boolean;
}

export interface UploadedPart {
  readonly uploadId: string;
  readonly number: number;
  readonly size: number;
  /** MD5, hexadecimal: the part's ETag. */
  readonly md5: string;
  readonly segments: readonly Segment[];
  readonly checksum: string;
  readonly modified: number;
}
