import {
  DescribeStateMachineCommand,
  ListTagsForResourceCommand,
  paginateListExecutions,
  paginateListStateMachines,
} from '@aws-sdk/client-sfn';
import { parseVersionedName, tagKeys } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import type { Clients } from './clients.js';
import { isAwsError } from './explain-error.js';
import { inParallel } from './in-parallel.js';

/** The state machine of a workflow's version. */
export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  /** `deleting`: rejects new executions and disappears when the last one ends. */
  readonly status: 'active' | 'deleting';
  readonly createdAt: Date;
  /** ARNs of the job definitions that its states submit. */
  readonly jobDefinitionArns: readonly string[];
  /** Its Amazon States Language. */
  readonly definition: string;
  readonly roleArn?: string;
  /** Of a published version. */
  readonly description?: string;
}

/** The state machine with this ARN, or `undefined` when there is none. */
export async function readStateMachine(clients: Pick<Clients, 'sfn'>, arn: string): Promise<StateMachine | undefined> {
  try {
    const machine = await clients.sfn.send(new DescribeStateMachineCommand({ stateMachineArn: arn }));
    const definition = machine.definition ?? '{}';
    return {
      arn,
      name: machine.name ?? '',
      status: machine.status === 'DELETING' ? 'deleting' : 'active',
      createdAt: machine.creationDate ?? new Date(0),
      jobDefinitionArns: [...new Set(submittedJobDefinitions(JSON.parse(definition)))],
      definition,
      ...given({ roleArn: machine.roleArn, description: machine.description }),
    };
  } catch (error) {
    if (isAwsError(error, 'StateMachineDoesNotExist')) return undefined;
    throw error;
  }
}

/** Every `JobDefinition` in a definition's states, at any depth and in either query language. */
function* submittedJobDefinitions(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'JobDefinition' && typeof value === 'string') yield value;
    else yield* submittedJobDefinitions(value);
  }
}

/** A state machine in the list of all. */
export interface ListedStateMachine {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
}

/** All state machines of the account and region: one call for every 1,000. */
export async function listStateMachines(clients: Pick<Clients, 'sfn'>): Promise<ListedStateMachine[]> {
  const found: ListedStateMachine[] = [];
  for await (const page of paginateListStateMachines({ client: clients.sfn, pageSize: 1000 }, {})) {
    for (const { name, stateMachineArn, creationDate } of page.stateMachines ?? []) {
      if (name === undefined || stateMachineArn === undefined) continue;
      found.push({ name, arn: stateMachineArn, createdAt: creationDate ?? new Date(0) });
    }
  }
  return found;
}

/**
 * The state machines of a workflow's versions, whether the workflow is deployed or not. A foreign state machine with
 * such a name does not have the workflow's tag and is left out.
 *
 * @param owned versions that are the workflow's for certain, so that their tags need not be read: those with a launcher
 * version or a job definition, because CloudFormation takes both back when it can't create the state machine
 */
export async function listWorkflowMachines(
  clients: Pick<Clients, 'sfn'>,
  workflow: string,
  machines: readonly ListedStateMachine[],
  owned: ReadonlySet<number> = new Set(),
): Promise<(ListedStateMachine & { version?: number })[]> {
  const named = machines.flatMap((machine) => {
    const { base, version } = parseVersionedName(machine.name);
    return base === workflow ? [{ ...machine, ...given({ version }) }] : [];
  });
  const isOwn = await inParallel(
    named,
    async ({ arn, version }) =>
      (version !== undefined && owned.has(version)) || (await hasWorkflowTag(clients, arn, workflow)),
  );
  return named.filter((_, index) => isOwn[index] === true);
}

/** Step Functions refills `ListTagsForResource` at one a second, so it is asked only where nothing else tells. */
async function hasWorkflowTag(clients: Pick<Clients, 'sfn'>, resourceArn: string, workflow: string): Promise<boolean> {
  try {
    const { tags } = await clients.sfn.send(new ListTagsForResourceCommand({ resourceArn }));
    return (tags ?? []).some(({ key, value }) => key === tagKeys.workflow && value === workflow);
  } catch (error) {
    // Deleted since it was listed.
    if (isAwsError(error, 'ResourceNotFound', 'StateMachineDoesNotExist')) return false;
    throw error;
  }
}

/** Number of running executions of a state machine; 0 when it does not exist. */
export async function countRunning(clients: Pick<Clients, 'sfn'>, arn: string): Promise<number> {
  return (await listRunning(clients, arn)).length;
}

/** ARNs of the running executions of a state machine; none when it does not exist. */
export async function listRunning(clients: Pick<Clients, 'sfn'>, arn: string): Promise<string[]> {
  const running: string[] = [];
  try {
    const request = { stateMachineArn: arn, statusFilter: 'RUNNING' } as const;
    for await (const page of paginateListExecutions({ client: clients.sfn, pageSize: 1000 }, request)) {
      for (const { executionArn } of page.executions ?? []) if (executionArn !== undefined) running.push(executionArn);
    }
  } catch (error) {
    if (!isAwsError(error, 'StateMachineDoesNotExist')) throw error;
  }
  return running;
}
