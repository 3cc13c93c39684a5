import { liveAliasName, stateMachineName, stateMachineVersionArn } from '@bclaw/spec/contract';
import { LaunchRefused } from './errors.js';

/** The used part of Lambda's invocation context. */
export interface InvocationContext {
  /** The invoked version, for any alias: `3`, or `$LATEST`. */
  readonly functionVersion: string;
  /** `arn:<partition>:lambda:<region>:<account>:function:<name>:<alias or version>` */
  readonly invokedFunctionArn: string;
  readonly awsRequestId?: string;
}

/**
 * The number of the invoked workflow version. It is the function's version, never configuration, so anything that moves
 * Lambda's traffic (an alias, its weights, CodeDeploy) moves the jobs.
 *
 * @returns `undefined` for an unversioned workflow
 * @throws LaunchRefused for `$LATEST` of a versioned workflow, which has no state machine
 */
export function invokedVersion(
  config: { readonly workflow: string; readonly versioned: boolean },
  context: InvocationContext,
): string | undefined {
  if (!config.versioned) return undefined;
  if (!/^[1-9][0-9]*$/.test(context.functionVersion)) {
    throw new LaunchRefused(
      `${context.functionVersion} of the launcher of "${config.workflow}" was invoked, but a versioned workflow runs published versions only. Invoke the alias "${liveAliasName}", or a version by its number.`,
    );
  }
  return context.functionVersion;
}

/**
 * Refuses a job file whose key names a version, as BayerCLAW allows: `wf:3/job.json`. Jobs reach an older version by a rollback
 * only. `wf:live/job.json` (and `wf:current/…`, the alias of BayerCLAW) means the live version, as `wf/job.json` does.
 *
 * @throws LaunchRefused with the commands to use instead
 */
export function refuseOtherVersions(
  { workflow, versioned }: { readonly workflow: string; readonly versioned: boolean },
  key: string,
): void {
  if (!key.startsWith(`${workflow}:`)) return;
  const [folder = ''] = key.split('/', 1);
  const version = folder.slice(workflow.length + 1);
  if (version === liveAliasName || version === 'current') return;
  const live = `${workflow}/${key.slice(folder.length + 1)}`;
  if (!versioned)
    throw new LaunchRefused(`"${workflow}" has no versions, and ${key} asks for one. Copy the job file to ${live}.`);
  const rollback = /^[1-9][0-9]*$/.test(version)
    ? `To run it on version ${version}, roll back first: \`bclaw rollback ${workflow} --to ${version}\`, or \`aws lambda update-alias --function-name ${workflow}-launcher --name ${liveAliasName} --function-version ${version}\`.`
    : `\`bclaw versions ${workflow}\` lists the versions.`;
  throw new LaunchRefused(
    `Job files go to the live version, and ${key} asks for "${version}". Copy the job file to ${live}. ${rollback}`,
  );
}

/** The state machine for an execution. */
export interface Target {
  /** The ARN for starting executions. */
  readonly startArn: string;
  /** ARN of the execution of that name. */
  readonly executionArn: (name: string) => string;
}

/**
 * The state machine of a workflow's version, in the account and region of the invoked function. Executions of a
 * versioned workflow are started through the state machine's own published version, its first and only one: when that
 * is deleted, no execution can start any more, and running ones continue.
 */
export function targetOf(workflow: string, version: string | undefined, context: InvocationContext): Target {
  const [, partition, , region, account] = context.invokedFunctionArn.split(':');
  const name = stateMachineName(workflow, version);
  const states = `arn:${partition}:states:${region}:${account}`;
  const stateMachine = `${states}:stateMachine:${name}`;
  return {
    startArn: version === undefined ? stateMachine : stateMachineVersionArn(stateMachine),
    executionArn: (execution) => `${states}:execution:${name}:${execution}`,
  };
}
