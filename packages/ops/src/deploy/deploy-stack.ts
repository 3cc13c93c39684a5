import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { BclawError } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { poll } from '../aws/poll.js';
import { isInReview, isStillborn, readStack, requireQuiet, type StackState } from '../aws/stack.js';
import { rootCause, type StackEvent, StackEventReader } from '../aws/stack-events.js';
import { type ChangeSetRequest, createChangeSet, executeChangeSet } from './change-set.js';

export interface DeployStackRequest extends Omit<ChangeSetRequest, 'type'> {
  /** Called with each event of the stack as it comes. */
  readonly onEvent?: (event: StackEvent) => void;
  /** Note to add to a failure, e.g. that the live version did not change. */
  readonly afterFailure?: string;
}

export interface DeployStackResult {
  readonly outcome: 'created' | 'updated' | 'unchanged';
  readonly stack: StackState;
}

/**
 * Updates a stack to a template by means of a change set, and waits for the end.
 *
 * @throws BclawError `stack-busy`, `stack-stuck`, `change-set-failed`, `deployment-failed` (with the event that caused
 * it)
 */
export async function deployStack(
  clients: Pick<Clients, 'cloudFormation'>,
  request: DeployStackRequest,
): Promise<DeployStackResult> {
  let before = await readStack(clients, request.stackName);
  if (before !== undefined) requireQuiet(before);
  if (before !== undefined && isStillborn(before)) {
    await deleteStack(clients, before, request);
    before = undefined;
  }
  const isNew = before === undefined || isInReview(before);
  const changeSet = await createChangeSet(clients, { ...request, type: isNew ? 'CREATE' : 'UPDATE' });
  if (changeSet === 'unchanged') {
    const stack = await readStack(clients, request.stackName);
    if (stack === undefined) throw new BclawError('unexpected', `The stack "${request.stackName}" has disappeared.`);
    return { outcome: 'unchanged', stack };
  }
  const reader = new StackEventReader(clients, changeSet.stackId);
  await reader.skip();
  await executeChangeSet(clients, request.stackName, changeSet);
  const { stack, events } = await follow(clients, changeSet.stackId, reader, request);
  if (stack.status === 'CREATE_COMPLETE' || stack.status === 'UPDATE_COMPLETE') {
    return { outcome: isNew ? 'created' : 'updated', stack };
  }
  const cause = rootCause(events);
  const why =
    cause === undefined
      ? (stack.statusReason ?? stack.status)
      : `${cause.logicalId} (${cause.resourceType}) ${cause.status}: ${cause.reason ?? 'no reason given'}`;
  throw new BclawError('deployment-failed', `The deployment of "${request.stackName}" failed at ${why}`, {
    hint: [request.afterFailure, 'Mend the cause and run this again.'].filter(Boolean).join(' '),
  });
}

/** Deletes a stack and waits until it is gone. */
export async function deleteStack(
  clients: Pick<Clients, 'cloudFormation'>,
  stack: StackState,
  options: Pick<DeployStackRequest, 'onEvent' | 'signal'> = {},
): Promise<void> {
  const reader = new StackEventReader(clients, stack.id);
  await reader.skip();
  await clients.cloudFormation.send(new DeleteStackCommand({ StackName: stack.id }));
  const { stack: after, events } = await follow(clients, stack.id, reader, options);
  if (after.status === 'DELETE_COMPLETE') return;
  const cause = rootCause(events);
  throw new BclawError(
    'deletion-failed',
    `The stack "${stack.name}" could not be deleted: ${cause?.logicalId ?? ''} ${cause?.reason ?? after.statusReason ?? after.status}`,
    { hint: 'Mend the cause and run this again.' },
  );
}

/** Waits until no operation on a stack is in progress, and reports events meanwhile. */
async function follow(
  clients: Pick<Clients, 'cloudFormation'>,
  stackId: string,
  reader: StackEventReader,
  options: Pick<DeployStackRequest, 'onEvent' | 'signal'>,
): Promise<{ stack: StackState; events: StackEvent[] }> {
  const events: StackEvent[] = [];
  const stack = await poll(
    async () => {
      const state = await readStack(clients, stackId);
      if (state === undefined) return { ...gone, id: stackId };
      const isOver = !state.status.endsWith('_IN_PROGRESS');
      // Without a listener, events are only read at the end, to explain a failure.
      for (const event of isOver || options.onEvent !== undefined ? await reader.read() : []) {
        events.push(event);
        options.onEvent?.(event);
      }
      return isOver ? state : undefined;
    },
    {
      what: `the stack ${stackId}`,
      intervalMs: 200,
      maxIntervalMs: 3_000,
      ...given({ signal: options.signal }),
    },
  );
  return { stack, events };
}

/** Placeholder for a stack that CloudFormation no longer has. */
const gone: Omit<StackState, 'id'> = {
  name: '',
  status: 'DELETE_COMPLETE',
  changedAt: new Date(0),
  outputs: {},
  parameters: {},
  tags: {},
};
