import { writeGuard } from '../conditions.js';
import type { S3Core } from '../core.js';
import { checkKey } from '../names.js';
import { putObjectModel } from '../shapes/object-shapes.js';
import { type Implementation, implement } from '../shapes/operation.js';
import { checkStorageClass } from '../storage-class.js';
import { parseTaggingHeader } from '../tags.js';
import { commitOwned } from './commit.js';
import { checksumMember, quoted, storedHeaders, writtenVersionId } from './describe.js';
import { receive } from './receive.js';

/** PutObject: the content is written to disk first, then the object appears in one step, or not at all. */
export const putObject = (core: S3Core): Implementation =>
  implement(putObjectModel, async (input, request) => {
    checkKey(input.Key);
    checkStorageClass(input.StorageClass);
    const guard = writeGuard(input.Key, input);
    const tags = parseTaggingHeader(input.Tagging);
    // Checked once before the body, to reject a hopeless upload early, and again in the step that writes.
    guard(core.objects.index(input.Bucket).current(input.Key));
    const { segments, size, md5, checksum } = await receive(core, input);
    const version = await commitOwned(
      core,
      {
        bucket: input.Bucket,
        key: input.Key,
        guard,
        reason: 'PutObject',
        object: {
          segments,
          size,
          etag: md5.toString('hex'),
          checksum: { ...checksum, type: 'FULL_OBJECT' },
          headers: storedHeaders(input),
          metadata: input.Metadata,
          tags,
          storageClass: input.StorageClass,
          encryption: input.ServerSideEncryption,
        },
      },
      request,
    );
    return {
      ETag: quoted(version.etag),
      ...checksumMember(version.checksum),
      ChecksumType: 'FULL_OBJECT',
      VersionId: writtenVersionId(version.versionId),
      ServerSideEncryption: version.encryption ?? 'AES256',
    };
  });
