import type { S3Core } from '../core.js';
import { type CreationReason, publishCreated } from '../events.js';
import type { S3Request } from '../shapes/operation.js';
import type { NewObject } from '../storage/object-store.js';
import type { ObjectVersion, VersionRecord } from '../storage/records.js';

/** A new object whose content is already on disk. */
export interface Write {
  readonly bucket: string;
  readonly key: string;
  readonly object: NewObject;
  readonly reason: CreationReason;
  readonly guard: (current: VersionRecord | undefined) => void;
}

/**
 * Makes a written object visible: its record and its event in one step of the journal, then the answer to the client.
 *
 * @param alongside further changes for the same step, such as removing the completed upload
 */
export async function commit(
  core: S3Core,
  write: Write,
  request: S3Request,
  alongside: () => void = () => undefined,
): Promise<ObjectVersion> {
  const bucket = core.buckets.get(write.bucket);
  const { version, replaced } = core.objects.put(bucket, write.key, write.object, write.guard);
  alongside();
  publishCreated(core, bucket, version, write.reason, request);
  await core.context.journal.flush();
  if (replaced?.kind === 'object') core.discard(replaced.segments);
  return version;
}

/** The same for content that belongs to no one else: it is deleted when the write does not happen. */
export async function commitOwned(core: S3Core, write: Write, request: S3Request): Promise<ObjectVersion> {
  try {
    return await commit(core, write, request);
  } catch (error) {
    if (!isRecorded(core, write)) core.discard(write.object.segments);
    throw error;
  }
}

/** A listener or a full disk may fail after the object was recorded: its content is kept then. */
function isRecorded(core: S3Core, { bucket, key, object }: Write): boolean {
  if (core.buckets.find(bucket) === undefined) return false;
  return core.objects
    .index(bucket)
    .versions(key)
    .some((version) => version.kind === 'object' && version.segments === object.segments);
}
