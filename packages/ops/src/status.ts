import { type BatchJob, type JobAttempt, readJobs } from './batch-job.js';
import type { Clients } from './clients.js';
import { type ExecutionDescription, findExecution } from './find-execution.js';
import { type LogLine, readLastLines } from './job-log.js';
import { poll } from './poll.js';
import { readSteps, type StepRun } from './steps.js';

/** An execution with its steps. */
export interface JobStatus extends ExecutionDescription {
  readonly steps: readonly StepRun[];
  /** Of a failed or stopped execution: why, in a sentence, with what the step's job wrote last. */
  readonly failure?: Failure;
}

export interface Failure {
  /** The step that failed, or that was under way when the execution was stopped. */
  readonly step?: string;
  readonly reason: string;
  /** Exit code of the step's last job. */
  readonly exitCode?: number;
  readonly jobId?: string;
  readonly lastLines: readonly LogLine[];
}

export interface StatusOptions {
  /** The execution's ARN or name. */
  readonly execution: string;
  /** Narrows the search for a name. */
  readonly workflow?: string;
  /** How many lines of the failing step's log. Default 20. */
  readonly logLines?: number;
}

/**
 * Reads how an execution stands: its steps with durations and retries, and for a failed one why.
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
  const steps = await readSteps(clients, execution.arn);
  if (!isFailed(execution.status)) return { ...execution, steps };
  return { ...execution, steps, failure: await explainFailure(clients, execution, steps, options.logLines ?? 20) };
}

const isFailed = (status: ExecutionDescription['status']): boolean =>
  status === 'FAILED' || status === 'TIMED_OUT' || status === 'ABORTED';

async function explainFailure(
  clients: Pick<Clients, 'batch' | 'logs'>,
  execution: ExecutionDescription,
  steps: readonly StepRun[],
  logLines: number,
): Promise<Failure> {
  const ended = steps.filter(({ status }) => status === 'failed');
  // Of an execution that was stopped, those that were under way then.
  const candidates = ended.length > 0 ? ended : steps.filter(({ status }) => status === 'aborted');
  const jobs = await readJobs(
    clients,
    candidates.flatMap(({ jobIds }) => jobIds.slice(-1)),
  );
  const jobOf = (step: StepRun) => jobs.get(step.jobIds.at(-1) ?? '');
  const step = candidates.findLast((one) => jobOf(one)?.status === 'FAILED') ?? candidates.at(-1);
  const jobId = step?.jobIds.at(-1);
  const job = step === undefined ? undefined : jobOf(step);
  const attempt = job?.attempts.at(-1);
  const lastLines =
    job === undefined || attempt?.logStream === undefined
      ? []
      : await readLastLines(clients, job.logGroup, attempt.logStream, logLines);
  return {
    ...(step === undefined ? {} : { step: step.name }),
    reason:
      job?.status === 'FAILED' && execution.status !== 'ABORTED'
        ? jobReason(job, attempt)
        : stateReason(execution, step),
    ...(attempt?.exitCode === undefined ? {} : { exitCode: attempt.exitCode }),
    ...(jobId === undefined ? {} : { jobId }),
    lastLines,
  };
}

function jobReason(job: BatchJob, attempt: JobAttempt | undefined): string {
  const code = attempt?.exitCode;
  if (code === 199) return `bclaw's runner failed (${attempt?.reason ?? job.statusReason ?? 'exit code 199'})`;
  if (code !== undefined && code !== 0) return `the commands ended with exit code ${code}`;
  return attempt?.reason ?? job.statusReason ?? 'the job failed';
}

/** A cause is often the JSON of a Lambda error: its message is what a person wants. */
function stateReason(execution: ExecutionDescription, step: StepRun | undefined): string {
  const stopped = execution.status === 'ABORTED';
  const error = stopped ? execution.error : (step?.error ?? execution.error);
  const cause = stopped ? execution.cause : (step?.cause ?? execution.cause);
  const sentence = lambdaMessage(cause) ?? cause;
  if (sentence !== undefined && sentence !== '') return sentence;
  return error ?? (stopped ? 'the execution was stopped' : 'no cause is recorded');
}

function lambdaMessage(cause: string | undefined): string | undefined {
  if (cause === undefined || !cause.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(cause);
    if (typeof value === 'object' && value !== null && 'errorMessage' in value) return String(value.errorMessage);
  } catch {
    // an ordinary sentence that begins with a brace
  }
  return undefined;
}

export interface WaitOptions extends StatusOptions {
  /** Called when the execution has come further. */
  readonly onProgress?: (status: JobStatus) => void;
  /** Default: no limit. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/**
 * Waits until an execution ends, however it ends.
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
      const status = await readStatus(clients, options);
      const now = JSON.stringify(status.steps.map((step) => [step.name, step.status, step.retries]));
      if (now !== last) options.onProgress?.(status);
      last = now;
      return status.status === 'RUNNING' || status.status === 'PENDING_REDRIVE' ? undefined : status;
    },
    {
      what: `the execution ${options.execution} to end`,
      intervalMs: 100,
      ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
  );
}
