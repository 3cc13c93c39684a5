import { randomBytes } from 'node:crypto';
import { type ChecksumAlgorithm, defaultAlgorithm } from '../checksums/algorithms.js';
import { type S3Core, uploadOwnerOf } from '../core.js';
import { invalidArgument, invalidRequest } from '../errors.js';
import { checkKey } from '../names.js';
import { type Implementation, implement } from '../shapes/operation.js';
import { abortMultipartUploadModel, createMultipartUploadModel, listPartsModel } from '../shapes/upload-shapes.js';
import type { StoredChecksum } from '../storage/records.js';
import { checkStorageClass } from '../storage-class.js';
import { parseTaggingHeader } from '../tags.js';
import { checksumMember, quoted, storedHeaders } from './describe.js';
import { pageSize } from './page-size.js';
import { namedAlgorithm } from './receive.js';

/** Creating, aborting and listing multi-part uploads; parts and completion are elsewhere. */
export const uploadOperations = (core: S3Core): Implementation[] => [
  implement(createMultipartUploadModel, async (input) => {
    checkKey(input.Key);
    checkStorageClass(input.StorageClass);
    core.buckets.get(input.Bucket);
    const requested = namedAlgorithm(input.ChecksumAlgorithm);
    const upload = {
      uploadId: randomBytes(48).toString('base64url').replaceAll('-', '.'),
      bucket: input.Bucket,
      key: input.Key,
      initiated: Date.now(),
      checksumAlgorithm: requested ?? defaultAlgorithm,
      checksumType: checksumTypeOf(requested ?? defaultAlgorithm, input.ChecksumType),
      checksumRequested: requested !== undefined,
      headers: storedHeaders(input),
      metadata: input.Metadata,
      tags: parseTaggingHeader(input.Tagging),
      storageClass: input.StorageClass,
      encryption: input.ServerSideEncryption,
      sequence: core.objects.nextSequence(),
    };
    core.uploads.create(upload);
    await core.context.journal.flush();
    return {
      Bucket: input.Bucket,
      Key: input.Key,
      UploadId: upload.uploadId,
      ServerSideEncryption: upload.encryption ?? 'AES256',
      ChecksumAlgorithm: requested,
      ChecksumType: requested === undefined ? undefined : upload.checksumType,
    };
  }),

  implement(abortMultipartUploadModel, async (input) => {
    core.buckets.get(input.Bucket);
    core.uploads.get(input.Bucket, input.Key, input.UploadId);
    const parts = core.uploads.remove(input.UploadId);
    await core.context.journal.flush();
    for (const { segments } of parts) core.discard(segments);
    return {};
  }),

  implement(listPartsModel, (input) => {
    core.buckets.get(input.Bucket);
    const upload = core.uploads.get(input.Bucket, input.Key, input.UploadId);
    const marker = Number(input.PartNumberMarker ?? 0);
    if (!Number.isInteger(marker))
      throw invalidArgument(
        'part-number-marker',
        String(input.PartNumberMarker),
        'part-number-marker must be an integer.',
      );
    const maxParts = pageSize('max-parts', input.MaxParts);
    const rest = core.uploads.parts(input.UploadId).filter(({ number }) => number > marker);
    const page = rest.slice(0, maxParts);
    return {
      Bucket: input.Bucket,
      Key: input.Key,
      UploadId: input.UploadId,
      PartNumberMarker: String(marker),
      NextPartNumberMarker: String(page.at(-1)?.number ?? marker),
      MaxParts: maxParts,
      IsTruncated: rest.length > page.length,
      Parts: page.map(({ number, size, md5, checksum, modified }) => ({
        PartNumber: number,
        LastModified: new Date(modified),
        ETag: quoted(md5),
        Size: size,
        ...(upload.checksumRequested ? checksumMember({ algorithm: upload.checksumAlgorithm, value: checksum }) : {}),
      })),
      Initiator: uploadOwnerOf(core),
      Owner: uploadOwnerOf(core),
      StorageClass: upload.storageClass ?? 'STANDARD',
      ChecksumAlgorithm: upload.checksumRequested ? upload.checksumAlgorithm : undefined,
      ChecksumType: upload.checksumRequested ? upload.checksumType : undefined,
    };
  }),
];

/** The checksum types of an algorithm, and its default. @throws S3Error `InvalidRequest` */
function checksumTypeOf(algorithm: ChecksumAlgorithm, asked: string | undefined): StoredChecksum['type'] {
  const fallback = algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE';
  const type = asked ?? fallback;
  const fits = type === 'FULL_OBJECT' ? algorithm.startsWith('CRC') : type === 'COMPOSITE' && algorithm !== 'CRC64NVME';
  if (!fits)
    throw invalidRequest(
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  return type === 'FULL_OBJECT' ? 'FULL_OBJECT' : 'COMPOSITE';
}
