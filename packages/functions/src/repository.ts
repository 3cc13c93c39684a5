import {
  asText,
  BclawError,
  bucketNameRule,
  formatS3Uri,
  hasMembers,
  inWords,
  isBucketName,
  type JobData,
  parseS3Uri,
  type RepositoryLocation,
  replaceReferences,
  runTimeReference,
  substituteValue,
} from '@bclaw/spec/run-time';
import { JobError } from './errors.js';

/**
 * The repository of one job: the template's, with the job's data substituted.
 *
 * @param template `s3://bucket/prefix`, normally with `${job.…}` in it
 * @param launcherBucket must not hold a repository, because every object written there may start a job
 * @throws JobError `RepositoryInvalid`
 */
export function resolveRepository(template: string, data: JobData, launcherBucket: string): RepositoryLocation {
  const filled = replaceReferences(template, (content) =>
    runTimeReference(content) === undefined ? undefined : textOf(`\${${content}}`, data),
  );
  const location = parseS3Uri(filled);
  if (location === undefined)
    throw new JobError('RepositoryInvalid', `The repository "${filled}" is not in an S3 bucket.`, {
      hint: 'Write `Repository: s3://bucket/prefix` in the template, and check the job data that it uses.',
    });
  const { bucket } = location;
  if (!isBucketName(bucket))
    throw new JobError(
      'RepositoryInvalid',
      `The repository "${filled}" is not in an S3 bucket: there can be none named "${bucket}".`,
      {
        hint: `${bucketNameRule} Check the template, and the job data that it uses.`,
      },
    );
  if (bucket === launcherBucket)
    throw new JobError('RepositoryInvalid', `The repository "${filled}" is inside the launcher bucket.`, {
      hint: 'Use another bucket: files written to the launcher bucket start jobs.',
    });
  const prefix = location.key.replace(/^\/+|\/+$/g, '');
  if (prefix.split('/').some((segment) => segment === '.' || segment === '..'))
    throw new JobError('RepositoryInvalid', `The repository "${filled}" has "." or ".." for a folder.`, {
      hint: 'Correct the job data that the repository uses.',
    });
  return { bucket, prefix, uri: formatS3Uri({ bucket, key: prefix }) };
}

/** An empty or structured value would put different jobs into one folder, or a job into an unintended folder. */
function textOf(reference: string, data: JobData): string {
  const value = lookUp(reference, data);
  if (value === null || value === '' || hasMembers(value))
    throw new JobError(
      'RepositoryInvalid',
      `The repository needs ${reference}, but the job data has ${inWords(value)} there.`,
      {
        hint: 'Give it a text or a number that distinguishes this job from others.',
      },
    );
  return asText(value);
}

function lookUp(reference: string, data: JobData): unknown {
  try {
    return substituteValue(reference, data);
  } catch (error) {
    if (!(error instanceof BclawError)) throw error;
    throw new JobError('RepositoryInvalid', `The repository cannot be made: ${error.message}`, {
      hint: error.hint ?? 'Check the job data.',
      cause: error,
    });
  }
}
