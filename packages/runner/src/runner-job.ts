import {
  BclawError,
  type Carried,
  formatS3Uri,
  type JobData,
  type JobStep,
  jobRepository,
  parseJobData,
  parseJobStep,
  parseS3Uri,
  parseValueMap,
  type S3Location,
} from '@bclaw/spec/run-time';
import type { JobArguments } from './arguments.js';
import type { ObjectStore } from './storage/object-store.js';
import { readText } from './storage/read-text.js';

/** The complete parameters of one run of the runner. */
export interface RunnerJob extends Omit<JobArguments, 'step' | 'scatter' | 'parent'> {
  readonly step: JobStep;
  /** The repository of the job itself, whose data the branches share. */
  readonly mainRepository: S3Location;
  /** The job's data with the branch's and the parent's values. */
  readonly data: JobData;
}

/**
 * Reads the objects that the command line points to: the job's data, and any value that was too large to pass inline.
 *
 * @throws BclawError `no-job-data` or `missing-object` when an object does not exist
 */
export async function readRunnerJob(store: ObjectStore, given: JobArguments): Promise<RunnerJob> {
  const { step, jobData, scatter, parent, ...rest } = given;
  const [text, receivedStep, receivedScatter, receivedParent] = await Promise.all([
    readText(store, jobData),
    received(store, step, parseJobStep),
    received(store, scatter, parseValueMap),
    received(store, parent, parseValueMap),
  ]);
  if (text === undefined)
    throw new BclawError('no-job-data', `There is no job data for this job at ${formatS3Uri(jobData)}.`, {
      hint: 'Was the repository emptied while the job ran? Submit the job again.',
    });
  const data = parseJobData(text);
  return {
    ...rest,
    jobData,
    step: receivedStep,
    mainRepository: jobRepository(jobData),
    data: {
      job: data.job,
      scatter: { ...data.scatter, ...receivedScatter },
      parent: { ...data.parent, ...receivedParent },
      ...(data.job_file === undefined ? {} : { job_file: data.job_file }),
    },
  };
}

async function received<Values>(
  store: ObjectStore,
  carried: Carried<Values>,
  parse: (text: string, uri: string) => Values,
): Promise<Values> {
  if (typeof carried !== 'string') return carried;
  const location = parseS3Uri(carried);
  const text = location === undefined ? undefined : await readText(store, location);
  if (text === undefined)
    throw new BclawError('missing-object', `There is no ${carried}, which a part of this job was put into.`, {
      hint: 'Was it deleted while the job ran? Submit the job again, or deploy the workflow again.',
    });
  return parse(text, carried);
}
