import type { S3Client } from '@aws-sdk/client-s3';
import {
  bucketNameRule,
  type Carried,
  exactValues,
  type FilledFile,
  isBucketName,
  type JobData,
  type LocatedFile,
  locateFile,
  parseJobData,
  parseS3Uri,
  parseValueMap,
  type RepositoryLocation,
  type S3Location,
  type StatePayload,
  substitute,
  substituteFile,
  substituteValue,
} from '@bclaw/spec/run-time';
import { asJobError, JobError } from './errors.js';
import { readText } from './storage/objects.js';

/** `initialize` accepts job files up to 64 MiB; its output contains one, and its JSON may take more bytes. */
const maxJobDataBytes = 256 * 1024 * 1024;

const checkReference = 'Add it to the job data, or correct the reference in the template.';

/**
 * The data for a state's texts: the job's data and the branch's values, wherever they are stored.
 *
 * @throws JobError `JobDataNotFound`
 */
export async function jobDataOf(s3: S3Client, payload: StatePayload): Promise<JobData> {
  return (await jobDataAndText(s3, payload)).data;
}

/** Also returns the text of `_JOB_DATA_`, for callers that need to distinguish `1` from `1.0`. */
export async function jobDataAndText(
  s3: S3Client,
  payload: StatePayload,
): Promise<{ readonly data: JobData; readonly text: string }> {
  const [text, scatter, parent] = await Promise.all([
    readOwn(s3, payload.job_data),
    carriedValues(s3, payload.scatter),
    carriedValues(s3, payload.parent),
  ]);
  const data = asJobError('JobDataNotFound', 'Submit the job again.', () => parseJobData(text));
  return {
    text,
    data: { job: data.job, scatter: { ...data.scatter, ...scatter }, parent: { ...data.parent, ...parent } },
  };
}

/** Values that are in the payload, or in an object that the payload names. */
async function carriedValues<Value>(
  s3: S3Client,
  carried: Carried<Readonly<Record<string, Value>>>,
): Promise<Readonly<Record<string, unknown>>> {
  if (typeof carried !== 'string') return exactValues(carried);
  const text = await readOwn(s3, carried);
  return asJobError('JobDataNotFound', 'Submit the job again.', () => parseValueMap(text, carried));
}

async function readOwn(s3: S3Client, uri: string): Promise<string> {
  const location = parseS3Uri(uri);
  const read = location === undefined ? undefined : await readText(s3, location, maxJobDataBytes);
  if (read?.kind === 'text') return read.text;
  throw new JobError('JobDataNotFound', `There is no ${uri}, which bclaw wrote for this job.`, {
    hint: 'Was the repository emptied while the job ran? Submit the job again.',
  });
}

/** Substitutes the job's data in a text; @throws JobError `ValueMissing`. */
export function filledIn(text: string, data: JobData): string {
  return asJobError('ValueMissing', checkReference, () => substitute(text, data));
}

/**
 * Substitutes the job's data in a file name or a glob; only the template's own wildcards count. @throws JobError
 * `ValueMissing`.
 */
export function filledInFile(text: string, data: JobData): FilledFile {
  return asJobError('ValueMissing', checkReference, () => substituteFile(text, data));
}

/**
 * The value of a text that is one reference, else the text with the data substituted; @throws JobError `ValueMissing`.
 */
export function filledInValue(text: string, data: JobData): unknown {
  return asJobError('ValueMissing', checkReference, () => substituteValue(text, data));
}

/**
 * Location of a file: an `s3://…` URI is absolute, anything else is relative to the repository.
 *
 * @throws JobError `BucketNotFound` for an invalid bucket name
 */
export function locate(file: string, repository: RepositoryLocation): S3Location {
  return locateFilled({ text: file }, repository).location;
}

/**
 * The same for a name in a template, which can be a glob.
 *
 * @throws JobError `BucketNotFound`
 */
export function locateFilled(file: FilledFile, { bucket, prefix }: RepositoryLocation): LocatedFile {
  const located = locateFile(file, { bucket, key: prefix });
  // A repository's own name was checked earlier.
  if (located.location.bucket === bucket || isBucketName(located.location.bucket)) return located;
  throw new JobError(
    'BucketNotFound',
    `There can be no bucket named "${located.location.bucket}", as in ${file.text}.`,
    {
      hint: `${bucketNameRule} Correct it in the template, or in the job data that the template uses.`,
    },
  );
}

/** The name of an input without the `?` that makes it optional. */
export function inputName(key: string): { readonly name: string; readonly optional: boolean } {
  const optional = key.endsWith('?');
  return { name: optional ? key.slice(0, -1) : key, optional };
}
