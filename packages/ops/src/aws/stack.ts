import { DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { BclawError } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import type { Clients } from './clients.js';

/** The fields of a CloudFormation stack that operations use. */
export interface StackState {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly statusReason?: string;
  /** When it was created or updated last. */
  readonly changedAt: Date;
  readonly outputs: Readonly<Record<string, string>>;
  /** `****` for a parameter that CloudFormation hides. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** The stack with this name or ARN, or `undefined` when there is none. */
export async function readStack(
  clients: Pick<Clients, 'cloudFormation'>,
  name: string,
): Promise<StackState | undefined> {
  let stacks: Stack[] | undefined;
  try {
    ({ Stacks: stacks } = await clients.cloudFormation.send(new DescribeStacksCommand({ StackName: name })));
  } catch (error) {
    // CloudFormation has no error name of its own for this.
    if (error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist')) {
      return undefined;
    }
    throw error;
  }
  const stack = stacks?.[0];
  if (stack?.StackId === undefined || stack.StackName === undefined || stack.StackStatus === undefined)
    return undefined;
  return {
    id: stack.StackId,
    name: stack.StackName,
    status: stack.StackStatus,
    ...given({ statusReason: stack.StackStatusReason }),
    changedAt: stack.LastUpdatedTime ?? stack.CreationTime ?? new Date(0),
    outputs: record(stack.Outputs, (output) => [output.OutputKey, output.OutputValue]),
    parameters: record(stack.Parameters, (parameter) => [parameter.ParameterKey, parameter.ParameterValue]),
    tags: record(stack.Tags, (tag) => [tag.Key, tag.Value]),
  };
}

function record<T>(items: T[] | undefined, entry: (item: T) => [string | undefined, string | undefined]) {
  const values: Record<string, string> = {};
  for (const item of items ?? []) {
    const [key, value] = entry(item);
    if (key !== undefined && value !== undefined) values[key] = value;
  }
  return values;
}

/** A stack whose creation failed is empty and can only be deleted. */
export const isStillborn = (stack: StackState): boolean =>
  stack.status === 'ROLLBACK_COMPLETE' || stack.status === 'ROLLBACK_FAILED' || stack.status === 'CREATE_FAILED';

/** A stack that so far only exists because of a change set. */
export const isInReview = (stack: StackState): boolean => stack.status === 'REVIEW_IN_PROGRESS';

/** A stack with an operation in progress. */
export const isBusy = (stack: StackState): boolean => stack.status.endsWith('_IN_PROGRESS') && !isInReview(stack);

/**
 * Rejects a stack with an operation in progress.
 *
 * @throws BclawError `stack-busy`
 */
export function requireIdle(stack: StackState): void {
  if (!isBusy(stack)) return;
  throw new BclawError('stack-busy', `The stack "${stack.name}" is being changed just now (${stack.status}).`, {
    hint: 'Nothing was changed. Wait until that is done, then run this again.',
  });
}

/**
 * Rejects a stack with an operation in progress, or a stuck one.
 *
 * @throws BclawError `stack-busy`, `stack-stuck`
 */
export function requireQuiet(stack: StackState): void {
  requireIdle(stack);
  if (stack.status === 'UPDATE_ROLLBACK_FAILED') {
    throw new BclawError(
      'stack-stuck',
      `CloudFormation could not undo the last change of the stack "${stack.name}" (${stack.statusReason ?? stack.status}).`,
      {
        hint: `Run \`aws cloudformation continue-update-rollback --stack-name ${stack.name}\`, then run this again.`,
      },
    );
  }
}
