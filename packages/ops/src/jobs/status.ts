import { given } from '@bclaw/spec/given';
import { readJobs } from '../aws/batch-job.js';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { poll } from '../aws/poll.js';
import { type BranchCounts, countBranches, type FailedBranch, readFailedBranches } from './branches.js';
import { explainFailure, type Failure, isFailed } from './failure.js';
import { type ExecutionDescription, findExecution } from './find-execution.js';
import { type ExecutionSteps, readSteps, type StepRun } from './steps.js';

/** A step of an execution; for a scatter with its branches. */
export interface StepReport extends StepRun {
  readonly branches?: BranchCounts;
  /** The first failed branches, at most ten; only in results of {@link readStatus}. */
  readonly failedBranches?: readonly FailedBranch[];
}

/** An execution with its steps. */
export interface JobStatus extends ExecutionDescription {
  readonly steps: readonly StepReport[];
  /** Only for a failed or stopped execution: the reason as a sentence, with the last lines of the step's log. */
  readonly failure?: Failure;
}

const mostFailedBranches = 10;

export interface StatusOptions {
  /** The execution's ARN or name. */
  readonly execution: string;
  /** Narrows the search for a name. */
  readonly workflow?: string;
  /** Number of lines of the failing step's log. Default 20. */
  readonly logLines?: number;
}

/**
 * Reads the status of an execution: its steps with durations, retries and branches, and the reason of a failure, which
 * is also searched in branches of scatters and in subpipes.
 *
 * @throws BclawError `no-such-execution`
 *
 * @example
 * ```ts
 * const status = await readStatus(createClients(), { execution: 'sample-1_AbCdEfGh' });
 * if (status.failure) console.error(status.failure.reason);
 * ```
 */
export async function readStatus(
  clients: Pick<Clients, 'sfn' | 'batch' | 'logs'>,
  options: StatusOptions,
): Promise<JobStatus> {
  const execution = await findExecution(clients, options.execution, options);
  const steps = await withJobRetries(clients, await readSteps(clients, execution.arn));
  const reports = await withBranches(clients, steps, 'with failed branches');
  if (!isFailed(execution.status)) return { ...execution, steps: reports };
  const failure = await explainFailure(clients, execution, steps, options.logLines ?? 20);
  return { ...execution, steps: reports, failure };
}

/** The steps, with the retries by AWS Batch that the history does not tell. */
async function withJobRetries(
  clients: Pick<Clients, 'batch'>,
  { steps, unsettledJobs }: ExecutionSteps,
): Promise<readonly StepRun[]> {
  if (unsettledJobs.size === 0) return steps;
  const jobs = await readJobs(clients, [...unsettledJobs.values()]);
  return steps.map((step, position) => {
    const retries = (jobs.get(unsettledJobs.get(position) ?? '')?.attempts.length ?? 0) - 1;
    return retries > 0 ? { ...step, retries: step.retries + retries } : step;
  });
}

/** The steps, with the status of their branches. */
async function withBranches(
  clients: Pick<Clients, 'sfn'>,
  steps: readonly StepRun[],
  failed: 'with failed branches' | 'counts only',
): Promise<StepReport[]> {
  return await inParallel(steps, async (step) => {
    const { mapRunArn } = step;
    if (mapRunArn === undefined) return step;
    const branches = await countBranches(clients, mapRunArn);
    if (branches.failed === 0 || failed === 'counts only') return { ...step, branches };
    return { ...step, branches, failedBranches: await readFailedBranches(clients, mapRunArn, mostFailedBranches) };
  });
}

export interface WaitOptions extends StatusOptions {
  /** Called when the execution has progressed. */
  readonly onProgress?: (status: JobStatus) => void;
  /** Default: no limit. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Waits until an execution ends, with any status.
 *
 * @throws BclawError `no-such-execution`, `timed-out`
 */
export async function waitForEnd(
  clients: Pick<Clients, 'sfn' | 'batch' | 'logs'>,
  options: WaitOptions,
): Promise<JobStatus> {
  let last = '';
  return await poll(
    async () => {
      const execution = await findExecution(clients, options.execution, options);
      const isOver = execution.status !== 'RUNNING' && execution.status !== 'PENDING_REDRIVE';
      // The reason is only needed at the end; progress only when there is a callback.
      if (!isOver && options.onProgress === undefined) return undefined;
      const status = isOver
        ? await readStatus(clients, { ...options, execution: execution.arn })
        : await readProgress(clients, execution);
      const now = JSON.stringify(
        status.steps.map(({ name, status, retries, branches }) => [name, status, retries, branches]),
      );
      if (now !== last) options.onProgress?.(status);
      last = now;
      return isOver ? status : undefined;
    },
    {
      what: `the execution ${options.execution} to end`,
      intervalMs: 100,
      ...given({ timeoutMs: options.timeoutMs, signal: options.signal }),
    },
  );
}

async function readProgress(
  clients: Pick<Clients, 'sfn' | 'batch'>,
  execution: ExecutionDescription,
): Promise<JobStatus> {
  const steps = await withJobRetries(clients, await readSteps(clients, execution.arn));
  return { ...execution, steps: await withBranches(clients, steps, 'counts only') };
}
