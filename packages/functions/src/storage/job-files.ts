import { GetObjectCommand, type GetObjectCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { formatS3Uri, type JobFile } from '@bclaw/spec/run-time';
import { JobError } from '../errors.js';
import { isNotFound, isNoVersion, refusedOr } from './failures.js';

/** Larger job data would not fit the memory of a Lambda function, which holds it several times. */
const maxJobFileBytes = 64 * 1024 * 1024;

/**
 * Reads a job file at exactly the version in the event, regardless of later uploads.
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
    if (isNotFound(error) || isNoVersion(error))
      throw new JobError(
        'JobFileNotFound',
        `There is no job file ${uri}${version === '' ? '' : ` (version ${version})`}.`,
        {
          hint: 'It was deleted before the job began; copy it to the launcher bucket again.',
          cause: error,
        },
      );
    throw refusedOr(error, `read ${uri}`);
  }
  if ((object.ContentLength ?? 0) > maxJobFileBytes)
    throw new JobError('JobFileInvalid', `The job file ${uri} is larger than 64 MiB.`, {
      hint: 'Put large data into objects of their own and only their URIs into the job data.',
    });
  return (await object.Body?.transformToByteArray()) ?? new Uint8Array();
}
