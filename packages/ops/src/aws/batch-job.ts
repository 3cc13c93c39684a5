import { DescribeJobsCommand, type JobDetail } from '@aws-sdk/client-batch';
import { given } from '@bclaw/spec/given';
import type { Clients } from './clients.js';

/** A Batch job's attempt: one start of its container. */
export interface JobAttempt {
  readonly logStream?: string;
  /** The container's exit code: the exit code of the user's commands, or 197 or 199 for the runner's own errors. */
  readonly exitCode?: number;
  readonly reason?: string;
}

export interface BatchJob {
  readonly id: string;
  /** AWS Batch's status: `RUNNABLE`, `RUNNING`, `SUCCEEDED`, `FAILED`, … */
  readonly status: string;
  readonly statusReason?: string;
  /** When it was submitted. */
  readonly createdAt?: Date;
  readonly logGroup: string;
  /** Oldest first. */
  readonly attempts: readonly JobAttempt[];
}

/** Default log group of AWS Batch jobs. */
const defaultLogGroup = '/aws/batch/job';

/** AWS Batch, `DescribeJobs`: at most 100 ids in one request. */
const batchSize = 100;

/** The jobs with these ids that AWS Batch still has (it deletes them some days after their end). */
export async function readJobs(
  clients: Pick<Clients, 'batch'>,
  ids: readonly string[],
): Promise<Map<string, BatchJob>> {
  const jobs = new Map<string, BatchJob>();
  for (let start = 0; start < ids.length; start += batchSize) {
    const answer = await clients.batch.send(new DescribeJobsCommand({ jobs: ids.slice(start, start + batchSize) }));
    for (const job of answer.jobs ?? []) if (job.jobId !== undefined) jobs.set(job.jobId, fromSdk(job.jobId, job));
  }
  return jobs;
}

function fromSdk(id: string, job: JobDetail): BatchJob {
  const finished = (job.attempts ?? []).map(({ container, statusReason }) =>
    attempt(container?.logStreamName, container?.exitCode, container?.reason ?? statusReason),
  );
  const current = job.container?.logStreamName;
  const running =
    current === undefined || finished.some(({ logStream }) => logStream === current)
      ? []
      : [attempt(current, job.container?.exitCode, job.container?.reason)];
  return {
    id,
    status: job.status ?? '',
    ...given({
      statusReason: job.statusReason,
      createdAt: job.createdAt === undefined ? undefined : new Date(job.createdAt),
    }),
    logGroup: job.container?.logConfiguration?.options?.['awslogs-group'] ?? defaultLogGroup,
    attempts: [...finished, ...running],
  };
}

const attempt = (logStream?: string, exitCode?: number, reason?: string): JobAttempt =>
  given({ logStream, exitCode, reason });
