import { liveAliasName, stateMachineName, stateMachineVersionArn } from '@bclaw/spec/contract';
import { LaunchRefused } from './errors.js';

/** What Lambda tells a function about its invocation; the rest of the context is not used. */
export interface InvocationContext {
  /** The version that was invoked, whatever alias led to it: `3`, or `$LATEST`. */
  readonly functionVersion: string;
  /** `arn:<partition>:lambda:<region>:<account>:function:<name>:<alias or version>` */
  readonly invokedFunctionArn: string;
}

/**
 * The number of the workflow's version that was invoked. It is that of the function, never configuration: so whatever
 * moves Lambda's traffic (an alias, its weights, CodeDeploy) moves the jobs.
 *
 * @returns `undefined` for an unversioned workflow
 * @throws LaunchRefused for `$LATEST` of a versioned workflow, which no state machine belongs to
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
 * The version that a job file's key asks for, as in BayerCLAW: `wf:3/job.json`; `undefined` for the invoked one, as in `wf/job.json` and
 * `wf:live/job.json`.
 *
 * @throws LaunchRefused for what is no version
 */
export function requestedVersion(
  config: { readonly workflow: string; readonly versioned: boolean },
  key: string,
): string | undefined {
  const { workflow } = config;
  if (!key.startsWith(`${workflow}:`)) return undefined;
  const [folder = ''] = key.split('/', 1);
  const name = folder.slice(workflow.length + 1);
  // BayerCLAW called the alias "current".
  if (name === 'live' || name === 'current') return undefined;
  const rest = key.slice(folder.length + 1);
  if (!config.versioned)
    throw new LaunchRefused(
      `"${workflow}" has no versions, and ${key} asks for one. Copy the job file to ${workflow}/${rest}.`,
    );
  if (/^[1-9][0-9]*$/.test(name)) return name;
  throw new LaunchRefused(
    `"${name}" in ${key} is no version. Copy the job file to ${workflow}/${rest} for the live version, or to ${workflow}:<number>/${rest}.`,
  );
}

/** A state machine as the launcher uses it. */
export interface Target {
  /** What executions are started by. */
  readonly startArn: string;
  /** ARN of the execution of that name. */
  readonly executionArn: (name: string) => string;
}

/**
 * The state machine of a workflow's version, in the account and region of the invoked function. Executions of a versioned
 * workflow are started by the state machine's own published version, its first and only one: when that is deleted, nothing
 * starts any more, and what runs goes on.
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
