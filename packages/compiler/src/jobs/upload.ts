import { definitionsFolder } from '@bclaw/spec/contract';
import type { CoreEnvironment } from '../core-environment.js';

/** Larger definitions of state machines are stored in S3, to leave the template's megabyte to the job definitions. */
export const maxInlineBytes = 128 * 1024;

/** An object that must exist before the template is deployed. */
export interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly body: string;
}

/**
 * The key contains the digest of the content, so that the object of one version is never overwritten by another's.
 *
 * @param digest - SHA-256 of the body
 */
export function uploadOf(body: string, digest: string, core: CoreEnvironment): Upload {
  return { bucket: core.launcherBucket, key: `${definitionsFolder}/${digest}`, body };
}

/** The `step` parameter of a job whose step is stored in an object: the object's URI as JSON. */
export const stepParameter = ({ bucket, key }: Upload): string => JSON.stringify(`s3://${bucket}/${key}`);
