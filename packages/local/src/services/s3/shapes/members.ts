import { Type } from 'typebox';
import { flag, header, integer, label, text, time } from './traits.js';

/** Members shared by many operations. */
export const bucketLabel = { Bucket: label('bucket') };
export const objectLabels = { Bucket: label('bucket'), Key: label('key') };

/** Content of an object in a request: from a caller inside the engine, or from the wire. */
export type Body = string | Uint8Array | AsyncIterable<Uint8Array>;

export const bodyMember = { Body: Type.Optional(Type.Unsafe<Body>({ payload: 'stream' })) };

/** Settings that a client stores with an object and gets back when reading it. */
export const contentHeaders = {
  CacheControl: header('cache-control'),
  ContentDisposition: header('content-disposition'),
  ContentEncoding: header('content-encoding'),
  ContentLanguage: header('content-language'),
  ContentType: header('content-type'),
  Expires: Type.Optional(Type.Unsafe<string | Date>({ header: 'expires' })),
  WebsiteRedirectLocation: header('x-amz-website-redirect-location'),
  StorageClass: header('x-amz-storage-class'),
  ServerSideEncryption: header('x-amz-server-side-encryption'),
  Metadata: Type.Optional(Type.Record(Type.String(), Type.String(), { headerPrefix: 'x-amz-meta-' })),
};

export const taggingHeader = { Tagging: header('x-amz-tagging') };

/** Checksums as headers of a request or response. */
export const checksumHeaders = {
  ChecksumCRC32: header('x-amz-checksum-crc32'),
  ChecksumCRC32C: header('x-amz-checksum-crc32c'),
  ChecksumCRC64NVME: header('x-amz-checksum-crc64nvme'),
  ChecksumSHA1: header('x-amz-checksum-sha1'),
  ChecksumSHA256: header('x-amz-checksum-sha256'),
};

/** Checksums as elements. */
export const checksumElements = {
  ChecksumCRC32: text(),
  ChecksumCRC32C: text(),
  ChecksumCRC64NVME: text(),
  ChecksumSHA1: text(),
  ChecksumSHA256: text(),
};

/** The checksum that an upload sends, at the start or at the end of its body. */
export const checksumRequest = {
  ...checksumHeaders,
  ContentMD5: header('content-md5'),
  ChecksumAlgorithm: header('x-amz-sdk-checksum-algorithm'),
};

export const versionHeader = { VersionId: header('x-amz-version-id') };
export const checksumType = { ChecksumType: header('x-amz-checksum-type') };

/** Conditions on reading. */
export const readConditions = {
  IfMatch: header('if-match'),
  IfNoneMatch: header('if-none-match'),
  IfModifiedSince: time({ header: 'if-modified-since' }),
  IfUnmodifiedSince: time({ header: 'if-unmodified-since' }),
};

/** Conditions on writing. */
export const writeConditions = { IfMatch: header('if-match'), IfNoneMatch: header('if-none-match') };

/** The source of a copy, and its conditions. */
export const copySource = {
  CopySource: Type.String({ header: 'x-amz-copy-source' }),
  CopySourceIfMatch: header('x-amz-copy-source-if-match'),
  CopySourceIfNoneMatch: header('x-amz-copy-source-if-none-match'),
  CopySourceIfModifiedSince: time({ header: 'x-amz-copy-source-if-modified-since' }),
  CopySourceIfUnmodifiedSince: time({ header: 'x-amz-copy-source-if-unmodified-since' }),
};

export const owner = Type.Object({ DisplayName: text(), ID: text() });
export const tag = Type.Object({ Key: Type.String(), Value: Type.String() });

/** Attributes returned when reading an object. */
export const objectDescription = {
  ...contentHeaders,
  ...checksumHeaders,
  ...checksumType,
  ...versionHeader,
  AcceptRanges: header('accept-ranges'),
  ContentLength: integer({ header: 'content-length' }),
  ContentRange: header('content-range'),
  DeleteMarker: flag({ header: 'x-amz-delete-marker' }),
  ETag: header('etag'),
  LastModified: time({ header: 'last-modified' }),
  PartsCount: integer({ header: 'x-amz-mp-parts-count' }),
  TagCount: integer({ header: 'x-amz-tagging-count' }),
};
