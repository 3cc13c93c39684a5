import { AwsError } from '../../../wire/aws-error.js';
import { matchesEtag } from '../conditions.js';
import type { S3Core } from '../core.js';
import { noSuchKey, noSuchVersion, preconditionFailed } from '../errors.js';
import { type DeletionReason, publishDeleted } from '../events.js';
import type { S3Request } from '../shapes/operation.js';
import type { Deletion } from '../storage/object-store.js';
import type { BucketRecord, VersionRecord } from '../storage/records.js';
import { wasVersionId } from '../storage/version-id.js';
import { shownVersionId } from './describe.js';

/** The version to delete. */
export interface Target {
  readonly Key: string;
  readonly VersionId?: string;
  readonly IfMatch?: string;
}

/** The result of a deletion. */
export interface Result {
  readonly target: Target;
  /** True if a delete marker was created or deleted. */
  readonly isMarker: boolean;
  readonly versionId: string | undefined;
  readonly error?: AwsError;
}

/** Deletes and publishes the events in one step of the journal, then frees the content. */
export async function removeObjects(
  core: S3Core,
  bucketName: string,
  targets: readonly Target[],
  reason: DeletionReason,
  request: S3Request,
): Promise<Result[]> {
  const bucket = core.buckets.get(bucketName);
  const done: { target: Target; deletion: Deletion }[] = [];
  const results = targets.map((target): Result => {
    try {
      const deletion = core.objects.remove(bucket, target.Key, target.VersionId, deleteGuard(bucketName, target));
      if (deletion.kind === 'version-removed' && bucket.versioning === undefined)
        core.uploads.keyDeleted(bucketName, target.Key);
      done.push({ target, deletion });
      return { target, ...outcome(deletion), versionId: shownVersionId(bucket, deletedVersion(target, deletion)) };
    } catch (error) {
      if (error instanceof AwsError) return { target, isMarker: false, versionId: undefined, error };
      throw error;
    }
  });
  for (const { target, deletion } of done) tell(core, bucket, target, deletion, reason, request);
  await core.context.journal.flush();
  for (const { deletion } of done) freeContent(core, deletion);
  return results;
}

function tell(
  core: S3Core,
  bucket: BucketRecord,
  { Key: key }: Target,
  deletion: Deletion,
  reason: DeletionReason,
  request: S3Request,
): void {
  if (deletion.kind === 'nothing') return;
  const record = deletion.kind === 'marker-created' ? deletion.marker : deletion.version;
  publishDeleted(
    core,
    bucket,
    {
      key,
      versionId: record.versionId,
      sequence: deletion.kind === 'marker-created' ? deletion.marker.sequence : deletion.sequence,
      ...(record.kind === 'object' ? { etag: record.etag } : {}),
      kind: deletion.kind === 'marker-created' ? 'Delete Marker Created' : 'Permanently Deleted',
      reason,
    },
    request,
  );
}

const outcome = (deletion: Deletion): { readonly isMarker: boolean } => ({
  isMarker:
    deletion.kind === 'marker-created' ||
    (deletion.kind === 'version-removed' && deletion.version.kind === 'delete-marker'),
});

const deletedVersion = (target: Target, deletion: Deletion): string =>
  deletion.kind === 'marker-created' ? deletion.marker.versionId : (target.VersionId ?? 'null');

function freeContent(core: S3Core, deletion: Deletion): void {
  if (deletion.kind === 'nothing') return;
  const gone = deletion.kind === 'marker-created' ? deletion.replaced : deletion.version;
  if (gone?.kind === 'object') core.discard(gone.segments);
}

/** Refuses a version that never was; `If-Match` on a deletion deletes only the version with that ETag. */
function deleteGuard(bucket: string, { Key, VersionId, IfMatch }: Target): (target: VersionRecord | undefined) => void {
  return (target) => {
    if (VersionId !== undefined && target === undefined && !wasVersionId(bucket, Key, VersionId))
      throw noSuchVersion(Key, VersionId);
    if (IfMatch === undefined) return;
    if (target?.kind !== 'object') throw noSuchKey(Key);
    if (!matchesEtag(IfMatch, target.etag)) throw preconditionFailed('If-Match');
  };
}
