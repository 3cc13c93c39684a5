import { writeGuard } from '../conditions.js';
import type { S3Core } from '../core.js';
import { invalidArgument, invalidRequest } from '../errors.js';
import { checkKey } from '../names.js';
import { copyObjectModel } from '../shapes/object-shapes.js';
import { type Implementation, implement } from '../shapes/operation.js';
import type { ObjectVersion } from '../storage/records.js';
import { checkStorageClass } from '../storage-class.js';
import { parseTaggingHeader } from '../tags.js';
import { commitOwned } from './commit.js';
import { findCopySource } from './copy-source.js';
import { checksumMember, quoted, shownVersionId, storedHeaders, writtenVersionId } from './describe.js';
import { namedAlgorithm, receive } from './receive.js';

/** S3 copies up to 5 GiB at once; larger objects need UploadPartCopy. */
const maximumCopyBytes = 5 * 1024 ** 3;

/** CopyObject: the copy shares the bytes of its source and is a new object in all other respects. */
export const copyObject = (core: S3Core): Implementation =>
  implement(copyObjectModel, async (input, request) => {
    checkKey(input.Key);
    checkStorageClass(input.StorageClass);
    core.buckets.get(input.Bucket);
    const { source, bucket } = findCopySource(core, input);
    const replaceMetadata = directive('x-amz-metadata-directive', input.MetadataDirective) === 'REPLACE';
    const replaceTags = directive('x-amz-tagging-directive', input.TaggingDirective) === 'REPLACE';
    if (source.size > maximumCopyBytes)
      throw invalidRequest(
        `The specified copy source is larger than the maximum allowable size for a copy source: ${maximumCopyBytes}`,
      );
    const onItself = source.bucket === input.Bucket && source.key === input.Key;
    const changes =
      replaceMetadata || replaceTags || input.StorageClass !== undefined || input.ServerSideEncryption !== undefined;
    if (onItself && !changes && source === core.objects.index(input.Bucket).current(input.Key))
      throw invalidRequest(
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
      );
    const { segments, checksum, etag } = await copyContent(core, source, input.ChecksumAlgorithm);
    const version = await commitOwned(
      core,
      {
        bucket: input.Bucket,
        key: input.Key,
        guard: writeGuard(input.Key, input),
        reason: 'CopyObject',
        object: {
          segments,
          size: source.size,
          etag,
          checksum,
          headers: replaceMetadata ? storedHeaders(input) : source.headers,
          metadata: replaceMetadata ? input.Metadata : source.metadata,
          tags: replaceTags ? parseTaggingHeader(input.Tagging) : source.tags,
          storageClass: input.StorageClass,
          encryption: input.ServerSideEncryption,
        },
      },
      request,
    );
    return {
      VersionId: writtenVersionId(version.versionId),
      CopySourceVersionId: shownVersionId(bucket, source.versionId),
      ServerSideEncryption: version.encryption ?? 'AES256',
      CopyObjectResult: {
        ETag: quoted(version.etag),
        LastModified: new Date(version.modified),
        ...checksumMember(version.checksum),
        ChecksumType: version.checksum?.type,
      },
    };
  });

/**
 * A whole object keeps bytes, ETag and checksum. A copy is never multi-part, so the copy of a multi-part object gets a
 * new ETag (the MD5 of all its bytes), and a different checksum algorithm also requires reading the bytes.
 */
async function copyContent(core: S3Core, source: ObjectVersion, algorithm: string | undefined) {
  const wanted = namedAlgorithm(algorithm) ?? source.checksum?.algorithm;
  const asItIs = source.parts === undefined && wanted === source.checksum?.algorithm;
  if (asItIs)
    return { segments: await core.contents.share(source.segments), checksum: source.checksum, etag: source.etag };
  const body = core.contents.read(source.segments, 0, source.size - 1);
  const expected = wanted === undefined ? {} : { ChecksumAlgorithm: wanted };
  const { segments, md5, checksum } = await receive(core, { Body: body, ...expected });
  return { segments, checksum: { ...checksum, type: 'FULL_OBJECT' as const }, etag: md5.toString('hex') };
}

function directive(header: string, value: string | undefined): 'COPY' | 'REPLACE' {
  if (value === undefined || value === 'COPY') return 'COPY';
  if (value === 'REPLACE') return 'REPLACE';
  throw invalidArgument(
    header,
    value,
    `Unknown ${header === 'x-amz-tagging-directive' ? 'tagging' : 'metadata'} directive.`,
  );
}
