import { parseVersionedName } from '@bclaw/spec/contract';
import { sha256Hex } from './canonical.js';

/**
 * The parts of a workflow's resource names in AWS, within AWS's limits; `@bclaw/spec/contract` joins them.
 */

/** Lambda's limit for a function name, 64, minus `-launcher`. */
export const maxWorkflowNameLength = 55;

/** Number of digits of a Lambda version number that fit into names. */
const maxVersionDigits = 10;

/** Batch's limit for the name of a job definition or a job. */
const maxBatchNameLength = 128;

/** Step Functions' limit for an execution's name. */
const maxExecutionNameLength = 80;

const maxStepPartLength = maxBatchNameLength - maxWorkflowNameLength - '-'.length - '--'.length - maxVersionDigits;

/**
 * The reason why a stack name is not valid for a workflow, as a sentence; `undefined` when it is valid.
 *
 * @example
 * ```ts
 * workflowNameProblem('my-workflow'); // undefined
 * workflowNameProblem('my-workflow--2'); // 'The workflow name "my-workflow--2" ends like a version …'
 * ```
 */
export function workflowNameProblem(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9-]*$/.test(name)) {
    return `The workflow name "${name}" must start with a letter and have only letters, digits and hyphens, as CloudFormation demands of a stack name.`;
  }
  if (name.length > maxWorkflowNameLength) {
    return `The workflow name "${name}" has ${name.length} characters; at most ${maxWorkflowNameLength} fit, because its launcher function is called <name>-launcher and Lambda allows 64.`;
  }
  if (parseVersionedName(name).version !== undefined) {
    return `The workflow name "${name}" ends like a version; its state machine could be mistaken for one of another workflow's. Leave out the "--" before the number.`;
  }
  return undefined;
}

/** Replaces characters that Batch does not accept in a name by hyphens. */
const batchSafe = (name: string): string => name.replace(/[^A-Za-z0-9_-]/g, '-');

const shortHash = (text: string): string => sha256Hex(text).slice(0, 8);

/**
 * Truncates a text that is too long and appends a hash of the original, so that texts with different ends stay
 * distinct.
 */
function fit(text: string, original: string, maxLength: number): string {
  return text.length <= maxLength ? text : marked(text, original, maxLength);
}

const marked = (text: string, original: string, maxLength: number): string =>
  `${text.slice(0, maxLength - 9)}-${shortHash(original)}`;

/**
 * Each step's part of its job definition's name. Steps whose names become equal when characters are replaced get a hash
 * of their own name, regardless of their order.
 *
 * @param stepNames - the names of all steps of the workflow
 * @example `stepNameParts(['align reads', 'sort'])('align reads')` is `align-reads`.
 */
export function stepNameParts(stepNames: readonly string[]): (stepName: string) => string {
  return distinct(
    stepNames,
    (name) => fit(batchSafe(name), name, maxStepPartLength),
    (short, original) => marked(short, original, maxStepPartLength),
  );
}

/**
 * Each step's prefix of logical ids: its words capitalized, letters and digits only.
 *
 * @param stepNames - the names of all steps of the workflow
 * @example `stepLogicalIds(['align reads'])('align reads')` is `AlignReads`.
 */
export function stepLogicalIds(stepNames: readonly string[]): (stepName: string) => string {
  const words = (name: string) =>
    name
      .split(/[^A-Za-z0-9]+/)
      .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
      .join('') || 'Step';
  return distinct(stepNames, words, (text, original) => `${text}${shortHash(original)}`);
}

function distinct(
  names: readonly string[],
  shorten: (name: string) => string,
  tellApart: (short: string, original: string) => string,
): (name: string) => string {
  const shortened = new Map(names.map((name) => [name, shorten(name)]));
  const users = new Map<string, number>();
  for (const short of shortened.values()) users.set(short, (users.get(short) ?? 0) + 1);
  return (name) => {
    const short = shortened.get(name) ?? shorten(name);
    return (users.get(short) ?? 0) > 1 ? tellApart(short, name) : short;
  };
}

/** Number of characters of a branch's index for each enclosing scatter: items are numbered with up to eight digits. */
const maxIndexDigits = 8;

/** At greater depth an index could leave no room for the step name, so a digest replaces it. */
const deepestReadableIndex = 3;

/** Number of hexadecimal digits of the MD5 digest that `States.Hash` returns. */
const indexDigestLength = 32;

/**
 * The name of a step's Batch job, `<execution>__<step>[__<index>]`, as an intrinsic function of Step Functions. At any
 * depth, the longest execution name (80 characters) and the longest index fit into Batch's limit of 128.
 *
 * @param depth - number of enclosing scatters; 0 = the step has no index
 * @example `jobName('align reads', 0)` is `States.Format('{}__align-reads',$.execution.name)`.
 */
export function jobName(stepName: string, depth: number): string {
  const isReadable = depth <= deepestReadableIndex;
  const indexLength = isReadable ? depth * maxIndexDigits + (depth - 1) * '-'.length : indexDigestLength;
  const room =
    maxBatchNameLength - maxExecutionNameLength - '__'.length - (depth === 0 ? 0 : '__'.length + indexLength);
  const step = fit(batchSafe(stepName), stepName, room);
  if (depth === 0) return `States.Format('{}__${step}',$.execution.name)`;
  const index = isReadable ? '$.index' : "States.Hash($.index,'MD5')";
  return `States.Format('{}__${step}__{}',$.execution.name,${index})`;
}

/**
 * The description of a launcher version: the source of its deployment.
 *
 * @example `versionDescription({ digest: '9f…', bclawVersion: '1.2.0' })` is `definition 9f… compiled by bclaw 1.2.0`.
 */
export const versionDescription = (version: { readonly digest: string; readonly bclawVersion: string }): string =>
  `definition ${version.digest} compiled by bclaw ${version.bclawVersion}`;

/** The inverse of {@link versionDescription}; `undefined` for a description in another format. */
export function parseVersionDescription(
  description: string,
): { readonly digest: string; readonly bclawVersion: string } | undefined {
  const groups = /^definition (?<digest>[0-9a-f]{64}) compiled by bclaw (?<version>\S+)$/.exec(description)?.groups;
  if (groups?.['digest'] === undefined || groups['version'] === undefined) return undefined;
  return { digest: groups['digest'], bclawVersion: groups['version'] };
}
