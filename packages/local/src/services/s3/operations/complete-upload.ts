import { createHash } from 'node:crypto';
import type { Static } from 'typebox';
import { compositeChecksum, fullObjectChecksum } from '../checksums/algorithms.js';
import { writeGuard } from '../conditions.js';
import type { S3Core } from '../core.js';
import { conditionalRequestConflict, invalidRequest, malformedXml, noSuchUpload, S3Error } from '../errors.js';
import { type Implementation, implement } from '../shapes/operation.js';
import { completeMultipartUploadModel } from '../shapes/upload-shapes.js';
import type { StoredChecksum, UploadedPart, UploadRecord, VersionRecord } from '../storage/records.js';
import { commit } from './commit.js';
import { checksumMember, quoted, writtenVersionId } from './describe.js';
import { sentChecksum } from './receive.js';

/** Minimum size of every part except the last, in bytes. */
const minimumPartBytes = 5 * 1024 * 1024;

type Input = Static<typeof completeMultipartUploadModel.input>;
type NamedPart = NonNullable<NonNullable<Input['MultipartUpload']>['Parts']>[number];

/** CompleteMultipartUpload: the files of the parts become the segments of the object, without copying any bytes. */
export const completeUpload = (core: S3Core): Implementation =>
  implement(completeMultipartUploadModel, async (input, request) => {
    core.buckets.get(input.Bucket);
    const upload = core.uploads.get(input.Bucket, input.Key, input.UploadId);
    const parts = chooseParts(core, upload, input.MultipartUpload?.Parts ?? []);
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== size)
      throw invalidRequest(
        `The provided 'x-amz-mp-object-size' header value ${input.MpuObjectSize} does not match what was computed: ${size}`,
      );
    const checksum = checksumOf(upload, parts);
    checkSent(input, checksum);
    const segments = parts.flatMap((part) => part.segments);
    const write = writeGuard(input.Key, input);
    const version = await commit(
      core,
      {
        bucket: input.Bucket,
        key: input.Key,
        reason: 'CompleteMultipartUpload',
        guard: (current) => {
          if (!core.uploads.has(input.UploadId)) throw noSuchUpload(input.UploadId);
          write(current);
          refuseConflict(core.uploads.get(input.Bucket, input.Key, input.UploadId), input, current);
        },
        object: {
          segments,
          size,
          etag: etagOf(parts),
          checksum,
          parts: parts.map((part) => ({ number: part.number, size: part.size, checksum: part.checksum })),
          headers: upload.headers,
          metadata: upload.metadata,
          tags: upload.tags,
          storageClass: upload.storageClass,
          encryption: upload.encryption,
        },
      },
      request,
      () => discardUnused(core, input.UploadId, parts),
    );
    return {
      Location: `${core.context.endpoint}/${input.Bucket}/${encodeURIComponent(input.Key)}`,
      Bucket: input.Bucket,
      Key: input.Key,
      ETag: quoted(version.etag),
      ...checksumMember(version.checksum),
      ChecksumType: version.checksum?.type,
      VersionId: writtenVersionId(version.versionId),
      ServerSideEncryption: version.encryption ?? 'AES256',
    };
  });

/**
 * A conditional completion must see the object as it was when the upload began, even if its condition holds.
 *
 * @throws S3Error `ConditionalRequestConflict`
 */
function refuseConflict(upload: UploadRecord, { IfMatch, IfNoneMatch }: Input, current: VersionRecord | undefined) {
  const condition = IfMatch !== undefined ? 'If-Match' : IfNoneMatch !== undefined ? 'If-None-Match' : undefined;
  if (condition === undefined || upload.sequence === undefined) return;
  if (upload.keyDeleted === true || (current !== undefined && current.sequence > upload.sequence))
    throw conditionalRequestConflict(upload.key, condition);
}

/** Uploaded parts that the request does not list are deleted. */
function discardUnused(core: S3Core, uploadId: string, used: readonly UploadedPart[]): void {
  const kept = new Set(used);
  for (const part of core.uploads.remove(uploadId)) if (!kept.has(part)) core.discard(part.segments);
}

/** @throws S3Error `MalformedXML`, `InvalidPartOrder`, `InvalidRequest`, `InvalidPart`, `EntityTooSmall` */
function chooseParts(core: S3Core, upload: UploadRecord, named: readonly NamedPart[]): UploadedPart[] {
  if (named.length === 0) throw malformedXml('name at least one part');
  const chosen = named.map((wanted, index) => {
    if (index > 0 && wanted.PartNumber <= (named[index - 1]?.PartNumber ?? 0))
      throw new S3Error(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
      );
    const part = core.uploads.part(upload.uploadId, wanted.PartNumber);
    const checksum = sentChecksum(wanted);
    if (checksum === undefined && upload.checksumType === 'COMPOSITE')
      throw invalidRequest(
        `The upload was created using a ${upload.checksumAlgorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${wanted.PartNumber} in the request.`,
      );
    const differs =
      checksum !== undefined && checksum.algorithm === upload.checksumAlgorithm && checksum.value !== part?.checksum;
    if (part === undefined || wanted.ETag?.replaceAll('"', '') !== part.md5 || differs)
      throw new S3Error(
        'InvalidPart',
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
        { members: { UploadId: upload.uploadId, PartNumber: String(wanted.PartNumber), ETag: wanted.ETag } },
      );
    return part;
  });
  const small = chosen.slice(0, -1).find(({ size }) => size < minimumPartBytes);
  if (small !== undefined)
    throw new S3Error('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', {
      members: {
        ProposedSize: String(small.size),
        MinSizeAllowed: String(minimumPartBytes),
        PartNumber: String(small.number),
        ETag: small.md5,
      },
    });
  return chosen;
}

/** The MD5 of the parts' MD5s, with the number of parts. */
function etagOf(parts: readonly UploadedPart[]): string {
  const md5 = createHash('md5');
  for (const part of parts) md5.update(Buffer.from(part.md5, 'hex'));
  return `${md5.digest('hex')}-${parts.length}`;
}

function checksumOf(upload: UploadRecord, parts: readonly UploadedPart[]): StoredChecksum {
  const { checksumAlgorithm: algorithm, checksumType: type } = upload;
  if (type === 'FULL_OBJECT' && algorithm !== 'SHA1' && algorithm !== 'SHA256')
    return { algorithm, type, value: fullObjectChecksum(algorithm, parts) };
  return {
    algorithm,
    type,
    value: compositeChecksum(
      algorithm,
      parts.map(({ checksum }) => checksum),
    ),
  };
}

/** @throws S3Error `BadDigest`, `InvalidRequest` when the client expects a different checksum */
function checkSent(input: Input, checksum: StoredChecksum): void {
  if (input.ChecksumType !== undefined && input.ChecksumType !== checksum.type)
    throw invalidRequest(
      `The upload was created using the ${checksum.type} checksum mode. The complete request must use the same checksum mode.`,
    );
  const sent = sentChecksum(input);
  if (sent === undefined || sent.algorithm !== checksum.algorithm) return;
  // A composite checksum may be sent with or without the number of its parts.
  if (sent.value !== checksum.value && sent.value !== checksum.value.replace(/-\d+$/, ''))
    throw new S3Error('BadDigest', `The ${sent.algorithm} you specified did not match the calculated checksum.`);
}
