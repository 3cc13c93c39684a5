import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { formatS3Uri, type JobFile, type RepositoryLocation } from '@bclaw/spec';
import { JobError } from './errors.js';

/** Marks what bclaw itself writes, for lifecycle rules and for people. */
const systemTag = 'bclaw.system=true';

/** Larger job data would not fit a Lambda function's memory several times over. */
const maxJobFileBytes = 64 * 1024 * 1024;

/**
 * Reads a job file at exactly the version that the event named, whatever was written there since.
 *
 * @throws JobError `JobFileNotFound`, `JobFileInvalid` (too large) or `AccessDenied`
 */
export async function readJobFile(s3: S3Client, file: JobFile): Promise<Uint8Array> {
  const { bucket, key, version } = file;
  const uri = formatS3Uri({ bucket, key });
  let object: GetObjectCommandOutput;
  try {
    object = await s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: key, ...(version === '' ? {} : { VersionId: version }) }),
    );
  } catch (error) {
    if (isNotFound(error))
      throw new JobError(
        'JobFileNotFound',
        `There is no job file ${uri}${version === '' ? '' : ` (version ${version})`}.`,
        {
          remedy: 'It was deleted before the job began; copy it to the launcher bucket again.',
          cause: error,
        },
      );
    throw asJobError(error, `read ${uri}`);
  }
  if ((object.ContentLength ?? 0) > maxJobFileBytes)
    throw new JobError('JobFileInvalid', `The job file ${uri} is larger than 64 MiB.`, {
      remedy: 'Put large data into objects of their own and only their URIs into the job data.',
    });
  return (await object.Body?.transformToByteArray()) ?? new Uint8Array();
}

/**
 * Writes a file of bclaw's own into a repository, tagged as such.
 *
 * @throws JobError `RepositoryInvalid` when the bucket does not exist, `AccessDenied`
 */
export async function writeSystemFile(
  s3: S3Client,
  repository: RepositoryLocation,
  name: string,
  body: string | Uint8Array,
): Promise<void> {
  const key = repository.prefix === '' ? name : `${repository.prefix}/${name}`;
  try {
    await s3.send(
      new PutObjectCommand({
        Bucket: repository.bucket,
        Key: key,
        Body: body,
        ContentType: 'application/json',
        Tagging: systemTag,
      }),
    );
  } catch (error) {
    if (isNotFound(error))
      throw new JobError('RepositoryInvalid', `The bucket of the repository, ${repository.bucket}, does not exist.`, {
        remedy: 'Create it, or correct `Repository` in the template.',
        cause: error,
      });
    throw asJobError(error, `write ${formatS3Uri({ bucket: repository.bucket, key })}`);
  }
}

function isNotFound(error: unknown): boolean {
  return (
    error instanceof S3ServiceException &&
    ['NoSuchKey', 'NoSuchVersion', 'NoSuchBucket', 'NotFound'].includes(error.name)
  );
}

/** Refused access in words; anything else (throttling, a broken network) stays what it is, so that it is retried. */
function asJobError(error: unknown, action: string): unknown {
  if (!(error instanceof S3ServiceException) || error.$metadata.httpStatusCode !== 403) return error;
  return new JobError('AccessDenied', `bclaw may not ${action}: ${error.message}.`, {
    remedy: "Allow it in the bucket's policy or in the role of bclaw's functions.",
    cause: error,
  });
}
