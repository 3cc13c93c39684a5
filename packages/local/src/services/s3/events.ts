import type { S3Core } from './core.js';
import type { S3Request } from './shapes/operation.js';
import type { BucketRecord, ObjectVersion } from './storage/records.js';

export type DeletionReason = 'DeleteObject' | 'Lifecycle Expiration';
export type CreationReason = 'PutObject' | 'CompleteMultipartUpload' | 'CopyObject';

/**
 * Publishes "Object Created" as S3 sends it to EventBridge, if the bucket has that enabled. Unlike in S3's older
 * notifications, the key is not URL-encoded.
 *
 * The journal entries of listeners (a pending delivery) must be in the same step of the journal as the object: publish
 * in the turn of the event loop in which the object is recorded, and flush the journal before the client gets its
 * answer. An engine that is killed then has both or neither.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function publishCreated(
  core: S3Core,
  bucket: BucketRecord,
  version: ObjectVersion,
  reason: CreationReason,
  request: S3Request,
): void {
  const { key, size, etag, sequence, versionId } = version;
  publish(core, bucket, 'Object Created', request, {
    object: { key, size, etag, ...versionMember(versionId), sequencer: sequencer(sequence) },
    reason,
  });
}

/** Publishes "Object Deleted" for a new delete marker or a permanently deleted version, in the same way. */
export function publishDeleted(
  core: S3Core,
  bucket: BucketRecord,
  deleted: {
    readonly key: string;
    readonly versionId: string;
    readonly sequence: number;
    readonly etag?: string;
    readonly kind: 'Delete Marker Created' | 'Permanently Deleted';
    readonly reason: DeletionReason;
  },
  request: S3Request,
): void {
  const { key, versionId, sequence, etag, kind, reason } = deleted;
  publish(core, bucket, 'Object Deleted', request, {
    object: {
      key,
      ...(etag === undefined ? {} : { etag }),
      ...versionMember(versionId),
      sequencer: sequencer(sequence),
    },
    reason,
    'deletion-type': kind,
  });
}

function publish(
  core: S3Core,
  bucket: BucketRecord,
  detailType: 'Object Created' | 'Object Deleted',
  request: S3Request,
  detail: { readonly object: unknown; readonly reason: string; readonly 'deletion-type'?: string },
): void {
  if (bucket.eventBridge !== true) return;
  const { object, reason, ...rest } = detail;
  const byLifecycle = reason === 'Lifecycle Expiration';
  core.context.events.publish({
    region: bucket.region,
    source: 'aws.s3',
    'detail-type': detailType,
    resources: [`arn:${core.context.partition}:s3:::${bucket.name}`],
    detail: {
      version: '0',
      'event-version': '1.0',
      bucket: { name: bucket.name },
      object,
      'request-id': request.requestId,
      requester: byLifecycle ? 's3.amazonaws.com' : core.context.accountId,
      ...(byLifecycle ? {} : { 'source-ip-address': request.sourceAddress ?? '127.0.0.1' }),
      reason,
      ...rest,
    },
  });
}

const versionMember = (versionId: string) => (versionId === 'null' ? {} : { 'version-id': versionId });

/** Increases with every write to a key: hexadecimal digits of even length that sort in the order of writes. */
const sequencer = (sequence: number): string => sequence.toString(16).toUpperCase().padStart(16, '0');
