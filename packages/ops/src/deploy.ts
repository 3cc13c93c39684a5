import { createHash } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { workflowOutputs } from '@bclaw/compiler';
import { BclawError, type Diagnostic, type Workflow } from '@bclaw/spec';
import type { ParameterValue } from './change-set.js';
import type { Clients } from './clients.js';
import { defaultInstallation, type InstalledCore, readCore } from './core.js';
import { deployStack } from './deploy-stack.js';
import { findLauncher, type Live, listLauncherVersions, readLive } from './launcher-function.js';
import { isInReview, isStillborn, readStack, requireQuiet, type StackState } from './stack.js';
import type { StackEvent } from './stack-events.js';
import { checkTemplate, missingParameters, TemplateError } from './template.js';
import { checkName } from './workflow-name.js';

export interface DeployOptions {
  readonly workflow: string;
  /** The template's text, as it goes to CloudFormation. */
  readonly template: string;
  /**
   * Values of the template's parameters. One that is not given gets the template's default; one that has none, the value of the last
   * deployment. (The AWS CLI keeps the last value even where the template has a new default.)
   */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The core stack's name. Default `bayerclaw2`. */
  readonly installation?: string;
  /** Deploys what is live already, too, and allows the switch between versioned and unversioned. Default `false`. */
  readonly force?: boolean;
  /** Called with each event of the stack as it comes. */
  readonly onEvent?: (event: StackEvent) => void;
  readonly signal?: AbortSignal;
}

export interface DeployResult {
  readonly workflow: string;
  readonly outcome: 'created' | 'updated' | 'unchanged';
  /** The version that new jobs now go to; absent in an unversioned workflow. */
  readonly version?: number;
  /** The version that they went to before. */
  readonly previousVersion?: number;
  readonly digest: string;
  /** The template's warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

/** AWS CloudFormation's limit for `TemplateBody`, in bytes; a larger one must be in S3. */
const largestTemplateBody = 51_200;

/**
 * Deploys a workflow: checks the template, creates a change set of it as it is (the macro compiles it), executes the
 * change set and follows the stack's events. When it returns, new jobs go to the new version; a failure changes nothing.
 *
 * Does nothing when the live version was deployed from the same definition.
 *
 * @throws TemplateError; BclawError `bad-workflow-name`, `not-installed`, `no-transform`,
 * `switches-versioning`, `not-a-workflow`, `stack-busy`, `stack-stuck`, `change-set-failed`, `deployment-failed`
 *
 * @example
 * ```ts
 * const { outcome, version } = await deploy(createClients(), {
 *   workflow: 'variant-calling',
 *   template: await readFile('workflow.yaml', 'utf8'),
 *   parameters: { ImageTag: '1.4.2' },
 * });
 * ```
 */
export async function deploy(
  clients: Pick<Clients, 'cloudFormation' | 'lambda' | 's3'>,
  options: DeployOptions,
): Promise<DeployResult> {
  const { workflow: name } = options;
  checkName(name);
  const [core, stack] = await Promise.all([
    readCore(clients, options.installation ?? defaultInstallation),
    readStack(clients, name),
  ]);
  const existing = stack === undefined || isInReview(stack) || isStillborn(stack) ? undefined : stack;
  if (existing !== undefined) {
    requireQuiet(existing);
    requireWorkflow(existing);
  }
  const given = options.parameters ?? {};
  const kept = keptValues(options.template, given, existing);
  const checked = checkTemplate(options.template, {
    core: core.environment,
    deploymentId: 'check',
    bclawVersion: core.bclawVersion,
    parameters: { ...kept, ...given },
  });
  if (!checked.ok) throw new TemplateError(checked.diagnostics);
  requireTransform(checked.diagnostics, core);

  const before = await deployedState(clients, name);
  refuseSwitch(name, checked.workflow, before?.versioned, options.force ?? false);
  const about = { workflow: name, digest: checked.compiled.digest, diagnostics: checked.diagnostics };
  const isSame = before?.digest === checked.compiled.digest && !Object.values(kept).includes(hidden);
  if (isSame && options.force !== true) {
    return { ...about, outcome: 'unchanged', ...(before.live === undefined ? {} : { version: before.live.version }) };
  }

  const { outcome, stack: after } = await deployStack(clients, {
    stackName: name,
    template: await templateOf(clients, options.template, core),
    parameters: parameterValues(given, kept),
    capabilities: ['CAPABILITY_AUTO_EXPAND', 'CAPABILITY_NAMED_IAM'],
    afterFailure:
      before?.live === undefined ? 'Nothing is live.' : `Version ${before.live.version} is live, as it was before.`,
    ...(options.onEvent === undefined ? {} : { onEvent: options.onEvent }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const version = Number(after.outputs[workflowOutputs.workflowVersion]);
  return {
    ...about,
    outcome,
    ...(checked.workflow.options.versioned && Number.isInteger(version) ? { version } : {}),
    ...(before?.live === undefined ? {} : { previousVersion: before.live.version }),
  };
}

interface Deployed {
  readonly versioned: boolean;
  readonly live: Live | undefined;
  /** Of what gets the jobs. */
  readonly digest: string | undefined;
}

async function deployedState(clients: Pick<Clients, 'lambda'>, workflow: string): Promise<Deployed | undefined> {
  const launcher = await findLauncher(clients, workflow);
  if (launcher === undefined) return undefined;
  if (!launcher.versioned) return { versioned: false, live: undefined, digest: launcher.digest };
  const [live, versions] = await Promise.all([readLive(clients, launcher), listLauncherVersions(clients, launcher)]);
  // While two versions share the jobs, neither is what a deployment could leave as it is.
  const only = live?.other === undefined ? live?.version : undefined;
  return { versioned: true, live, digest: versions.find(({ version }) => version === only)?.digest };
}

function requireWorkflow(stack: StackState): void {
  if (stack.outputs[workflowOutputs.launcherFunction] !== undefined) return;
  throw new BclawError('not-a-workflow', `The stack "${stack.name}" exists and is no bclaw workflow.`, {
    remedy: 'Choose another name with --name.',
  });
}

/** Without its macro CloudFormation takes `Steps` for a mistake. */
function requireTransform(diagnostics: readonly Diagnostic[], { macroName }: InstalledCore): void {
  if (!diagnostics.some(({ code }) => code === 'missing-transform')) return;
  throw new BclawError('no-transform', 'The template has no `Transform`, so CloudFormation would not compile it.', {
    remedy: `Write \`Transform: ${macroName}\` at the top.`,
  });
}

function refuseSwitch(name: string, workflow: Workflow, wasVersioned: boolean | undefined, force: boolean): void {
  const { versioned } = workflow.options;
  if (wasVersioned === undefined || wasVersioned === versioned || force) return;
  const change = versioned
    ? 'is deployed without versions and the template has `versioned: true`'
    : 'is deployed with versions and the template has no `versioned: true`';
  throw new BclawError(
    'switches-versioning',
    `"${name}" ${change}: its version numbers would go wrong, and sooner or later a deployment would fail.`,
    { remedy: 'Deploy it under another name, or in another account, and move production there.' },
  );
}

/** What CloudFormation shows in place of a `NoEcho` parameter's value: it can't be compared, nor what it is part of. */
const hidden = '****';

/** The last deployment's values of the parameters that have neither a value nor a default now. */
function keptValues(
  template: string,
  given: Readonly<Record<string, string>>,
  stack: StackState | undefined,
): Record<string, string> {
  const kept: Record<string, string> = {};
  if (stack === undefined) return kept;
  for (const name of missingParameters(template, given)) {
    const value = stack.parameters[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

function parameterValues(
  given: Readonly<Record<string, string>>,
  kept: Readonly<Record<string, string>>,
): Record<string, ParameterValue> {
  const values: Record<string, ParameterValue> = {};
  for (const name of Object.keys(kept)) values[name] = 'previous';
  for (const [name, value] of Object.entries(given)) values[name] = { value };
  return values;
}

async function templateOf(
  clients: Pick<Clients, 's3'>,
  text: string,
  { codeBucket, environment }: InstalledCore,
): Promise<{ body: string } | { url: string }> {
  if (Buffer.byteLength(text) <= largestTemplateBody) return { body: text };
  const key = `templates/${createHash('sha256').update(text).digest('hex')}.yaml`;
  await clients.s3.send(new PutObjectCommand({ Bucket: codeBucket, Key: key, Body: text }));
  const suffix = environment.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  return { url: `https://${codeBucket}.s3.${environment.region}.${suffix}/${key}` };
}
