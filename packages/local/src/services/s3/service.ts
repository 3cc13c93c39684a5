import type { EngineContext } from '../../kernel/service.js';
import { operationTable } from '../../operation.js';
import type { HttpService } from '../../wire/server.js';
import { s3Access } from './access.js';
import { openCore, recover, type S3Core } from './core.js';
import { S3Handler } from './http/handler.js';
import { applyLifecycle } from './lifecycle.js';
import { configurationOperations } from './operations/bucket-configuration.js';
import { settingOperations } from './operations/bucket-settings.js';
import { bucketOperations } from './operations/buckets.js';
import { completeUpload } from './operations/complete-upload.js';
import { copyObject } from './operations/copy-object.js';
import { deleteOperations } from './operations/delete-objects.js';
import { readOperations } from './operations/get-object.js';
import { listingOperations } from './operations/list-objects.js';
import { listUploads } from './operations/list-uploads.js';
import { listObjectVersions } from './operations/list-versions.js';
import { getObjectAttributes } from './operations/object-attributes.js';
import { taggingOperations } from './operations/object-tagging.js';
import { putObject } from './operations/put-object.js';
import { partOperations } from './operations/upload-parts.js';
import { uploadOperations } from './operations/uploads.js';
import type { Implementation } from './shapes/operation.js';

/** S3 inside the engine, and its protocol for clients: path style or virtual-host style. */
export type S3Service = HttpService;

/**
 * The engine's S3: contents as files below `<directory>/s3`, everything else in the journal.
 *
 * `operations` take and return AWS's own shapes; `GetObject` returns its `Body` as a Node.js stream, `PutObject` and
 * `UploadPart` take a string, bytes or a stream.
 *
 * @example
 * ```ts
 * await context.call('s3', 'PutObject', { Bucket: 'b', Key: 'k', Body: 'hello' });
 * ```
 */
export function createS3Service(context: EngineContext): S3Service {
  const core = openCore(context);
  const implementations = allOperations(core);
  const handler = new S3Handler(implementations, { log: context.log });
  return {
    name: 's3',
    operations: operationTable(implementations),
    access: s3Access(core),
    handle: (...request) => handler.handle(...request),
    start: async () => {
      await recover(core);
      const expired = await applyLifecycle(core, Date.now());
      if (expired > 0) context.log.info('S3 expired objects by their lifecycle rules', { expired });
    },
  };
}

const allOperations = (core: S3Core): Implementation[] => [
  ...bucketOperations(core),
  ...configurationOperations(core),
  ...settingOperations(core),
  putObject(core),
  ...readOperations(core),
  ...deleteOperations(core),
  copyObject(core),
  ...taggingOperations(core),
  getObjectAttributes(core),
  ...listingOperations(core),
  listObjectVersions(core),
  ...uploadOperations(core),
  ...partOperations(core),
  completeUpload(core),
  listUploads(core),
];
