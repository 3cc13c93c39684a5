import { definitionsFolder } from '@bclaw/spec/contract';
import type { CoreEnvironment } from '../core-environment.js';

/** Larger definitions of state machines go to S3, so that the template's megabyte is left to the job definitions. */
export const maxInlineBytes = 128 * 1024;

/** An object that must be there before the template is deployed. */
export interface Upload {
  readonly bucket: string;
  readonly key: string;
  readonly body: string;
}

/**
 * Content-addressed, so that the object of one version is never overwritten by another's.
 *
 * @param digest - SHA-256 of the body
 */
export function uploadOf(body: string, digest: string, core: CoreEnvironment): Upload {
  return { bucket: core.launcherBucket, key: `${definitionsFolder}/${digest}`, body };
}

/** The `step` parameter of a job whose step is in an object: the object's URI as JSON. */
export const stepParameter = ({ bucket, key }: Upload): string => JSON.stringify(`s3://${bucket}/${key}`);
