import { DeregisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import { stateMachineName } from '@bclaw/spec/contract';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { sleep } from '../aws/poll.js';
import { isBusy, readStack, type StackState } from '../aws/stack.js';
import { countRunning, readStateMachine } from '../aws/state-machine.js';
import type { WorkflowResources } from './resources.js';

/** Job definitions without a version that the workflow's next job would not use. */
export interface Leftovers {
  /** Number of deregistered job definitions (in a dry run: to deregister); with `kept`, the number that stay. */
  readonly jobDefinitions: number;
  /** The reason why they stay. */
  readonly kept?: { readonly because: 'running' | 'deploying'; readonly detail: string };
}

/**
 * Deregisters leftovers of deployments of an unversioned workflow: the definitions of steps that were changed or
 * removed since. A job that started earlier continues on the old definition of the state machine, and Batch rejects
 * jobs for a deregistered definition, so all of them stay while a job runs.
 *
 * @param settleMs as in `prune`. "Executions started immediately after calling UpdateStateMachine may use the previous
 * definition" (Step Functions, UpdateStateMachine), so five times this must have passed since the last deployment
 * @returns `undefined` when there are no leftovers
 */
export async function pruneLeftovers(
  clients: Pick<Clients, 'batch' | 'cloudFormation' | 'sfn'>,
  { workflow, stateMachines, withoutVersion }: Pick<WorkflowResources, 'stateMachines' | 'withoutVersion' | 'workflow'>,
  { dryRun, settleMs }: { readonly dryRun: boolean; readonly settleMs: number },
): Promise<Leftovers | undefined> {
  if (withoutVersion.length === 0) return undefined;
  const arn = stateMachines.find(({ name }) => name === stateMachineName(workflow))?.arn;
  const unused = async (definitions: readonly string[]): Promise<readonly string[]> => {
    const machine = arn === undefined ? undefined : await readStateMachine(clients, arn);
    return definitions.filter((definition) => machine?.jobDefinitionArns.includes(definition) !== true);
  };

  const before = await readStack(clients, workflow);
  const found = await unused(withoutVersion);
  if (found.length === 0) return undefined;
  if (!dryRun && before !== undefined) await sleep(before.changedAt.getTime() + 5 * settleMs - Date.now(), undefined);
  const running = arn === undefined ? 0 : await countRunning(clients, arn);
  if (running > 0) {
    const detail = `${running} ${running === 1 ? 'execution is' : 'executions are'} running`;
    return { jobDefinitions: found.length, kept: { because: 'running', detail } };
  }
  if (dryRun) return { jobDefinitions: found.length };

  // A deployment registers a definition first and names it in the state machine afterwards.
  const doomed = await unused(found);
  if (!isSameDeployment(before, await readStack(clients, workflow))) {
    const detail = 'the workflow is being deployed just now';
    return { jobDefinitions: doomed.length, kept: { because: 'deploying', detail } };
  }
  await inParallel(doomed, (jobDefinition) =>
    clients.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition })),
  );
  return { jobDefinitions: doomed.length };
}

const isSameDeployment = (before: StackState | undefined, after: StackState | undefined): boolean =>
  before === undefined || after === undefined
    ? before === after
    : !isBusy(before) && !isBusy(after) && before.changedAt.getTime() === after.changedAt.getTime();
