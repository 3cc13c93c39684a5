import type { Static } from 'typebox';
import { checkRead } from '../conditions.js';
import type { S3Core } from '../core.js';
import { invalidRequest, S3Error } from '../errors.js';
import { type ByteRange, parseRange } from '../ranges.js';
import { getObjectModel, headObjectModel } from '../shapes/object-shapes.js';
import { type Implementation, implement } from '../shapes/operation.js';
import type { ObjectVersion } from '../storage/records.js';
import { checkReadable } from '../storage-class.js';
import {
  checksumMember,
  defaultContentType,
  findVersion,
  quoted,
  shownStorageClass,
  shownVersionId,
} from './describe.js';

type ReadInput = Static<typeof headObjectModel.input>;

/** GetObject and HeadObject: the same output, with and without the content. */
export const readOperations = (core: S3Core): Implementation[] => [
  implement(getObjectModel, (input) => {
    const { version, range, description } = read(core, input);
    checkReadable(version);
    return { ...description, Body: core.contents.read(version.segments, range.start, range.end) };
  }),
  implement(headObjectModel, (input) => read(core, input).description),
];

function read(core: S3Core, input: ReadInput) {
  const version = findVersion(core, input);
  checkRead(version, input);
  if (input.PartNumber !== undefined && input.Range !== undefined)
    throw invalidRequest('Cannot specify both Range header and partNumber query parameter');
  const asked =
    input.PartNumber === undefined ? parseRange(input.Range, version.size) : partRange(version, input.PartNumber);
  const range = asked ?? { start: 0, end: version.size - 1 };
  const bucket = core.buckets.get(input.Bucket);
  const description = {
    ...version.headers,
    CacheControl: input.ResponseCacheControl ?? version.headers?.CacheControl,
    ContentDisposition: input.ResponseContentDisposition ?? version.headers?.ContentDisposition,
    ContentEncoding: input.ResponseContentEncoding ?? version.headers?.ContentEncoding,
    ContentLanguage: input.ResponseContentLanguage ?? version.headers?.ContentLanguage,
    ContentType: input.ResponseContentType ?? version.headers?.ContentType ?? defaultContentType,
    Expires: input.ResponseExpires ?? version.headers?.Expires,
    Metadata: version.metadata === undefined ? {} : { ...version.metadata },
    StorageClass: shownStorageClass(version.storageClass),
    ServerSideEncryption: version.encryption ?? 'AES256',
    ...shownChecksum(version, input, asked),
    VersionId: shownVersionId(bucket, version.versionId),
    AcceptRanges: 'bytes',
    ContentLength: range.end - range.start + 1,
    ContentRange:
      asked === undefined || version.size === 0 ? undefined : `bytes ${range.start}-${range.end}/${version.size}`,
    ETag: quoted(version.etag),
    LastModified: new Date(version.modified),
    PartsCount: input.PartNumber === undefined ? undefined : version.parts?.length,
    TagCount: version.tags === undefined ? undefined : Object.keys(version.tags).length || undefined,
  };
  return { version, range, description };
}

/** Checksums belong to the whole object, or to a part that is read by its number; a range has none. */
function shownChecksum(version: ObjectVersion, input: ReadInput, asked: ByteRange | undefined) {
  const { checksum } = version;
  if (input.ChecksumMode?.toUpperCase() !== 'ENABLED' || checksum === undefined) return {};
  if (input.PartNumber !== undefined && version.parts !== undefined) {
    const value = version.parts[input.PartNumber - 1]?.checksum;
    return value === undefined
      ? {}
      : { ...checksumMember({ algorithm: checksum.algorithm, value }), ChecksumType: checksum.type };
  }
  if (asked !== undefined && asked.end - asked.start + 1 !== version.size) return {};
  return { ...checksumMember(checksum), ChecksumType: checksum.type };
}

function partRange(version: ObjectVersion, number: number): ByteRange {
  const parts = version.parts ?? [{ number: 1, size: version.size }];
  const part = parts[number - 1];
  if (part === undefined)
    throw new S3Error('InvalidPartNumber', 'The requested partnumber is not satisfiable', {
      status: 416,
      members: { PartNumberRequested: String(number), ActualPartCount: String(parts.length) },
    });
  const start = parts.slice(0, number - 1).reduce((sum, { size }) => sum + size, 0);
  return { start, end: start + part.size - 1 };
}
