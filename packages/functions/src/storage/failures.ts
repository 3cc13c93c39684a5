import { S3ServiceException } from '@aws-sdk/client-s3';
import { JobError } from '../errors.js';

/** Returns true if S3 reports a missing object, version or bucket. */
export function isNotFound(error: unknown): boolean {
  return (
    error instanceof S3ServiceException &&
    ['NoSuchKey', 'NoSuchVersion', 'NoSuchBucket', 'NotFound'].includes(error.name)
  );
}

/** Returns true if S3 reports that no object ever had this version: an id that it did not give. */
export function isNoVersion(error: unknown): boolean {
  return (
    error instanceof S3ServiceException && error.name === 'InvalidArgument' && /\bversion id\b/i.test(error.message)
  );
}

export function isNoSuchBucket(error: unknown): boolean {
  return error instanceof S3ServiceException && error.name === 'NoSuchBucket';
}

/**
 * A clear error for denied access; other errors (throttling, a broken network) stay unchanged, so that they are
 * retried.
 */
export function refusedOr(error: unknown, action: string): unknown {
  if (!(error instanceof S3ServiceException) || error.$metadata.httpStatusCode !== 403) return error;
  return new JobError('AccessDenied', `bclaw may not ${action}: ${error.message}.`, {
    hint: "Allow it in the bucket's policy or in the role of bclaw's functions.",
    cause: error,
  });
}

/** Error for the missing bucket of a repository. */
export function noBucket(bucket: string, cause: unknown): JobError {
  return new JobError('RepositoryInvalid', `The bucket of the repository, ${bucket}, does not exist.`, {
    hint: 'Create it, or correct `Repository` in the template.',
    cause,
  });
}
