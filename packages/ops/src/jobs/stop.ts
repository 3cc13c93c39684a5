import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import { BclawError } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import { readJobs } from '../aws/batch-job.js';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { poll } from '../aws/poll.js';
import { countBranches, listBranches } from './branches.js';
import { describeExecution, type ExecutionDescription, findExecution } from './find-execution.js';
import { readSteps } from './steps.js';

export interface StopOptions {
  /** The execution's ARN or name. */
  readonly execution: string;
  /** Narrows the search for a name. */
  readonly workflow?: string;
  /** The reason, which Step Functions keeps with the execution. At most 32,768 characters. */
  readonly cause?: string;
  /** Maximum time until the execution and its Batch jobs have ended, in milliseconds. Default: three minutes. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export interface StopResult {
  readonly workflow: string;
  readonly name: string;
  readonly arn: string;
  /** Absent in an unversioned workflow. */
  readonly version?: number;
  readonly cause: string;
  /** Number of Batch jobs that the stop ended, including those of branches and subpipes. */
  readonly stoppedJobs: number;
}

/** Error name of an execution that a person stopped. */
const stoppedError = 'Stopped';

/** AWS Step Functions, `StopExecution`: maximum length of the cause. */
const longestCause = 32_768;

/**
 * Stops a running execution, and waits until its Batch jobs have ended: those of its steps, of its branches and of its
 * subpipes. Step Functions ends them itself, but promises only its best effort.
 *
 * @throws BclawError `no-such-execution`; `not-running` when it has ended already; `timed-out` when a job goes on
 *
 * @example
 * ```ts
 * await stop(createClients(), { execution: 'sample-1_AbCdEfGh', cause: 'wrong reference genome' });
 * ```
 */
export async function stop(
  clients: Pick<Clients, 'batch' | 'lambda' | 'sfn'>,
  options: StopOptions,
): Promise<StopResult> {
  const execution = await requireRunning(clients, options);
  const { arn, name, workflow, version } = execution;
  const cause = (options.cause ?? 'Stopped with `bclaw stop`.').slice(0, longestCause);
  await clients.sfn.send(new StopExecutionCommand({ executionArn: arn, error: stoppedError, cause }));
  const ended = new Set<string>();
  let open: readonly string[] = [];
  try {
    await poll(
      async () => {
        open = await openWork(clients, arn, ended);
        return open.length === 0 ? 'over' : undefined;
      },
      { what: '', timeoutMs: options.timeoutMs ?? 180_000, ...given({ signal: options.signal }) },
    );
  } catch (error) {
    if (!(error instanceof BclawError) || error.code !== 'timed-out') throw error;
    throw new BclawError('timed-out', `"${name}" was stopped, but ${open.length} of its jobs have not ended yet.`, {
      hint: `See whether they do: ${open.slice(0, 3).join(', ')}${open.length > 3 ? ', …' : ''}. \`aws batch terminate-job --reason stopped --job-id <id>\` ends one.`,
    });
  }
  return { workflow, name, arn, ...given({ version }), cause, stoppedJobs: ended.size };
}

/**
 * Finds an execution that runs.
 *
 * @throws BclawError `no-such-execution`, `not-running`
 */
export async function requireRunning(
  clients: Pick<Clients, 'lambda' | 'sfn'>,
  options: { readonly execution: string; readonly workflow?: string },
): Promise<ExecutionDescription> {
  const execution = await findExecution(clients, options.execution, options);
  if (execution.status === 'RUNNING' || execution.status === 'PENDING_REDRIVE') return execution;
  throw new BclawError('not-running', `The execution "${execution.name}" does not run: it is ${execution.status}.`, {
    hint: `Nothing was changed. \`bclaw executions ${execution.workflow} --status RUNNING\` lists those that run.`,
  });
}

/**
 * The ids of the Batch jobs that have not ended yet, of a stopped execution and of those that it started, and the ARNs
 * of executions that still run.
 *
 * @param ended collects the jobs of aborted steps that have ended
 */
async function openWork(
  clients: Pick<Clients, 'batch' | 'sfn'>,
  executionArn: string,
  ended: Set<string>,
): Promise<string[]> {
  const execution = await describeExecution(clients, executionArn);
  if (execution === undefined) return [];
  if (execution.status === 'RUNNING') return [executionArn];
  const { steps } = await readSteps(clients, executionArn);
  const stopped = steps.filter(({ status }) => status === 'aborted');
  const ids = stopped.flatMap(({ jobIds }) => jobIds.slice(-1)).filter((id) => !ended.has(id));
  const jobs = await readJobs(clients, ids);
  const open: string[] = [];
  for (const id of ids) {
    const status = jobs.get(id)?.status ?? 'FAILED'; // AWS Batch deletes jobs that have ended
    if (status === 'SUCCEEDED' || status === 'FAILED') ended.add(id);
    else open.push(id);
  }
  const inner = await inParallel(stopped, async ({ mapRunArn, executionArn: subpipe }) => {
    const started = subpipe === undefined ? [] : [subpipe];
    if (mapRunArn === undefined) return started;
    const { running, waiting } = await countBranches(clients, mapRunArn);
    if (running + waiting > 0) return [mapRunArn];
    return [...started, ...(await listBranches(clients, mapRunArn, 'ABORTED'))];
  });
  const below = await inParallel(inner.flat(), async (arn) =>
    arn.includes(':mapRun:') ? [arn] : await openWork(clients, arn, ended),
  );
  return [...open, ...below.flat()];
}
