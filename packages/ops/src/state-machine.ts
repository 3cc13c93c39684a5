import { DescribeStateMachineCommand, paginateListExecutions, paginateListStateMachines } from '@aws-sdk/client-sfn';
import type { Clients } from './clients.js';
import { isAwsError } from './explain-error.js';

/** The state machine of a workflow's version. */
export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  /** `deleting`: takes no new executions and goes when the last one ends. */
  readonly status: 'active' | 'deleting';
  readonly createdAt: Date;
  /** ARNs of the job definitions that its states submit. */
  readonly jobDefinitionArns: readonly string[];
  /** Its Amazon States Language. */
  readonly definition: string;
}

/** The state machine of that ARN, or `undefined` when there is none. */
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
    };
  } catch (error) {
    if (isAwsError(error, 'StateMachineDoesNotExist')) return undefined;
    throw error;
  }
}

/** Every `JobDefinition` that a definition's states name, in whatever depth and query language. */
function* submittedJobDefinitions(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'JobDefinition' && typeof value === 'string') yield value;
    else yield* submittedJobDefinitions(value);
  }
}

/** Names and ARNs of all state machines of the account and region. */
export async function listStateMachines(clients: Pick<Clients, 'sfn'>): Promise<{ name: string; arn: string }[]> {
  const found: { name: string; arn: string }[] = [];
  for await (const page of paginateListStateMachines({ client: clients.sfn, pageSize: 1000 }, {})) {
    for (const { name, stateMachineArn } of page.stateMachines ?? []) {
      if (name !== undefined && stateMachineArn !== undefined) found.push({ name, arn: stateMachineArn });
    }
  }
  return found;
}

/** How many executions of a state machine are running; none when it does not exist. */
export async function countRunning(clients: Pick<Clients, 'sfn'>, arn: string): Promise<number> {
  let running = 0;
  try {
    const request = { stateMachineArn: arn, statusFilter: 'RUNNING' } as const;
    for await (const page of paginateListExecutions({ client: clients.sfn, pageSize: 1000 }, request)) {
      running += page.executions?.length ?? 0;
    }
  } catch (error) {
    if (!isAwsError(error, 'StateMachineDoesNotExist')) throw error;
  }
  return running;
}
