import { join } from 'node:path';
import type { EngineContext } from '../../kernel/service.js';
import { BucketStore } from './storage/bucket-store.js';
import { ContentStore } from './storage/content-store.js';
import { ObjectStore } from './storage/object-store.js';
import type { Segment } from './storage/records.js';
import { UploadStore } from './storage/upload-store.js';

/** State shared by the operations of S3. */
export interface S3Core {
  readonly context: EngineContext;
  readonly buckets: BucketStore;
  readonly objects: ObjectStore;
  readonly uploads: UploadStore;
  readonly contents: ContentStore;
  /** Deletes content that no record refers to; a failure is logged, and the next start's sweep deletes the rest. */
  discard(segments: readonly Segment[]): void;
}

/** Opens the service's state below the engine's directory. */
export function openCore(context: EngineContext): S3Core {
  const buckets = new BucketStore(context.journal);
  const contents = new ContentStore(join(context.directory, 's3'), context.durable ?? false);
  return {
    context,
    buckets,
    objects: new ObjectStore(context.journal, buckets),
    uploads: new UploadStore(context.journal),
    contents,
    discard: (segments) => {
      contents.remove(segments).catch((error: unknown) => {
        context.log.error('S3 could not delete content; the next start sweeps it', { error: String(error) });
      });
    },
  };
}

/** Makes the records and the files consistent after a crash. */
export async function recover(core: S3Core): Promise<void> {
  const owned = new Set<string>();
  for (const { id } of core.objects.segments()) owned.add(id);
  core.uploads.dropCompleted(owned);
  for (const { id } of core.uploads.segments()) owned.add(id);
  if (!core.context.journal.whole) {
    const kept = await core.contents.setAside(owned);
    if (kept > 0)
      core.context.log.error(
        "The engine's journal is missing or was damaged: the content of objects that it no longer names is set aside",
        { files: kept, folder: core.contents.lost },
      );
  }
  const removed = await core.contents.sweep(owned);
  if (removed > 0) core.context.log.info('S3 swept files that no object refers to', { files: removed });
}

/** The owner in S3's format: the canonical user id is 64 hexadecimal digits. */
export const ownerOf = (core: S3Core) => ({ ID: core.context.accountId.padStart(64, '0') });

/** The owner of a multi-part upload: lists of uploads and parts still have the name that S3 dropped everywhere else. */
export const uploadOwnerOf = (core: S3Core) => ({ DisplayName: core.context.accountId, ...ownerOf(core) });
