import { randomUUID } from 'node:crypto';
import {
  type Capability,
  CreateChangeSetCommand,
  type CreateChangeSetCommandInput,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { BclawError } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { poll } from '../aws/poll.js';
import { isInReview, readStack } from '../aws/stack.js';

/** A value, or the stack's current one. */
export type ParameterValue = { readonly value: string } | 'previous';

export interface ChangeSetRequest {
  readonly stackName: string;
  /** True when the stack is new. */
  readonly type: 'CREATE' | 'UPDATE';
  readonly template: { readonly body: string } | { readonly url: string };
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly capabilities: readonly Capability[];
  readonly tags?: Readonly<Record<string, string>>;
  /** Imports existing resources that belong to no stack, if their names are literal in the template. */
  readonly importExisting?: boolean;
  readonly signal?: AbortSignal;
}

export interface ChangeSet {
  readonly id: string;
  readonly stackId: string;
}

/**
 * Creates a change set and waits until CloudFormation has run the macro and computed the changes. A failed change set
 * is deleted, and so is a stack that it created.
 *
 * @returns `'unchanged'` when there is nothing to change
 * @throws BclawError `change-set-failed` with CloudFormation's reason, including a macro's message
 */
export async function createChangeSet(
  clients: Pick<Clients, 'cloudFormation'>,
  request: ChangeSetRequest,
): Promise<ChangeSet | 'unchanged'> {
  const { cloudFormation } = clients;
  const created = await cloudFormation
    .send(new CreateChangeSetCommand(requestOf(request)))
    .catch((error: unknown) => Promise.reject(busyOr(error, request.stackName)));
  const { Id: id, StackId: stackId } = created;
  if (id === undefined || stackId === undefined) {
    throw new BclawError('unexpected', 'CloudFormation answered CreateChangeSet without an id.');
  }
  const described = await poll(
    async () => {
      const state = await cloudFormation.send(new DescribeChangeSetCommand({ ChangeSetName: id }));
      return state.Status === 'CREATE_COMPLETE' || state.Status === 'FAILED' ? state : undefined;
    },
    {
      what: `the change set of "${request.stackName}"`,
      intervalMs: 100,
      maxIntervalMs: 2_000,
      ...given({ signal: request.signal }),
    },
  );
  if (described.Status === 'CREATE_COMPLETE') return { id, stackId };

  await dropChangeSet(clients, { id, stackId });
  const reason = described.StatusReason ?? 'CloudFormation gives no reason';
  // CloudFormation has no separate status for this; `aws cloudformation deploy` matches the same two sentences.
  if (/didn't contain changes|No updates are to be performed/.test(reason)) return 'unchanged';
  throw new BclawError('change-set-failed', `CloudFormation can't change the stack "${request.stackName}": ${reason}`, {
    hint: 'Nothing was changed. Mend what the reason names and run this again.',
  });
}

/**
 * Executes a change set. If it can't be executed, deletes it and a stack that it created.
 *
 * @throws BclawError `stack-busy` when the stack was changed meanwhile
 */
export async function executeChangeSet(
  clients: Pick<Clients, 'cloudFormation'>,
  stackName: string,
  changeSet: ChangeSet,
): Promise<void> {
  try {
    await clients.cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: changeSet.id }));
  } catch (error) {
    // If this fails too, for lack of the same permission, the first error is the one to report.
    await dropChangeSet(clients, changeSet).catch(() => undefined);
    throw busyOr(error, stackName);
  }
}

/** Deletes a change set, and also the stack if the change set created it and the stack has no other change set. */
async function dropChangeSet(clients: Pick<Clients, 'cloudFormation'>, { id, stackId }: ChangeSet): Promise<void> {
  const { cloudFormation } = clients;
  await cloudFormation.send(new DeleteChangeSetCommand({ ChangeSetName: id }));
  const stack = await readStack(clients, stackId);
  if (stack === undefined || !isInReview(stack)) return;
  const { Summaries = [] } = await cloudFormation.send(new ListChangeSetsCommand({ StackName: stackId }));
  if (Summaries.length === 0) await cloudFormation.send(new DeleteStackCommand({ StackName: stackId }));
}

function requestOf(request: ChangeSetRequest): CreateChangeSetCommandInput {
  return {
    StackName: request.stackName,
    ChangeSetName: `bclaw-${randomUUID()}`,
    ChangeSetType: request.type,
    ...('body' in request.template ? { TemplateBody: request.template.body } : { TemplateURL: request.template.url }),
    Parameters: Object.entries(request.parameters).map(([ParameterKey, value]) =>
      value === 'previous' ? { ParameterKey, UsePreviousValue: true } : { ParameterKey, ParameterValue: value.value },
    ),
    Capabilities: [...request.capabilities],
    ...(request.importExisting === true ? { ImportExistingResources: true } : {}),
    ...(request.tags === undefined
      ? {}
      : { Tags: Object.entries(request.tags).map(([Key, Value]) => ({ Key, Value })) }),
  };
}

/** The stack was changed after it was read; CloudFormation has no error name of its own for this. */
function busyOr(error: unknown, stackName: string): unknown {
  if (!(error instanceof Error)) return error;
  const isObsolete = isAwsError(error, 'InvalidChangeSetStatusException', 'ChangeSetNotFoundException');
  if (!isObsolete && !/is in \w+_IN_PROGRESS state/.test(error.message)) return error;
  return new BclawError('stack-busy', `The stack "${stackName}" is being changed by somebody else just now.`, {
    hint: 'Nothing was changed. Wait until that is done, then run this again.',
    cause: error,
  });
}
