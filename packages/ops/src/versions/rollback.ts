import { BclawError } from '@bclaw/spec';
import { liveAliasName, stateMachineName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { arnScope, stateMachineArn } from '../aws/arn.js';
import type { Clients } from '../aws/clients.js';
import { explainError } from '../aws/explain-error.js';
import { readStack } from '../aws/stack.js';
import { countRunning } from '../aws/state-machine.js';
import { type ReadHealth, readHealth, requirePublished, unhealthyBecause } from './health.js';
import { readImages, type StepImage } from './images.js';
import { listLauncherVersions, requireVersionedLauncher } from './launcher-function.js';
import { callerArn, describeMove, type Live, moveLive, readLive } from './live.js';

export interface MoveResult {
  readonly workflow: string;
  readonly from: number;
  readonly to: number;
  /**
   * Images of the version that a registry may have replaced since: this rollback would not bring them back. Absent when
   * they could not be read.
   */
  readonly mutableImages?: readonly StepImage[];
  /** Executions that continue on the previous live version. Absent when they could not be counted. */
  readonly stillRunning?: number;
  /**
   * True when the stack is being changed: if that change succeeds, its version becomes live, and this move is undone.
   * Absent when the stack could not be read.
   */
  readonly deploymentUnderWay?: boolean;
  /** The reasons why a field is absent; the move itself succeeded. */
  readonly notRead: readonly string[];
}

type MoveClients = Pick<Clients, 'batch' | 'cloudFormation' | 'lambda' | 's3' | 'sfn' | 'sts'>;

/**
 * Sends new jobs to an earlier version. Running executions continue on their own version.
 *
 * Checks first that the version's state machine and job definitions are active; moves the alias only if it was not
 * moved meanwhile. The alias's description then records who moved it and when.
 *
 * Makes eight calls when that version is the one before the live one or is given, has at most 100 job definitions and
 * stores no step apart from them, however many versions there are. Only what decides about the move is read before it:
 * a failure to read the rest is reported, and does not prevent the move.
 *
 * @param options.to a version; default: the newest healthy one older than the live one
 * @throws BclawError `no-such-workflow`, `not-versioned`, `no-such-version`, `already-live`, `unhealthy-version`,
 * `no-earlier-version`, `not-live`, `live-moved`
 *
 * @example
 * ```ts
 * const { from, to } = await rollback(createClients(), { workflow: 'variant-calling' });
 * ```
 */
export async function rollback(
  clients: MoveClients,
  options: { readonly workflow: string; readonly to?: number },
): Promise<MoveResult> {
  const { workflow, to } = options;
  const caller = callerArn(clients);
  const live = await requireLive(clients, workflow);
  const target =
    to === undefined
      ? await moveToEarlier(clients, workflow, live, caller)
      : await moveTo(clients, workflow, live, to, caller);
  return { workflow, from: live.version, to: target.version, ...(await afterMove(clients, workflow, live, target)) };
}

/**
 * Sends new jobs to a given version, forward or back: the same as {@link rollback} with `to`.
 *
 * @throws BclawError as {@link rollback}
 */
export async function promote(
  clients: MoveClients,
  options: { readonly workflow: string; readonly to: number },
): Promise<MoveResult> {
  return await rollback(clients, options);
}

async function requireLive(clients: Pick<Clients, 'lambda'>, workflow: string): Promise<Live> {
  const live = await readLive(clients, workflow);
  if (live !== undefined) return live;
  await requireVersionedLauncher(clients, workflow);
  throw new BclawError('not-live', `The launcher of "${workflow}" has no alias "${liveAliasName}".`, {
    hint: `Deploy the workflow again: \`bclaw deploy <template> --name ${workflow}\`.`,
  });
}

async function moveTo(
  clients: Pick<Clients, 'batch' | 'lambda' | 'sfn'>,
  workflow: string,
  live: Live,
  version: number,
  caller: Promise<string | undefined>,
): Promise<ReadHealth> {
  if (live.version === version && live.other === undefined) {
    throw new BclawError('already-live', `Version ${version} of "${workflow}" is live already.`, {
      hint: `Nothing was changed. \`bclaw versions ${workflow}\` shows the others.`,
    });
  }
  const target = await healthOf(clients, workflow, live, version);
  if (target.machine === undefined) await requirePublished(clients, workflow, version);
  const ailment = unhealthyBecause(target.health);
  if (ailment !== undefined) {
    throw new BclawError('unhealthy-version', `Version ${version} of "${workflow}" can't go live: ${ailment}.`, {
      hint: `Nothing was changed. Choose another with --to, or deploy the template of version ${version} again.`,
    });
  }
  await move(clients, workflow, live, version, caller);
  return target;
}

/** Looks at one version after the other, and moves to the first that is healthy. */
async function moveToEarlier(
  clients: Pick<Clients, 'batch' | 'lambda' | 'sfn'>,
  workflow: string,
  live: Live,
  caller: Promise<string | undefined>,
): Promise<ReadHealth> {
  let seen = 0;
  for await (const version of versionsBefore(clients, workflow, live.version)) {
    const target = await healthOf(clients, workflow, live, version);
    if (target.machine !== undefined) seen++;
    if (unhealthyBecause(target.health) !== undefined) continue;
    try {
      await move(clients, workflow, live, version, caller);
      return target;
    } catch (error) {
      // Its launcher was deleted by hand, or is being pruned: an older version may be complete.
      if (!(error instanceof BclawError && error.code === 'no-such-version')) throw error;
    }
  }
  const why =
    seen === 0
      ? `version ${live.version} is the oldest there is`
      : `none of the ${seen} before version ${live.version} is complete any more`;
  throw new BclawError('no-earlier-version', `"${workflow}" can't be rolled back: ${why}.`, {
    hint: `Deploy the earlier template again: \`bclaw deploy <template> --name ${workflow}\`.`,
  });
}

/** A list costs a call for every 50 versions, so it is read only when the nearest numbers are not what is needed. */
const triedByNumber = 3;

/** Numbers of versions that may exist before one, newest first. */
async function* versionsBefore(
  clients: Pick<Clients, 'lambda'>,
  workflow: string,
  before: number,
): AsyncGenerator<number> {
  const oldestTried = Math.max(1, before - triedByNumber);
  for (let version = before - 1; version >= oldestTried; version--) yield version;
  if (oldestTried === 1) return;
  const published = await listLauncherVersions(clients, await requireVersionedLauncher(clients, workflow));
  for (const { version } of published.toReversed()) if (version < oldestTried) yield version;
}

async function healthOf(
  clients: Pick<Clients, 'batch' | 'lambda' | 'sfn'>,
  workflow: string,
  live: Live,
  version: number,
): Promise<ReadHealth> {
  const [health] = await readHealth(clients, { workflow, scope: arnScope(live.arn) }, [version]);
  if (health === undefined) throw new Error('One version was asked for.');
  return health;
}

async function move(
  clients: Pick<Clients, 'lambda'>,
  workflow: string,
  live: Live,
  version: number,
  caller: Promise<string | undefined>,
): Promise<void> {
  const by = await caller;
  await moveLive(clients, {
    workflow,
    version,
    revisionId: live.revisionId,
    description: describeMove({ from: live.version, to: version, at: new Date(), ...given({ by }) }),
  });
}

/** Facts that are only shown after a move: none of them may make a move that succeeded look like a failure. */
async function afterMove(
  clients: Pick<Clients, 'cloudFormation' | 's3' | 'sfn'>,
  workflow: string,
  live: Live,
  { machine, definitions }: ReadHealth,
): Promise<Pick<MoveResult, 'mutableImages' | 'stillRunning' | 'deploymentUnderWay' | 'notRead'>> {
  const notRead: string[] = [];
  const reading = async <T>(what: string, promise: Promise<T>): Promise<T | undefined> => {
    try {
      return await promise;
    } catch (error) {
      notRead.push(`${what}: ${explainError(error).message}`);
      return undefined;
    }
  };
  const leftBehind = stateMachineArn(arnScope(live.arn), stateMachineName(workflow, live.version));
  const [stack, images, stillRunning] = await Promise.all([
    reading('the stack', readStack(clients, workflow)),
    reading('the images', machine === undefined ? Promise.resolve([]) : readImages(clients, machine, definitions)),
    reading(`the running executions of version ${live.version}`, countRunning(clients, leftBehind)),
  ]);
  return {
    ...given({ mutableImages: images?.filter(({ pinned }) => !pinned), stillRunning }),
    ...given({ deploymentUnderWay: stack?.status.endsWith('_IN_PROGRESS') }),
    notRead,
  };
}
