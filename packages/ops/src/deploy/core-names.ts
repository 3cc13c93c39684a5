import { DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { BclawError } from '@bclaw/spec';
import { defaultMacroName } from '@bclaw/spec/contract';
import type { Clients } from '../aws/clients.js';
import { isInReview, type StackState } from '../aws/stack.js';

/**
 * The longest name of a core stack: a bucket's name has at most 63 characters, and `<name>-launcher-<account>` is one.
 */
const longestName = 63 - '-launcher-123456789012'.length;

/**
 * Checks the name of a core stack, from which the names of its buckets, functions and queues are made.
 *
 * @throws BclawError `bad-core-name`
 */
export function checkCoreName(name: string): void {
  if (name.length <= longestName && /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/.test(name)) return;
  throw new BclawError('bad-core-name', `"${name}" cannot be the name of a core stack.`, {
    hint: `Buckets get names that begin with it, so it has at most ${longestName} lower-case letters, digits and hyphens, and begins with a letter.`,
  });
}

/** A parameter that every core stack has, and no other stack. */
const mark = 'FunctionsCodeKey';

/**
 * Refuses a stack that is not a core stack: it would be replaced by one.
 *
 * @throws BclawError `not-a-core-stack`
 */
export function requireOwnStack(stack: StackState | undefined): void {
  if (stack === undefined || isInReview(stack) || mark in stack.parameters) return;
  const isOriginal = 'RunnerImageUri' in stack.outputs || 'CompilerMacroName' in stack.parameters;
  throw new BclawError(
    'not-a-core-stack',
    isOriginal
      ? `The stack "${stack.name}" is an installation of the original BayerCLAW.`
      : `The stack "${stack.name}" was not made by bclaw.`,
    {
      hint: `Nothing was changed. Choose another name with --core${isOriginal ? `, and another macro with -p MacroName=… as long as the original has ${defaultMacroName}` : ''}.`,
    },
  );
}

/** A name that a new core stack needs for itself, and how to choose another. */
interface OwnName {
  readonly kind: string;
  readonly type: string;
  readonly name: string;
  readonly option: string;
}

/**
 * Refuses names that another stack of this account and region already has.
 *
 * @throws BclawError `name-taken` with all of them
 */
export async function requireFreeNames(
  clients: Pick<Clients, 'cloudFormation'>,
  installation: string,
  { macro, launcherBucket }: { readonly macro: string; readonly launcherBucket: string },
): Promise<void> {
  const names: readonly OwnName[] = [
    { kind: 'macro', type: 'AWS::CloudFormation::Macro', name: macro, option: '-p MacroName=…' },
    { kind: 'bucket', type: 'AWS::S3::Bucket', name: launcherBucket, option: '-p LauncherBucketName=…' },
  ];
  const owners = await Promise.all(names.map((own) => ownerOf(clients, own)));
  const taken = names.flatMap((own, index) => {
    const owner = owners[index];
    return owner === undefined || owner === installation ? [] : [{ ...own, owner }];
  });
  if (taken.length === 0) return;
  throw new BclawError(
    'name-taken',
    taken.map(({ kind, name, owner }) => `The ${kind} "${name}" belongs to the stack "${owner}".`).join(' '),
    { hint: `Nothing was changed. Pass ${taken.map(({ option }) => option).join(' and ')}.` },
  );
}

/** Name of the stack that has a resource. */
async function ownerOf(
  { cloudFormation }: Pick<Clients, 'cloudFormation'>,
  { type, name }: OwnName,
): Promise<string | undefined> {
  try {
    const { StackResources = [] } = await cloudFormation.send(
      new DescribeStackResourcesCommand({ PhysicalResourceId: name }),
    );
    const resource = StackResources.find(
      ({ ResourceType, PhysicalResourceId }) => ResourceType === type && PhysicalResourceId === name,
    );
    return resource?.StackName;
  } catch (error) {
    // No stack has it; CloudFormation has no error name of its own for this.
    if (error instanceof Error && error.name === 'ValidationError') return undefined;
    throw error;
  }
}
