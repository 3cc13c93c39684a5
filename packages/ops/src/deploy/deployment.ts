import { workflowOutputs } from '@bclaw/compiler';
import { BclawError, type Diagnostic, type Workflow } from '@bclaw/spec';
import { defaultInstallation } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { isInReview, isStillborn, readStack, requireQuiet, type StackState } from '../aws/stack.js';
import {
  findLauncher,
  type Launcher,
  type LauncherVersion,
  listLauncherVersions,
} from '../versions/launcher-function.js';
import { type Live, readLive } from '../versions/live.js';
import { type InstalledCore, readCore } from './core.js';
import { checkPinnedTemplate } from './pinned-template.js';
import { type CheckedTemplate, missingParameters, TemplateError } from './template.js';
import { checkName } from './workflow-name.js';

/** Options of a deployment or of its plan. */
export interface DeploymentRequest {
  readonly workflow: string;
  /** The template's text, unchanged for CloudFormation. */
  readonly template: string;
  /**
   * Values of the template's parameters. A parameter without a value gets the template's default, or, without a
   * default, the value of the last deployment. (The AWS CLI keeps the last value even when the template has a new
   * default.)
   */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The core stack's name. Default `bayerclaw2`. */
  readonly installation?: string;
  /**
   * Also deploys a definition that is already live, and allows the switch between versioned and unversioned. Default
   * `false`.
   */
  readonly force?: boolean;
}

/** A deployment that passed its checks, and the current state that it would change. */
export interface Deployment {
  readonly core: InstalledCore;
  /** The workflow's stack; absent when this is its first deployment. */
  readonly stack?: StackState;
  readonly checked: Extract<CheckedTemplate, { ok: true }>;
  /** The last deployment's values of the parameters that have neither a value nor a default now. */
  readonly kept: Readonly<Record<string, string>>;
  /** The version or state machine that gets the jobs now; absent when nothing is deployed. */
  readonly deployed?: Deployed;
  /** True when the current target of jobs is identical to the deployment's. */
  readonly unchanged: boolean;
}

/** The current target of a workflow's jobs before a deployment. */
export interface Deployed {
  readonly launcher: Launcher;
  readonly versioned: boolean;
  readonly live?: Live;
  /** The published version that is live. */
  readonly liveVersion?: LauncherVersion;
  /** The newest deployed version, live or not; absent in an unversioned workflow. */
  readonly newestVersion?: number;
  /**
   * Of the current target of jobs; absent while two versions share them, because a deployment could keep neither as it
   * is.
   */
  readonly digest?: string;
}

/**
 * Checks whether a template can be deployed and compares it with the deployed state. Changes nothing.
 *
 * @throws TemplateError; BclawError `bad-workflow-name`, `not-installed`, `no-transform`, `switches-versioning`,
 * `not-a-workflow`, `stack-busy`, `stack-stuck`
 */
export async function prepareDeployment(
  clients: Pick<Clients, 'cloudFormation' | 'images' | 'lambda'>,
  request: DeploymentRequest,
): Promise<Deployment> {
  const { workflow: name } = request;
  checkName(name);
  const [core, found] = await Promise.all([
    readCore(clients, request.installation ?? defaultInstallation),
    readStack(clients, name),
  ]);
  const stack = found === undefined || isInReview(found) || isStillborn(found) ? undefined : found;
  if (stack !== undefined) {
    requireQuiet(stack);
    requireWorkflow(stack);
  }
  const values = request.parameters ?? {};
  const kept = keptValues(request.template, values, stack);
  const checked = await checkPinnedTemplate(clients, request.template, {
    core: core.environment,
    deploymentId: 'check',
    bclawVersion: core.bclawVersion,
    parameters: { ...kept, ...values },
  });
  if (!checked.ok) throw new TemplateError(checked.diagnostics);
  requireTransform(checked.diagnostics, core);

  const deployed = await readDeployed(clients, name);
  refuseSwitch(name, checked.workflow, deployed?.versioned, request.force ?? false);
  return {
    core,
    ...given({ stack }),
    checked,
    kept,
    ...given({ deployed }),
    unchanged: deployed?.digest === checked.compiled.digest && !Object.values(kept).includes(hiddenValue),
  };
}

async function readDeployed(clients: Pick<Clients, 'lambda'>, workflow: string): Promise<Deployed | undefined> {
  const launcher = await findLauncher(clients, workflow);
  if (launcher === undefined) return undefined;
  if (!launcher.versioned) {
    const { digest } = launcher;
    return { launcher, versioned: false, ...given({ digest }) };
  }
  const [live, versions] = await Promise.all([
    readLive(clients, launcher.workflow),
    listLauncherVersions(clients, launcher),
  ]);
  const newest = versions.at(-1);
  const liveVersion = versions.find(({ version }) => version === live?.version);
  const digest = live?.other === undefined ? liveVersion?.digest : undefined;
  return {
    launcher,
    versioned: true,
    ...given({ newestVersion: newest?.version, live, liveVersion, digest }),
  };
}

/** @throws BclawError `not-a-workflow` for a foreign stack of this name */
export function requireWorkflow(stack: StackState): void {
  if (stack.outputs[workflowOutputs.launcherFunction] !== undefined) return;
  throw new BclawError('not-a-workflow', `The stack "${stack.name}" exists and is no bclaw workflow.`, {
    hint: 'Nothing was changed. Choose another name.',
  });
}

/** Without its macro, CloudFormation rejects `Steps`. */
function requireTransform(diagnostics: readonly Diagnostic[], { macroName }: InstalledCore): void {
  if (!diagnostics.some(({ code }) => code === 'missing-transform')) return;
  throw new BclawError('no-transform', 'The template has no `Transform`, so CloudFormation would not compile it.', {
    hint: `Write \`Transform: ${macroName}\` at the top.`,
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
    { hint: 'Deploy it under another name, or in another account, and move production there.' },
  );
}

/**
 * CloudFormation's mask for the value of a `NoEcho` parameter: neither it nor a value that contains it can be compared.
 */
export const hiddenValue = '****';

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
