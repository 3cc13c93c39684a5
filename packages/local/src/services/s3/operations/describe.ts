import type { ChecksumAlgorithm } from '../checksums/algorithms.js';
import type { S3Core } from '../core.js';
import { invalidVersionId, methodNotAllowed, noSuchKey, noSuchVersion } from '../errors.js';
import { httpDate } from '../http/http-date.js';
import type { BucketRecord, ContentHeaders, ObjectVersion, StoredChecksum, VersionRecord } from '../storage/records.js';
import { nullVersion, wasVersionId } from '../storage/version-id.js';

/** The members of an input that S3 stores with an object; undefined when there are none. */
export function storedHeaders(input: {
  readonly CacheControl?: string;
  readonly ContentDisposition?: string;
  readonly ContentEncoding?: string;
  readonly ContentLanguage?: string;
  readonly ContentType?: string;
  readonly Expires?: string | Date;
  readonly WebsiteRedirectLocation?: string;
}): ContentHeaders | undefined {
  const headers: ContentHeaders = {
    CacheControl: input.CacheControl,
    ContentDisposition: input.ContentDisposition,
    ContentEncoding: withoutAwsChunked(input.ContentEncoding),
    ContentLanguage: input.ContentLanguage,
    ContentType: input.ContentType,
    Expires: input.Expires instanceof Date ? httpDate(input.Expires.getTime()) : input.Expires,
    WebsiteRedirectLocation: input.WebsiteRedirectLocation,
  };
  return Object.values(headers).some((value) => value !== undefined) ? headers : undefined;
}

/** S3's default content type. */
export const defaultContentType = 'binary/octet-stream';

/** `aws-chunked` describes the request, not the object. */
function withoutAwsChunked(encoding: string | undefined): string | undefined {
  const kept = encoding
    ?.split(',')
    .map((part) => part.trim())
    .filter((part) => part !== 'aws-chunked' && part !== '');
  return kept === undefined || kept.length === 0 ? undefined : kept.join(',');
}

/**
 * The version that a request refers to.
 *
 * @param method - the request's method, which a delete marker refuses
 * @throws S3Error `NoSuchKey`, `NoSuchVersion`, `InvalidArgument`, `MethodNotAllowed`
 */
export function findVersion(
  core: S3Core,
  input: { readonly Bucket: string; readonly Key: string; readonly VersionId?: string },
  method = 'GET',
): ObjectVersion {
  const index = core.objects.index(input.Bucket);
  if (input.VersionId === undefined) {
    const current = index.current(input.Key);
    if (current === undefined) throw noSuchKey(input.Key);
    if (current.kind === 'delete-marker') throw noSuchKey(input.Key, markerHeaders(current));
    return current;
  }
  const version = index.version(input.Key, input.VersionId);
  if (version === undefined && !wasVersionId(input.Bucket, input.Key, input.VersionId))
    throw invalidVersionId(input.VersionId);
  if (version === undefined) throw noSuchVersion(input.Key, input.VersionId);
  if (version.kind === 'delete-marker')
    throw methodNotAllowed(method, 'DeleteMarker', {
      ...markerHeaders(version),
      allow: 'DELETE',
      'last-modified': httpDate(version.modified),
    });
  return version;
}

const markerHeaders = (marker: VersionRecord): Readonly<Record<string, string>> => ({
  'x-amz-delete-marker': 'true',
  'x-amz-version-id': marker.versionId,
});

/** The version id of what was written: none for the `null` version, even with suspended versioning. */
export const writtenVersionId = (versionId: string): string | undefined =>
  versionId === nullVersion ? undefined : versionId;

/** The version id of what was read or deleted: none if the bucket never had versioning. */
export const shownVersionId = (bucket: BucketRecord, versionId: string): string | undefined =>
  bucket.versioning === undefined ? undefined : versionId;

/** A checksum in the member for its algorithm. */
export function checksumMember(checksum: Pick<StoredChecksum, 'algorithm' | 'value'> | undefined) {
  const member = (algorithm: ChecksumAlgorithm) => (checksum?.algorithm === algorithm ? checksum.value : undefined);
  return {
    ChecksumCRC32: member('CRC32'),
    ChecksumCRC32C: member('CRC32C'),
    ChecksumCRC64NVME: member('CRC64NVME'),
    ChecksumSHA1: member('SHA1'),
    ChecksumSHA256: member('SHA256'),
  };
}

export const quoted = (etag: string): string => `"${etag}"`;

/** S3 omits the storage class from headers when it is the standard one. */
export const shownStorageClass = (storageClass: string | undefined): string | undefined =>
  storageClass === 'STANDARD' ? undefined : storageClass;
