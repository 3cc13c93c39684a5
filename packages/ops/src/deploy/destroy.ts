import { DeregisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import { DeleteStateMachineCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { workflowOutputs } from '@bclaw/compiler';
import { BclawError } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { listJobDefinitions } from '../aws/job-definition.js';
import { poll, sleep } from '../aws/poll.js';
import { countMessages } from '../aws/queue.js';
import { isInReview, isStillborn, readStack, requireIdle, type StackState } from '../aws/stack.js';
import type { StackEvent } from '../aws/stack-events.js';
import { listRunning, listStateMachines, listWorkflowMachines, readStateMachine } from '../aws/state-machine.js';
import { recordsBucket, settleLaunchRecords } from '../jobs/launch-records.js';
import { closeStateMachine } from '../versions/close-version.js';
import { deleteStack } from './deploy-stack.js';
import { requireWorkflow } from './deployment.js';

export interface DestroyOptions {
  readonly workflow: string;
  /** Stops running executions, and discards the launches that wait, instead of failing. Default `false`. */
  readonly stopRunning?: boolean;
  /** The core stack's name. Default `bayerclaw2`. */
  readonly installation?: string;
  /** As in `prune`: until the lists of Step Functions are complete, in milliseconds. Default 2,000. */
  readonly settleMs?: number;
  /** Called with each event of the stack as it comes. */
  readonly onEvent?: (event: StackEvent) => void;
  readonly signal?: AbortSignal;
}

/** The resources of a workflow that exist, or that were deleted. */
export interface Remains {
  readonly workflow: string;
  /** Name of its stack; absent when it was deleted and only its retained resources are left. */
  readonly stack?: string;
  readonly stateMachines: readonly { readonly name: string; readonly arn: string; readonly version?: number }[];
  /** ARNs of the active ones. */
  readonly jobDefinitions: readonly string[];
  /** ARNs of the running executions. */
  readonly running: readonly string[];
  /** Number of job files in the launch queue, as SQS counts: a launch of the last minute may still be among them. */
  readonly waiting: number;
}

/**
 * Finds everything that {@link destroy} would delete, including orphans of a deleted stack.
 *
 * @throws BclawError `no-such-workflow` when there is nothing; `not-a-workflow` for a foreign stack
 */
export async function findRemains(
  clients: Pick<Clients, 'batch' | 'cloudFormation' | 'sfn' | 'sqs'>,
  workflow: string,
): Promise<Remains> {
  const [stack, machines, definitions] = await Promise.all([
    ownStack(clients, workflow),
    listStateMachines(clients),
    listJobDefinitions(clients, workflow),
  ]);
  const owned = new Set(definitions.flatMap(({ version }) => (version === undefined ? [] : [version])));
  const stateMachines = await listWorkflowMachines(clients, workflow, machines, owned);
  const queueUrl = stack?.outputs[workflowOutputs.launchQueueUrl];
  const [running, waiting] = await Promise.all([
    inParallel(stateMachines, ({ arn }) => listRunning(clients, arn)),
    queueUrl === undefined ? 0 : countMessages(clients, queueUrl),
  ]);
  if (stack === undefined && stateMachines.length === 0 && definitions.length === 0) {
    throw new BclawError('no-such-workflow', `There is no workflow "${workflow}" here, nor anything left of one.`, {
      hint: 'Check the name, the region and the account.',
    });
  }
  return {
    workflow,
    ...given({ stack: stack?.name }),
    stateMachines,
    jobDefinitions: definitions.map(({ arn }) => arn),
    running: running.flat(),
    waiting,
  };
}

/**
 * Deletes a workflow: its stack, then all resources that the stack retains for older versions. Job files, their launch
 * records and all results stay where they are.
 *
 * Can be interrupted at any point and run again. Also removes the leftovers of a stack that was deleted without it.
 *
 * @returns what was deleted
 * @throws BclawError `no-such-workflow`, `not-a-workflow`, `still-running`, `stack-busy`, `deletion-failed`
 *
 * @example
 * ```ts
 * const { stateMachines } = await destroy(createClients(), { workflow: 'variant-calling' });
 * ```
 */
export async function destroy(
  clients: Pick<Clients, 'batch' | 'cloudFormation' | 's3' | 'sfn' | 'sqs'>,
  options: DestroyOptions,
): Promise<Remains> {
  const { workflow } = options;
  const before = await findRemains(clients, workflow);
  await endRunning(clients, before, options);
  // From here on no job can start; job files that arrive now become dead letters, or go with the queue.
  await inParallel(before.stateMachines, ({ arn }) => closeStateMachine(clients, arn));
  if (before.stateMachines.length > 0) await sleep(options.settleMs ?? 2_000, options.signal);
  const started = await findRemains(clients, workflow);
  await endRunning(clients, started, options);
  const launcherBucket = await recordsBucket(clients, options.installation);
  for (const { arn: stateMachineArn, version } of before.stateMachines) {
    if (version === undefined) continue;
    await settleLaunchRecords(clients, { launcherBucket, workflow, version, stateMachineArn });
  }
  const stack = await ownStack(clients, workflow);
  if (stack !== undefined) {
    requireIdle(stack);
    await deleteStack(clients, stack, options);
  }
  const { stateMachines, jobDefinitions } = await findLeft(clients, workflow);
  await inParallel(stateMachines, ({ arn: stateMachineArn }) =>
    clients.sfn.send(new DeleteStateMachineCommand({ stateMachineArn })),
  );
  await inParallel(jobDefinitions, (jobDefinition) =>
    clients.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition })),
  );
  // A new stack could not use their names while they exist.
  await inParallel(stateMachines, ({ name, arn }) =>
    poll(async () => ((await readStateMachine(clients, arn)) === undefined ? 'gone' : undefined), {
      what: `Step Functions to delete the state machine ${name}`,
      timeoutMs: 300_000,
      intervalMs: 100,
      hint: 'It goes when its last execution has ended; run this again to see.',
      ...given({ signal: options.signal }),
    }),
  );
  return before;
}

async function findLeft(
  clients: Pick<Clients, 'batch' | 'cloudFormation' | 'sfn' | 'sqs'>,
  workflow: string,
): Promise<Remains> {
  try {
    return await findRemains(clients, workflow);
  } catch (error) {
    if (!(error instanceof BclawError) || error.code !== 'no-such-workflow') throw error;
    return { workflow, stateMachines: [], jobDefinitions: [], running: [], waiting: 0 };
  }
}

/** The workflow's stack, if it exists. */
async function ownStack(clients: Pick<Clients, 'cloudFormation'>, workflow: string): Promise<StackState | undefined> {
  const stack = await readStack(clients, workflow);
  if (stack === undefined || stack.status === 'DELETE_COMPLETE') return undefined;
  // A stack whose creation failed has no outputs to identify it, and nothing that could be lost.
  if (!isStillborn(stack) && !isInReview(stack)) requireWorkflow(stack);
  return stack;
}

/**
 * Step Functions aborts the executions of a deleted state machine at their next transition, and a deleted queue takes its
 * messages along, so both are ended explicitly or the deletion is refused.
 */
async function endRunning(
  clients: Pick<Clients, 'sfn'>,
  { workflow, running, waiting }: Pick<Remains, 'workflow' | 'running' | 'waiting'>,
  { stopRunning = false }: DestroyOptions,
): Promise<void> {
  if (running.length === 0 && (waiting === 0 || stopRunning)) return;
  if (!stopRunning) throw running.length > 0 ? stillRunning(workflow, running.length) : stillWaiting(workflow, waiting);
  await inParallel(running, (executionArn) =>
    clients.sfn.send(
      new StopExecutionCommand({
        executionArn,
        error: 'Destroyed',
        cause: `The workflow ${workflow} is being destroyed.`,
      }),
    ),
  );
}

function stillRunning(workflow: string, count: number): BclawError {
  const jobs = count === 1 ? 'A job of' : `${count} jobs of`;
  return new BclawError('still-running', `${jobs} "${workflow}" ${count === 1 ? 'is' : 'are'} running.`, {
    hint: `See them with \`bclaw executions ${workflow} --status RUNNING\`; wait until they end, or stop them with --stop-running.`,
  });
}

function stillWaiting(workflow: string, count: number): BclawError {
  const files = count === 1 ? 'A job file of' : `${count} job files of`;
  return new BclawError('still-running', `${files} "${workflow}" ${count === 1 ? 'waits' : 'wait'} to be launched.`, {
    hint: 'Wait until their jobs have run, or discard the launches with --stop-running: the files stay in the launcher bucket.',
  });
}
