import { workflowOutputs } from '@bclaw/compiler';
import { BclawError, type Diagnostic } from '@bclaw/spec';
import { stateMachineName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { stateMachineArn } from '../aws/arn.js';
import type { Clients } from '../aws/clients.js';
import type { StackEvent } from '../aws/stack-events.js';
import { countRunning } from '../aws/state-machine.js';
import type { Launcher } from '../versions/launcher-function.js';
import { clearWeights, restoreLive } from '../versions/live.js';
import type { ParameterValue } from './change-set.js';
import { deployStack } from './deploy-stack.js';
import { type DeploymentRequest, prepareDeployment } from './deployment.js';
import { refuseOrphans } from './orphans.js';
import { templateSource } from './template-source.js';

export interface DeployOptions extends DeploymentRequest {
  /** Called with each event of the stack as it comes. */
  readonly onEvent?: (event: StackEvent) => void;
  readonly signal?: AbortSignal;
}

export interface DeployResult {
  readonly workflow: string;
  readonly outcome: 'created' | 'updated' | 'unchanged';
  /** The version that now gets new jobs; absent in an unversioned workflow. */
  readonly version?: number;
  /** The version that got them before. */
  readonly previousVersion?: number;
  readonly digest: string;
  /** The template's warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Deploys a workflow: checks the template, creates a change set of it as it is (the macro compiles it), executes the
 * change set and follows the stack's events. When it returns, new jobs go to the new version; a failure changes
 * nothing.
 *
 * Does nothing when the live version was deployed from the same definition.
 *
 * @throws TemplateError; BclawError `bad-workflow-name`, `not-installed`, `no-transform`, `switches-versioning`,
 * `not-a-workflow`,
 * `orphans`, `still-running`, `stack-busy`, `stack-stuck`, `change-set-failed`, `deployment-failed`
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
  clients: Pick<Clients, 'cloudFormation' | 'images' | 'lambda' | 's3' | 'sfn'>,
  options: DeployOptions,
): Promise<DeployResult> {
  const { workflow: name } = options;
  const { core, checked, kept, deployed, unchanged } = await prepareDeployment(clients, options);
  const live = deployed?.live;
  const about = { workflow: name, digest: checked.compiled.digest, diagnostics: checked.diagnostics };
  if (unchanged && options.force !== true) {
    return { ...about, outcome: 'unchanged', ...given({ version: live?.version }) };
  }

  if (deployed === undefined && options.force !== true) await refuseOrphans(clients, name);
  if (deployed?.versioned === false && checked.workflow.options.versioned)
    await refuseToEndJobs(clients, deployed.launcher);
  const startedAt = new Date();
  const { outcome, stack: after } = await deployStack(clients, {
    stackName: name,
    template: await templateSource(clients, options.template, { ...core.environment, bucket: core.codeBucket }),
    parameters: parameterValues(options.parameters ?? {}, kept),
    capabilities: ['CAPABILITY_AUTO_EXPAND', 'CAPABILITY_NAMED_IAM'],
    afterFailure: live === undefined ? 'Nothing is live.' : `Version ${live.version} is live, as it was before.`,
    ...given({ onEvent: options.onEvent, signal: options.signal }),
  }).catch(async (error: unknown) => {
    if (deployed !== undefined) await restoreLive(clients, deployed, startedAt);
    throw error;
  });
  if (deployed?.live?.other !== undefined) await clearWeights(clients, deployed.launcher);
  const version = Number(after.outputs[workflowOutputs.workflowVersion]);
  return {
    ...about,
    outcome,
    ...(checked.workflow.options.versioned && Number.isInteger(version) ? { version } : {}),
    ...given({ previousVersion: live?.version }),
  };
}

/** The switch to versions deletes the unversioned state machine, and Step Functions aborts its jobs. */
async function refuseToEndJobs(clients: Pick<Clients, 'sfn'>, { scope, workflow }: Launcher): Promise<void> {
  const running = await countRunning(clients, stateMachineArn(scope, stateMachineName(workflow)));
  if (running === 0) return;
  const jobs = running === 1 ? 'A job' : `${running} jobs`;
  throw new BclawError(
    'still-running',
    `${jobs} of "${workflow}" would be ended: the state machine without a version goes when there are versions.`,
    { hint: `Wait for them (\`bclaw executions ${workflow} --status RUNNING\`), then deploy again.` },
  );
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
