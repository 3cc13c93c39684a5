import { checkCopySource } from '../conditions.js';
import type { S3Core } from '../core.js';
import { invalidArgument } from '../errors.js';
import type { BucketRecord, ObjectVersion } from '../storage/records.js';
import { checkCopyable } from '../storage-class.js';
import { findVersion } from './describe.js';

export interface CopySourceInput {
  readonly CopySource: string;
  readonly CopySourceIfMatch?: string;
  readonly CopySourceIfNoneMatch?: string;
  readonly CopySourceIfModifiedSince?: Date;
  readonly CopySourceIfUnmodifiedSince?: Date;
}

/**
 * Finds the source of a copy: `bucket/key`, with an optional leading slash, percent-encoded, with an optional
 * `?versionId=`.
 *
 * @throws S3Error `InvalidArgument`, `NoSuchKey`, `NoSuchVersion`, `NoSuchBucket`, `PreconditionFailed`,
 *   `InvalidObjectState`
 */
export function findCopySource(
  core: S3Core,
  input: CopySourceInput,
): { readonly source: ObjectVersion; readonly bucket: BucketRecord } {
  const { bucket, key, versionId } = parseCopySource(input.CopySource);
  const source = findVersion(core, {
    Bucket: bucket,
    Key: key,
    ...(versionId === undefined ? {} : { VersionId: versionId }),
  });
  checkCopySource(source, input);
  checkCopyable(source);
  return { source, bucket: core.buckets.get(bucket) };
}

/** @throws S3Error `InvalidArgument` */
export function parseCopySource(header: string): { bucket: string; key: string; versionId: string | undefined } {
  const [, encoded = '', versionId] = /^\/?(.*?)(?:\?versionId=([^&]*))?$/s.exec(header) ?? [];
  let path = encoded;
  try {
    path = decodeURIComponent(encoded);
  } catch {
    // Not percent-encoded, which S3 tolerates if the text is valid as it is.
  }
  const slash = path.indexOf('/');
  if (slash <= 0 || slash === path.length - 1)
    throw invalidArgument(
      'x-amz-copy-source',
      header,
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  return { bucket: path.slice(0, slash), key: path.slice(slash + 1), versionId };
}
