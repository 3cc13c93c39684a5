import { type AliasConfiguration, GetAliasCommand, UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { BclawError } from '@bclaw/spec';
import { launcherFunctionName, liveAliasName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { isFunctionName, type Launcher } from './launcher-function.js';

/** The target of the alias `live`, which gets new jobs. */
export interface Live {
  /** ARN of the alias. */
  readonly arn: string;
  /** A version number, never `$LATEST`. */
  readonly version: number;
  /** Share of the jobs that `version` gets, 0 to 1. */
  readonly weight: number;
  /** A second version that gets the rest. */
  readonly other?: { readonly version: number; readonly weight: number };
  /** Revision that guards a change of the alias against a concurrent one. */
  readonly revisionId: string;
  readonly description: string;
}

/** The target of new jobs, or `undefined` when the workflow, its alias or its versions are missing. */
export async function readLive(clients: Pick<Clients, 'lambda'>, workflow: string): Promise<Live | undefined> {
  const functionName = launcherFunctionName(workflow);
  if (!isFunctionName(functionName)) return undefined;
  try {
    return parseLive(
      await clients.lambda.send(new GetAliasCommand({ FunctionName: functionName, Name: liveAliasName })),
    );
  } catch (error) {
    if (isAwsError(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
}

function parseLive(alias: AliasConfiguration): Live | undefined {
  const version = Number(alias.FunctionVersion);
  if (!Number.isInteger(version)) return undefined; // $LATEST, in an unversioned workflow
  const about = { arn: alias.AliasArn ?? '', revisionId: alias.RevisionId ?? '', description: alias.Description ?? '' };
  const [other] = Object.entries(alias.RoutingConfig?.AdditionalVersionWeights ?? {});
  if (other === undefined) return { version, weight: 1, ...about };
  const [otherVersion, weight] = other;
  return { version, weight: 1 - weight, other: { version: Number(otherVersion), weight }, ...about };
}

/** The versions that can get new jobs. */
export function routedVersions(live: Live | undefined): number[] {
  if (live === undefined) return [];
  return live.other === undefined ? [live.version] : [live.version, live.other.version];
}

/** A move of the alias `live` by bclaw, as the alias's own description records it. */
export interface LiveMove {
  readonly from: number;
  readonly to: number;
  readonly at: Date;
  /** ARN of the caller, if AWS returns it. */
  readonly by?: string;
}

/** AWS Lambda's limit for the description of an alias. */
const maxDescription = 256;

/**
 * Formats a move as text that {@link parseMove} parses. The description of an alias is the only place where Lambda
 * stores anything about a move; the next move overwrites it.
 */
export function describeMove({ from, to, at, by }: LiveMove): string {
  const words = `Moved by bclaw from version ${from} to ${to} at ${at.toISOString()}`;
  return `${words}${by === undefined ? '' : ` by ${by}`}`.slice(0, maxDescription);
}

/** The inverse of {@link describeMove}; `undefined` for any other text, e.g. CloudFormation's. */
export function parseMove(description: string): LiveMove | undefined {
  const groups = /^Moved by bclaw from version (?<from>\d+) to (?<to>\d+) at (?<at>\S+Z)(?: by (?<by>\S+))?$/.exec(
    description,
  )?.groups;
  const { from, to, at, by } = groups ?? {};
  if (from === undefined || to === undefined || at === undefined) return undefined;
  return { from: Number(from), to: Number(to), at: new Date(at), ...given({ by }) };
}

/** ARN of the credentials' owner; a rollback must not fail because AWS does not return it. */
export async function callerArn(clients: Pick<Clients, 'sts'>): Promise<string | undefined> {
  try {
    return (await clients.sts.send(new GetCallerIdentityCommand({}))).Arn;
  } catch {
    return undefined;
  }
}

export interface LiveTarget {
  readonly workflow: string;
  /** The version that gets all jobs that no weight routes elsewhere. */
  readonly version: number;
  /** A second version and its share of the jobs, 0 to 1. Default: none. */
  readonly other?: { readonly version: number; readonly weight: number };
  /** The revision of the alias that was read: when it differs now, nothing is moved. */
  readonly revisionId: string;
  /** The alias's new description. Default: unchanged. */
  readonly description?: string;
}

/**
 * Moves the alias `live`, unless it was moved since it was read.
 *
 * @throws BclawError `live-moved`; `no-such-version` when the version has been pruned since it was read
 */
export async function moveLive(clients: Pick<Clients, 'lambda'>, target: LiveTarget): Promise<void> {
  const { workflow, version, other, revisionId, description } = target;
  try {
    await clients.lambda.send(
      new UpdateAliasCommand({
        FunctionName: launcherFunctionName(workflow),
        Name: liveAliasName,
        FunctionVersion: String(version),
        RoutingConfig: { AdditionalVersionWeights: other === undefined ? {} : { [other.version]: other.weight } },
        RevisionId: revisionId,
        Description: description,
      }),
    );
  } catch (error) {
    const hint = `Nothing was changed. See \`bclaw versions ${workflow}\`, then decide again.`;
    if (isAwsError(error, 'PreconditionFailedException')) {
      throw new BclawError(
        'live-moved',
        `Somebody else moved "${workflow}" to another version at the same moment, so it was left alone.`,
        { hint, cause: error },
      );
    }
    if (isAwsError(error, 'ResourceNotFoundException')) {
      throw new BclawError('no-such-version', `Version ${version} of "${workflow}" was pruned at this very moment.`, {
        hint,
        cause: error,
      });
    }
    throw error;
  }
}

/** The target of `live` before a deployment that may fail. */
interface BeforeDeployment {
  readonly launcher: Launcher;
  readonly live?: Live | undefined;
  readonly newestVersion?: number | undefined;
}

/**
 * Moves `live` back to its target before a failed deployment. CloudFormation's rollback restores the version that it
 * deployed last, which may be the very version that a user has rolled back from.
 *
 * @param startedAt start of the deployment: a rollback by bclaw since then is kept
 */
export async function restoreLive(
  clients: Pick<Clients, 'lambda'>,
  { launcher, live: before, newestVersion }: BeforeDeployment,
  startedAt: Date,
): Promise<void> {
  if (before === undefined || newestVersion === undefined || before.version === newestVersion) return;
  const now = await readLive(clients, launcher.workflow);
  if (now?.version !== newestVersion) return;
  const move = parseMove(now.description);
  if (move !== undefined && move.at >= startedAt) return;
  await moveLive(clients, {
    workflow: launcher.workflow,
    version: before.version,
    ...given({ other: before.other }),
    revisionId: now.revisionId,
    description: before.description,
  });
}

/** A new version gets all the jobs; CloudFormation keeps weights on the alias that its template does not mention. */
export async function clearWeights(clients: Pick<Clients, 'lambda'>, launcher: Launcher): Promise<void> {
  const live = await readLive(clients, launcher.workflow);
  if (live?.other === undefined) return;
  await moveLive(clients, { workflow: launcher.workflow, version: live.version, revisionId: live.revisionId });
}
