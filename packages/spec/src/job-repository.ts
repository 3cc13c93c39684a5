import { jobDataName } from './contract.js';
import type { S3Location } from './scalars/s3-uri.js';

/**
 * The repository of a job itself, which its branches share.
 *
 * @param jobData - location of its `_JOB_DATA_`
 * @returns its key is the prefix without a trailing slash
 * @example `jobRepository({ bucket: 'b', key: 'runs/7/_JOB_DATA_' })` is `{ bucket: 'b', key: 'runs/7' }`.
 */
export function jobRepository({ bucket, key }: S3Location): S3Location {
  return { bucket, key: key.slice(0, -jobDataName.length).replace(/\/$/, '') };
}
