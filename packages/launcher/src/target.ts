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
      `${context.functionVersion} of the launcher of "${config.workflow}" was invoked, but a versioned workflow runs published versions only. Invoke the alias "live", or a version by its number.`,
    );
  }
  return context.functionVersion;
}

/** ARN of a workflow's state machine, in the account and region of the invoked function. */
export function stateMachineArn(workflow: string, version: string | undefined, context: InvocationContext): string {
  const [, partition, , region, account] = context.invokedFunctionArn.split(':');
  const name = version === undefined ? workflow : `${workflow}--${version}`;
  return `arn:${partition}:states:${region}:${account}:stateMachine:${name}`;
}
