import { hopelessExitCode, runnerErrorExitCode } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { type BatchJob, type JobAttempt, readJobs } from '../aws/batch-job.js';
import type { Clients } from '../aws/clients.js';
import { readFailedBranches } from './branches.js';
import { describeExecution, type ExecutionDescription } from './find-execution.js';
import { type LogLine, readLastLines } from './job-log.js';
import { readSteps, type StepRun, textIn } from './steps.js';

/** A step that continued the job in another execution: a branch of a scatter, or a subpipe. */
export interface Detour {
  /** The state that started the execution: `<step>.map` of a scatter, `<step>.subpipe` of a subpipe. */
  readonly step: string;
  /** Index of the branch, such as `00042`; absent for a subpipe. */
  readonly branch?: string;
  /** ARN of the execution; its steps and logs can be read like those of a job. */
  readonly execution: string;
}

/** The reason why a job failed or was stopped. */
export interface Failure {
  /** Path to the step, from the job inwards; empty when the step belongs to the job's own execution. */
  readonly within: readonly Detour[];
  /** The step that failed, or that was running when the execution was stopped. */
  readonly step?: string;
  readonly reason: string;
  /** Exit code of the step's last job. */
  readonly exitCode?: number;
  readonly jobId?: string;
  readonly lastLines: readonly LogLine[];
}

export const isFailed = (status: ExecutionDescription['status']): boolean =>
  status === 'FAILED' || status === 'TIMED_OUT' || status === 'ABORTED';

/** Number of last lines among which the runner's sentence is searched, however few are shown. */
const linesWithReason = 20;

/** Scatters and subpipes can be nested; the limit ends the search in a workflow that calls itself. */
const deepest = 20;

/**
 * Finds the reason why an execution failed: the failing step, including steps in branches and subpipes, and the last
 * lines of its job's log.
 *
 * @param logLines number of lines of the log
 */
export async function explainFailure(
  clients: Pick<Clients, 'batch' | 'logs' | 'sfn'>,
  execution: ExecutionDescription,
  steps: readonly StepRun[],
  logLines: number,
  within: readonly Detour[] = [],
): Promise<Failure> {
  const blamed = steps.filter((step) => isOpenFailure(step, steps));
  const failed = blamed.filter(({ status }) => status === 'failed');
  // For a stopped execution, the steps that were running then.
  const candidates = failed.length > 0 ? failed : blamed;
  const jobs = await readJobs(
    clients,
    candidates.flatMap(({ jobIds }) => jobIds.slice(-1)),
  );
  const jobOf = (step: StepRun) => jobs.get(step.jobIds.at(-1) ?? '');
  const ofJob = candidates.findLast((one) => jobOf(one)?.status === 'FAILED');
  if (ofJob === undefined && within.length < deepest) {
    for (const step of failed.toReversed()) {
      const detour = await failedDetour(clients, step);
      const inner = detour && (await describeExecution(clients, detour.execution));
      if (detour === undefined || inner === undefined || !isFailed(inner.status)) continue;
      const { steps: innerSteps } = await readSteps(clients, inner.arn);
      return await explainFailure(clients, inner, innerSteps, logLines, [...within, detour]);
    }
  }
  const step = ofJob ?? candidates.at(-1);
  const jobId = step?.jobIds.at(-1);
  const job = step === undefined ? undefined : jobOf(step);
  const attempt = job?.attempts.at(-1);
  const lastLines =
    job === undefined || attempt?.logStream === undefined
      ? []
      : await readLastLines(clients, job.logGroup, attempt.logStream, Math.max(logLines, linesWithReason));
  return {
    within,
    ...given({ step: step?.name }),
    reason:
      job?.status === 'FAILED' && execution.status !== 'ABORTED'
        ? jobReason(job, attempt, lastLines)
        : stateReason(execution, step),
    ...given({ exitCode: attempt?.exitCode, jobId }),
    lastLines: logLines === 0 ? [] : lastLines.slice(-logLines),
  };
}

/**
 * Returns true if a step failed and so did every state around it: a failure that was caught or retried did not fail the
 * execution.
 */
function isOpenFailure({ status, container }: StepRun, steps: readonly StepRun[]): boolean {
  if (status !== 'failed' && status !== 'aborted') return false;
  const around = container === undefined ? undefined : steps[container];
  return around === undefined || isOpenFailure(around, steps);
}

/** Error name of a distributed Map that failed because of its branches; any other error has another cause. */
const tooManyFailed = 'States.ExceedToleratedFailureThreshold';

/** The execution in which a step failed, when it differs from the step's own. */
async function failedDetour(clients: Pick<Clients, 'sfn'>, step: StepRun): Promise<Detour | undefined> {
  if (step.executionArn !== undefined) return { step: step.name, execution: step.executionArn };
  if (step.mapRunArn === undefined || (step.error ?? tooManyFailed) !== tooManyFailed) return undefined;
  const [first] = await readFailedBranches(clients, step.mapRunArn, 1);
  return first && { step: step.name, branch: first.index, execution: first.execution };
}

function jobReason(job: BatchJob, attempt: JobAttempt | undefined, lines: readonly LogLine[]): string {
  const code = attempt?.exitCode;
  if (code === runnerErrorExitCode || code === hopelessExitCode) {
    const sentence = lines.findLast(({ level }) => level === 'error') ?? lines.at(-1);
    return sentence?.text ?? `bclaw's runner ended with exit code ${code} and left no log`;
  }
  if (code !== undefined && code !== 0) {
    const sentence = lines.find(({ level, text }) => level === 'error' && text.startsWith('The commands were '))?.text;
    return sentence ?? `the commands ended with exit code ${code}`;
  }
  return attempt?.reason ?? job.statusReason ?? 'the job failed';
}

/** A cause is often the JSON of a Lambda error or of an execution; its message is the useful part. */
function stateReason(execution: ExecutionDescription, step: StepRun | undefined): string {
  const stopped = execution.status === 'ABORTED';
  const error = stopped ? execution.error : (step?.error ?? execution.error);
  const cause = stopped ? execution.cause : (step?.cause ?? execution.cause);
  const sentence = textIn(cause, 'errorMessage') ?? textIn(cause, 'Cause') ?? textIn(cause, 'StatusReason') ?? cause;
  if (sentence !== undefined && sentence !== '') return sentence;
  return error ?? (stopped ? 'the execution was stopped' : 'no cause is recorded');
}
