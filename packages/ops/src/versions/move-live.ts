import { UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { BclawError } from '@bclaw/spec';
import { launcherFunctionName, liveAliasName } from '@bclaw/spec/contract';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';

export interface LiveTarget {
  readonly workflow: string;
  /** The version that gets the jobs that no weight sends elsewhere. */
  readonly version: number;
  /** A second version and its share of the jobs, 0 to 1. Default: none. */
  readonly other?: { readonly version: number; readonly weight: number };
  /** The revision of the alias that was looked at: when it has another one now, nothing is moved. */
  readonly revisionId: string;
  /** What the alias says of itself afterwards. Default: what it said before. */
  readonly description?: string;
}

/**
 * Moves the alias `live`, unless somebody else has moved it since it was looked at.
 *
 * @throws BclawError `live-moved`; `no-such-version` when the version has been pruned since it was looked at
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
    const remedy = `Nothing was changed. See \`bclaw versions ${workflow}\`, then decide again.`;
    if (isAwsError(error, 'PreconditionFailedException')) {
      throw new BclawError(
        'live-moved',
        `Somebody else moved "${workflow}" to another version at the same moment, so it was left alone.`,
        { remedy, cause: error },
      );
    }
    if (isAwsError(error, 'ResourceNotFoundException')) {
      throw new BclawError('no-such-version', `Version ${version} of "${workflow}" was pruned at this very moment.`, {
        remedy,
        cause: error,
      });
    }
    throw error;
  }
}
