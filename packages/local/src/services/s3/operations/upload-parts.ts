import type { S3Core } from '../core.js';
import { invalidArgument } from '../errors.js';
import { parseCopyRange } from '../ranges.js';
import { type Implementation, implement } from '../shapes/operation.js';
import { uploadPartCopyModel, uploadPartModel } from '../shapes/upload-shapes.js';
import type { UploadedPart, UploadRecord } from '../storage/records.js';
import { findCopySource } from './copy-source.js';
import { checksumMember, quoted, shownVersionId } from './describe.js';
import { type Expectations, type PartRule, receive } from './receive.js';

/** UploadPart and UploadPartCopy. */
export const partOperations = (core: S3Core): Implementation[] => [
  implement(uploadPartModel, async (input) => {
    const upload = findUpload(core, input);
    const part = await storePart(core, upload, input.PartNumber, input, checksumRule(upload));
    return {
      ETag: quoted(part.md5),
      ...checksumMember({ algorithm: upload.checksumAlgorithm, value: part.checksum }),
      ServerSideEncryption: upload.encryption ?? 'AES256',
    };
  }),

  implement(uploadPartCopyModel, async (input) => {
    const upload = findUpload(core, input);
    const { source, bucket } = findCopySource(core, input);
    const range = parseCopyRange(input.CopySourceRange, source.size) ?? { start: 0, end: source.size - 1 };
    const body = core.contents.read(source.segments, range.start, range.end);
    const part = await storePart(core, upload, input.PartNumber, { Body: body }, 'any');
    return {
      CopySourceVersionId: shownVersionId(bucket, source.versionId),
      ServerSideEncryption: upload.encryption ?? 'AES256',
      CopyPartResult: {
        ETag: quoted(part.md5),
        LastModified: new Date(part.modified),
        ...(upload.checksumRequested
          ? checksumMember({ algorithm: upload.checksumAlgorithm, value: part.checksum })
          : {}),
      },
    };
  }),
];

function findUpload(
  core: S3Core,
  input: { readonly Bucket: string; readonly Key: string; readonly UploadId: string; readonly PartNumber: number },
): UploadRecord {
  core.buckets.get(input.Bucket);
  const upload = core.uploads.get(input.Bucket, input.Key, input.UploadId);
  if (input.PartNumber < 1 || input.PartNumber > 10_000)
    throw invalidArgument(
      'partNumber',
      String(input.PartNumber),
      'Part number must be an integer between 1 and 10000, inclusive',
    );
  return upload;
}

/** An upload that was created without an algorithm accepts parts with any, or none. */
function checksumRule({ checksumRequested, checksumType }: UploadRecord): PartRule['brings'] {
  if (!checksumRequested) return 'any';
  return checksumType === 'COMPOSITE' ? 'this' : 'this-or-none';
}

async function storePart(
  core: S3Core,
  upload: UploadRecord,
  number: number,
  expectations: Expectations,
  brings: PartRule['brings'],
): Promise<UploadedPart> {
  const rule = { algorithm: upload.checksumAlgorithm, brings };
  const { segments, size, md5, checksum } = await receive(core, expectations, rule);
  const part: UploadedPart = {
    uploadId: upload.uploadId,
    number,
    size,
    md5: md5.toString('hex'),
    segments,
    checksum: checksum.value,
    modified: Date.now(),
  };
  try {
    // Completed or aborted while the bytes were received.
    core.uploads.get(upload.bucket, upload.key, upload.uploadId);
  } catch (error) {
    core.discard(segments);
    throw error;
  }
  const replaced = core.uploads.putPart(part);
  await core.context.journal.flush();
  if (replaced !== undefined) core.discard(replaced.segments);
  return part;
}
