import { type JobNote, mainIndex, stateName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { readJobs } from '../aws/batch-job.js';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { poll } from '../aws/poll.js';
import { type BranchCounts, countBranches, type FailedBranch, readFailedBranches } from './branches.js';
import { explainFailure, type Failure, isFailed } from './failure.js';
import { type ExecutionDescription, findExecution } from './find-execution.js';
import { readNotes, type StepWarning } from './notes.js';
import { type ExecutionSteps, readSteps, type StepRun } from './steps.js';

/** A step of an execution; for a scatter with its branches. */
export interface StepReport extends StepRun {
  readonly branches?: BranchCounts;
  /** The first failed branches, at most ten. */
  readonly failedBranches?: readonly FailedBranch[];
  /** Outputs that its commands did not write and, with `missing_outputs: warn`, did not have to. */
  readonly missingOutputs?: readonly string[];
}

/** The same that happened in branches of the job's scatters. */
export interface BranchNotes {
  readonly step: string;
  readonly kind: 'skipped' | 'missing-output';
  /** Only for a missing output. */
  readonly output?: string;
  readonly branches: number;
}

/** An execution with its steps. */
export interface JobStatus extends ExecutionDescription {
  readonly steps: readonly StepReport[];
  /** Skipped steps and missing outputs in branches; only for a job that has any. */
  readonly inBranches?: readonly BranchNotes[];
  /** The functions' warnings about steps that succeeded, the first ten; only for a job that has any. */
  readonly warnings?: readonly StepWarning[];
  /**
   * Only when not all skipped steps, missing outputs and warnings are known: `denied` when S3 does not let the caller list the
   * repository's `_control_/notes/`, `many` when there are more than a thousand, or more than ten warnings.
   */
  readonly notesIncomplete?: 'denied' | 'many';
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
  clients: Pick<Clients, 'sfn' | 'batch' | 'lambda' | 'logs' | 's3'>,
  options: StatusOptions,
): Promise<JobStatus> {
  const execution = await findExecution(clients, options.execution, options);
  const read = await readSteps(clients, execution.arn);
  const steps = await withJobRetries(clients, read);
  const reports = await withBranches(clients, steps);
  const status = { ...execution, ...(await withNotes(clients, reports, read)) };
  if (!isFailed(execution.status)) return status;
  const failure = await explainFailure(clients, execution, steps, options.logLines ?? 20);
  return { ...status, failure };
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

/** The steps, with what the runner noted about their jobs. */
async function withNotes(
  clients: Pick<Clients, 's3'>,
  steps: readonly StepReport[],
  { job, branch = mainIndex }: ExecutionSteps,
): Promise<Pick<JobStatus, 'steps' | 'inBranches' | 'warnings' | 'notesIncomplete'>> {
  // Only a job that has succeeded can have a note, and a scatter.
  const names = new Set(steps.map(({ name }) => name));
  const isScatter = ({ name }: StepReport) => names.has(stateName(name, 'any'));
  if (job === undefined || !steps.some((step) => hasSucceeded(step) || isScatter(step))) return { steps };
  const read = await readNotes(clients, job);
  if (read === undefined) return { steps, notesIncomplete: 'denied' };
  const { notes, warnings, more } = read;
  const inBranches = branch === mainIndex ? branchNotes(notes) : [];
  const here = branch === mainIndex ? warnings : warnings.filter(({ index }) => index === branch);
  return {
    steps: steps.map((step) => noted(step, notes)),
    ...(inBranches.length === 0 ? {} : { inBranches }),
    ...(here.length === 0 ? {} : { warnings: here }),
    ...(more ? { notesIncomplete: 'many' } : {}),
  };
}

const hasSucceeded = ({ status, jobIds, branches }: StepReport) =>
  status === 'succeeded' && (jobIds.length > 0 || branches !== undefined);

function noted(step: StepReport, notes: readonly JobNote[]): StepReport {
  const own = notes.filter(({ jobId }) => jobId === step.jobIds.at(-1));
  if (step.status !== 'succeeded' || own.length === 0) return step;
  const missingOutputs = own.flatMap((note) => (note.kind === 'missing-output' ? [note.output] : []));
  return {
    ...step,
    ...(own.some(({ kind }) => kind === 'skipped') ? { status: 'skipped' } : {}),
    ...(missingOutputs.length === 0 ? {} : { missingOutputs }),
  };
}

function branchNotes(notes: readonly JobNote[]): BranchNotes[] {
  const found = new Map<string, BranchNotes>();
  for (const note of notes) {
    if (note.index === mainIndex || note.kind === 'warning') continue;
    const output = note.kind === 'missing-output' ? note.output : undefined;
    const key = JSON.stringify([note.step, note.kind, output]);
    const branches = (found.get(key)?.branches ?? 0) + 1;
    found.set(key, { step: note.step, kind: note.kind, ...given({ output }), branches });
  }
  return [...found.values()];
}

/** The failed branches of map runs, by ARN and number, so that they are read again only when there are more. */
type FailedBranches = Map<string, readonly FailedBranch[]>;

/** The steps, with the status of their branches. */
async function withBranches(
  clients: Pick<Clients, 'sfn'>,
  steps: readonly StepRun[],
  known: FailedBranches = new Map(),
): Promise<StepReport[]> {
  return await inParallel(steps, async (step) => {
    const { mapRunArn, items } = step;
    if (mapRunArn === undefined) return step;
    const branches = await countBranches(clients, mapRunArn, items);
    if (branches.failed === 0) return { ...step, branches };
    const key = `${mapRunArn} ${branches.failed}`;
    const failedBranches = known.get(key) ?? (await readFailedBranches(clients, mapRunArn, mostFailedBranches));
    known.set(key, failedBranches);
    return { ...step, branches, failedBranches };
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
  clients: Pick<Clients, 'sfn' | 'batch' | 'lambda' | 'logs' | 's3'>,
  options: WaitOptions,
): Promise<JobStatus> {
  let last = '';
  const failedBranches: FailedBranches = new Map();
  let found: string | undefined;
  return await poll(
    async () => {
      const execution = await findExecution(clients, found ?? options.execution, options);
      found = execution.arn;
      const isOver = execution.status !== 'RUNNING' && execution.status !== 'PENDING_REDRIVE';
      if (isOver) {
        const status = await readStatus(clients, { ...options, execution: execution.arn });
        if (progressOf(status.steps) !== last) options.onProgress?.(status);
        return status;
      }
      if (options.onProgress === undefined) return undefined;
      const read = await readSteps(clients, execution.arn);
      const steps = await withBranches(clients, await withJobRetries(clients, read), failedBranches);
      const now = progressOf(steps);
      // Notes are listed only for a step that has just ended, and the reason of a failure is only read at the end.
      if (now !== last) options.onProgress({ ...execution, ...(await withNotes(clients, steps, read)) });
      last = now;
      return undefined;
    },
    {
      what: `the execution ${options.execution} to end`,
      intervalMs: 100,
      // Someone is watching.
      ...(options.onProgress === undefined ? {} : { maxIntervalMs: 2_000 }),
      ...given({ timeoutMs: options.timeoutMs, signal: options.signal }),
    },
  );
}

/** Equal as long as nothing has happened that is shown. */
const progressOf = (steps: readonly StepReport[]): string =>
  JSON.stringify(steps.map(({ name, status, retries, branches }) => [name, status, retries, branches]));
