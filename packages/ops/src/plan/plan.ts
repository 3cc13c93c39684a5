import type { Diagnostic } from '@bclaw/spec';
import { stateMachineName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { stateMachineArn } from '../aws/arn.js';
import type { Clients } from '../aws/clients.js';
import type { StackState } from '../aws/stack.js';
import { readStateMachine } from '../aws/state-machine.js';
import { type Deployed, type DeploymentRequest, hiddenValue, prepareDeployment } from '../deploy/deployment.js';
import { compareViews, type ViewDifference } from './compare-views.js';
import { compiledView } from './compiled-view.js';
import { deployedView } from './deployed-view.js';
import { compareFields, type FieldChange } from './fields.js';
import type { WorkflowView } from './workflow-view.js';

export interface Plan extends ViewDifference {
  readonly workflow: string;
  /**
   * Result of a `deploy` now: create the workflow, replace the live version, or nothing. `drifted`: nothing either, but
   * the live version was changed by hand since its deployment.
   */
  readonly outcome: 'create' | 'update' | 'unchanged' | 'drifted';
  /** The deployed version that the template is compared with; absent when nothing is deployed. */
  readonly live?: {
    /** Absent in an unversioned workflow. */
    readonly version?: number;
    readonly digest?: string;
    /** True when another version was deployed after it; `parameters` are compared with those of the last deployment. */
    readonly isNewest: boolean;
    /** Another version that gets a share of the jobs; a deployment would end that. */
    readonly sharesWith?: number;
    /** The reason why it can't be compared, as a clause, for example that its state machine has been deleted. */
    readonly damage?: string;
  };
  /** Digest of the definition that would be deployed. */
  readonly digest: string;
  /** Values of the template's parameters, compared with those of the last deployment. */
  readonly parameters: readonly FieldChange[];
  /** The template's warnings. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Returns the changes that a deployment would make, step by step, and changes nothing. The template is compared with
 * the deployed resources themselves: the state machine and the job definitions of the live version.
 *
 * @throws the same errors as `deploy` when `deploy` would refuse
 *
 * @example
 * ```ts
 * const { outcome, steps } = await plan(createClients(), { workflow: 'variant-calling', template });
 * for (const { step, change, fields } of steps) console.log(change, step, fields);
 * ```
 */
export async function plan(
  clients: Pick<Clients, 'batch' | 'cloudFormation' | 'images' | 'lambda' | 's3' | 'sfn'>,
  request: DeploymentRequest,
): Promise<Plan> {
  const { workflow } = request;
  const { core, stack, checked, kept, deployed, unchanged } = await prepareDeployment(clients, request);
  const { compiled } = checked;
  const after = await compiledView(workflow, compiled, core.environment);
  const before = deployed === undefined ? 'nothing' : await liveView(clients, deployed);
  const difference = compareViews(typeof before === 'string' ? nothing : before, after);
  const hasChanges = difference.steps.length > 0 || difference.settings.length > 0 || difference.platform.length > 0;
  return {
    workflow,
    outcome: deployed === undefined ? 'create' : !unchanged ? 'update' : hasChanges ? 'drifted' : 'unchanged',
    ...(deployed === undefined ? {} : { live: told(deployed, before) }),
    digest: compiled.digest,
    ...difference,
    parameters: parameterChanges(stack, checked.workflow.parameters, { ...kept, ...request.parameters }),
    diagnostics: checked.diagnostics,
  };
}

const nothing: WorkflowView = { steps: [], settings: {}, platform: {} };

/** The live version as it is in AWS, or the reason why it can't be read. */
async function liveView(
  clients: Pick<Clients, 'batch' | 's3' | 'sfn'>,
  { launcher, versioned, live, liveVersion }: Deployed,
): Promise<WorkflowView | string> {
  if (versioned && live === undefined) return 'the alias is gone';
  const machine = await readStateMachine(
    clients,
    stateMachineArn(launcher.scope, stateMachineName(launcher.workflow, live?.version)),
  );
  if (machine === undefined) return 'its state machine is gone';
  return await deployedView(clients, machine, versioned ? liveVersion?.codeDigest : launcher.codeDigest);
}

function told(
  { versioned, live, digest, liveVersion, newestVersion }: Deployed,
  view: WorkflowView | string,
): NonNullable<Plan['live']> {
  const deployedDigest = digest ?? liveVersion?.digest;
  return {
    ...(versioned && live !== undefined ? { version: live.version } : {}),
    ...given({ digest: deployedDigest }),
    isNewest: newestVersion === live?.version,
    ...(live?.other === undefined ? {} : { sharesWith: live.other.version }),
    ...(typeof view === 'string' ? { damage: view } : {}),
  };
}

/** CloudFormation has the values of the last deployment, even when that is not live. */
function parameterChanges(
  stack: StackState | undefined,
  declared: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  values: Readonly<Record<string, string>>,
): FieldChange[] {
  const after = Object.fromEntries(
    Object.entries(declared).map(([name, { Default, NoEcho }]) => [
      name,
      // A plan must not show a hidden value.
      NoEcho === true || NoEcho === 'true'
        ? hiddenValue
        : (values[name] ?? (Default === undefined ? '' : String(Default))),
    ]),
  );
  return compareFields(stack?.parameters ?? {}, after);
}
