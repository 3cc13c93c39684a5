import { createHash } from 'node:crypto';
import {
  type AliasConfiguration,
  GetAliasCommand,
  type LambdaClient,
  LambdaServiceException,
} from '@aws-sdk/client-lambda';
import { launcherFunctionName, liveAliasName, stateMachineName, stateMachineVersionArn } from '@bclaw/spec/contract';
import { JobError } from '../errors.js';

/** Lambda: a function's name has at most 64 characters. */
const maxFunctionName = 64;

/** The caller, and its execution. */
export interface Caller {
  /** ARN of the calling execution: the called state machine is in the same account and region. */
  readonly caller: string;
  /** Selects one of two live versions: deterministic for a name, and distributed by the alias's weights. */
  readonly executionName: string;
}

/**
 * The state machine for a subpipe.
 *
 * @param subpipe a state machine's ARN, used as it is; or a name: for a versioned workflow its live version's state
 * machine, else the state machine with that name, which can be a foreign one; or `name:9`: that version, even if it is
 * not live, and for a foreign state machine the version or alias of that name
 * @returns its ARN
 * @throws JobError `SubpipeInvalid`, `AccessDenied`
 */
export async function stateMachineOf(
  lambda: LambdaClient,
  subpipe: string,
  { caller, executionName }: Caller,
): Promise<string> {
  if (subpipe.startsWith('arn:')) {
    if (/^arn:[^:]+:states:[^:]*:\d*:stateMachine:[^:]+/.test(subpipe)) return subpipe;
    throw invalid(subpipe);
  }
  // The characters that Step Functions allows in a name and that bclaw's names use.
  const [, workflow, qualifier] = /^([A-Za-z0-9_-]{1,80})(?::([A-Za-z0-9_.-]{1,80}))?$/.exec(subpipe) ?? [];
  if (workflow === undefined) throw invalid(subpipe);
  const [, partition = 'aws', , region = '', account = ''] = caller.split(':');
  const live = await liveVersion(lambda, launcherFunctionName(workflow), executionName);
  const arnOf = (name: string) => `arn:${partition}:states:${region}:${account}:stateMachine:${name}`;
  if (live === undefined || live === '$LATEST') return arnOf(subpipe);
  // Without its published version, a workflow version that is being pruned cannot start executions.
  return stateMachineVersionArn(arnOf(stateMachineName(workflow, wantedVersion(subpipe, qualifier) ?? live)));
}

/** The version of a versioned workflow that a template names; undefined for the live one. */
function wantedVersion(subpipe: string, qualifier: string | undefined): string | undefined {
  // BayerCLAW called the alias "current".
  if (qualifier === undefined || qualifier === liveAliasName || qualifier === 'current') return undefined;
  if (/^[1-9][0-9]*$/.test(qualifier)) return qualifier;
  throw new JobError('SubpipeInvalid', `"${subpipe}" names no version: "${qualifier}" is not a number.`, {
    hint: 'Write the name alone for the live version, or `name:9` for version 9.',
  });
}

function invalid(subpipe: string): JobError {
  return new JobError(
    'SubpipeInvalid',
    `"${subpipe}" is neither a workflow's name, alone or with a version, nor a state machine's ARN.`,
    {
      hint: 'Correct `subpipe` in the template, or the job data that it uses.',
    },
  );
}

/** The version that the launcher's alias routes to; undefined when the launcher does not exist. */
async function liveVersion(lambda: LambdaClient, launcher: string, executionName: string): Promise<string | undefined> {
  if (launcher.length > maxFunctionName) return undefined;
  try {
    return routedVersion(
      await lambda.send(new GetAliasCommand({ FunctionName: launcher, Name: liveAliasName })),
      executionName,
    );
  } catch (error) {
    if (!(error instanceof LambdaServiceException)) throw error;
    if (error.name === 'ResourceNotFoundException') return undefined;
    if (error.$metadata.httpStatusCode !== 403) throw error;
    throw new JobError('AccessDenied', `bclaw may not ask which version ${launcher} has live: ${error.message}.`, {
      hint: 'Allow lambda:GetAlias in the role of the function, or name the state machine by its ARN.',
      cause: error,
    });
  }
}

/** An alias may route a share of the calls to a second version. */
function routedVersion(alias: AliasConfiguration, executionName: string): string | undefined {
  const share = shareOf(executionName);
  let sum = 0;
  for (const [version, weight] of Object.entries(alias.RoutingConfig?.AdditionalVersionWeights ?? {})) {
    sum += weight;
    if (share < sum) return version;
  }
  return alias.FunctionVersion;
}

/** A number from 0 up to 1, evenly distributed over names. */
function shareOf(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE(0) / 2 ** 32;
}
