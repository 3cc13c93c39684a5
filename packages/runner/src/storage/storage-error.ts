import { S3ServiceException } from '@aws-sdk/client-s3';
import { BclawError, formatS3Uri, type S3Location } from '@bclaw/spec/run-time';

/** Returns true if S3 reports a missing object. A missing bucket is different: it is a mistake. */
export function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && (error.name === 'NoSuchKey' || error.name === 'NotFound');
}

/** An error of S3 as a sentence for the workflow's author. */
export function storageError(error: unknown, verb: 'read' | 'write' | 'list', location: S3Location): BclawError {
  const uri = formatS3Uri(location);
  if (!(error instanceof S3ServiceException))
    return new BclawError('storage-failed', `${uri} could not be ${done[verb]}: ${messageOf(error)}.`, {
      cause: error,
    });
  const status = error.$metadata.httpStatusCode;
  if (error.name === 'NoSuchBucket')
    return new BclawError('no-such-bucket', `There is no bucket ${location.bucket} (for ${uri}).`, {
      hint: 'Check the name in the template and in the job data.',
      cause: error,
    });
  if (status === 403)
    return new BclawError('access-denied', `S3 does not let this job ${verb} ${uri}.`, {
      hint: "Give the job's role (task_role in the template) the permission, or correct the location.",
      cause: error,
    });
  if (status === 412)
    return new BclawError('object-changed', `${uri} was overwritten while it was being read.`, { cause: error });
  return new BclawError('storage-failed', `${uri} could not be ${done[verb]}: ${error.name}: ${messageOf(error)}.`, {
    cause: error,
  });
}

const done = { read: 'read', write: 'written', list: 'listed' } as const;

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // It becomes part of a sentence.
  return error.message.replace(/\.$/, '') || error.name;
}
