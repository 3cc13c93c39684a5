import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { objectIn } from '@bclaw/spec';
import { type JobMeasure, jobDataName, measuresFolder, parseMeasureName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { type BatchJob, readJobs } from '../aws/batch-job.js';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { readText } from '../aws/objects.js';
import { type JobStatus, readStatus, type StatusOptions } from './status.js';
import { type JobPlace, readSteps } from './steps.js';

/** An attempt of a job of an execution, in its branches too. */
export interface MeasuredAttempt extends JobMeasure {
  /**
   * Milliseconds from the job's submission to the runner's begin: waiting for a machine, and for the runner's own container.
   * Only for a first attempt, and as long as AWS Batch has the job.
   */
  readonly queueMs?: number;
}

/** Needs of all attempts of a step together. */
export interface StepUsage {
  readonly step: string;
  readonly attempts: number;
  readonly failedAttempts: number;
  readonly retries: number;
  readonly medianMs: number;
  readonly longestMs: number;
  readonly cpuMs: number;
  /** The most of any attempt. */
  readonly peakBytes?: number;
  /** The memory that the step asked for. */
  readonly memoryMiB?: number;
  readonly inputBytes: number;
  readonly outputBytes: number;
  /** CPUs and GiB that were asked for, each times the hours for which they were taken. */
  readonly cpuHours: number;
  readonly gibHours: number;
  readonly imageDigests: readonly string[];
}

/** An execution with what its jobs needed. */
export interface ExecutionReport {
  readonly status: JobStatus;
  /** The job's data as text; absent when they cannot be read. */
  readonly jobData?: string;
  /** In the order of their begins. */
  readonly attempts: readonly MeasuredAttempt[];
  /** In the order of their first begins. */
  readonly usage: readonly StepUsage[];
  /** True when S3 does not let the caller list the measures. */
  readonly measuresDenied?: true;
}

/** A report asks AWS Batch for the waiting times of so many jobs at most: a hundred requests. */
const mostQueueTimes = 10_000;

/**
 * Reads everything that is known of an execution that has ended or still runs: its status, and the measures that the runner
 * left of each attempt. A listing reads the measures of a thousand attempts, so that a scatter of ten thousand is read at once.
 *
 * @throws BclawError `no-such-execution`
 *
 * @example
 * ```ts
 * const { usage } = await readReport(createClients(), { execution: 'sample-1_AbCdEfGh' });
 * for (const { step, peakBytes, memoryMiB } of usage) console.log(step, peakBytes, memoryMiB);
 * ```
 */
export async function readReport(
  clients: Pick<Clients, 'batch' | 'lambda' | 'logs' | 's3' | 'sfn'>,
  options: StatusOptions,
): Promise<ExecutionReport> {
  const status = await readStatus(clients, options);
  const { job } = await readSteps(clients, status.arn);
  if (job === undefined) return { status, attempts: [], usage: [] };
  const [measures, jobData] = await Promise.all([readMeasures(clients, job), readJobData(clients, job)]);
  const own = (measures ?? []).filter(({ index }) => status.branch === undefined || index === status.branch);
  own.sort((a, b) => a.startedAt - b.startedAt);
  const ids = [...new Set(own.map(({ jobId }) => jobId))].slice(0, mostQueueTimes);
  const jobs = await readJobs(clients, ids);
  const attempts = own.map((measure) => ({ ...measure, ...queueTime(measure, jobs.get(measure.jobId)) }));
  return {
    status,
    ...given({ jobData }),
    attempts,
    usage: usageOf(attempts),
    ...(measures === undefined ? { measuresDenied: true } : {}),
  };
}

/** @returns `undefined` when the folder must not be listed */
async function readMeasures(
  clients: Pick<Clients, 's3'>,
  { repository, execution }: JobPlace,
): Promise<JobMeasure[] | undefined> {
  const { bucket: Bucket, key: Prefix } = objectIn(repository, measuresFolder(execution));
  const measures: JobMeasure[] = [];
  try {
    for await (const page of paginateListObjectsV2({ client: clients.s3 }, { Bucket, Prefix }))
      for (const { Key = '' } of page.Contents ?? []) {
        const measure = parseMeasureName(execution, Key.slice(Prefix.length));
        if (measure !== undefined) measures.push(measure);
      }
    return measures;
  } catch (error) {
    if (isAwsError(error, 'AccessDenied', 'NoSuchBucket')) return undefined;
    throw error;
  }
}

async function readJobData(clients: Pick<Clients, 's3'>, { repository }: JobPlace): Promise<string | undefined> {
  try {
    return await readText(clients, objectIn(repository, jobDataName));
  } catch (error) {
    if (isAwsError(error, 'AccessDenied', 'NoSuchBucket')) return undefined;
    throw error;
  }
}

/** AWS Batch starts a further attempt at the end of the one before, of which it does not tell. */
function queueTime({ attempt, startedAt }: JobMeasure, job: BatchJob | undefined): { queueMs?: number } {
  if (attempt !== 1 || job?.createdAt === undefined) return {};
  return { queueMs: Math.max(0, startedAt - job.createdAt.getTime()) };
}

function usageOf(attempts: readonly JobMeasure[]): StepUsage[] {
  const bySteps = new Map<string, JobMeasure[]>();
  for (const one of attempts) {
    const others = bySteps.get(one.step);
    if (others === undefined) bySteps.set(one.step, [one]);
    else others.push(one);
  }
  return [...bySteps].map(([step, all]) => stepUsage(step, all));
}

const msPerHour = 3_600_000;

function stepUsage(step: string, attempts: readonly JobMeasure[]): StepUsage {
  const sum = (value: (one: JobMeasure) => number | undefined) =>
    attempts.reduce((total, one) => total + (value(one) ?? 0), 0);
  const known = (values: readonly (number | undefined)[]) => values.filter((value) => value !== undefined);
  const largest = (values: readonly number[]) =>
    values.length === 0 ? undefined : values.reduce((most, value) => Math.max(most, value), 0);
  const durations = attempts.map(({ totalMs }) => totalMs).sort((a, b) => a - b);
  return {
    step,
    attempts: attempts.length,
    failedAttempts: attempts.filter(({ exitCode }) => exitCode !== 0).length,
    retries: attempts.filter(({ attempt }) => attempt > 1).length,
    medianMs: durations[Math.floor((durations.length - 1) / 2)] ?? 0,
    longestMs: durations.at(-1) ?? 0,
    cpuMs: sum(({ cpuMs }) => cpuMs),
    ...given({
      peakBytes: largest(known(attempts.map(({ peakBytes }) => peakBytes))),
      memoryMiB: largest(known(attempts.map(({ memoryMiB }) => memoryMiB))),
    }),
    inputBytes: sum(({ inputBytes }) => inputBytes),
    outputBytes: sum(({ outputBytes }) => outputBytes),
    cpuHours: sum(({ cpus = 0, totalMs }) => (cpus * totalMs) / msPerHour),
    gibHours: sum(({ memoryMiB = 0, totalMs }) => ((memoryMiB / 1024) * totalMs) / msPerHour),
    imageDigests: [...new Set(attempts.flatMap(({ imageDigest }) => (imageDigest === undefined ? [] : [imageDigest])))],
  };
}
