import { DeregisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import { DeleteStateMachineCommand } from '@aws-sdk/client-sfn';
import { BclawError } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { sleep } from '../aws/poll.js';
import { countRunning } from '../aws/state-machine.js';
import { recordsBucket, settleLaunchRecords } from '../jobs/launch-records.js';
import { type Callers, readCallers } from './callers.js';
import { closeStateMachine, retireLauncherVersion } from './close-version.js';
import { type Leftovers, pruneLeftovers } from './leftovers.js';
import { type Live, readLive, routedVersions } from './live.js';
import { findResources, type VersionResources, type WorkflowResources } from './resources.js';

export interface PruneOptions {
  readonly workflow: string;
  /** Number of the newest versions that could go live again to keep. At least 1; default 3. */
  readonly keep?: number;
  /** Only versions deployed longer ago than this, in milliseconds. Default: any age. */
  readonly olderThanMs?: number;
  /** Lists the versions to delete, and deletes nothing. */
  readonly dryRun?: boolean;
  /** Called before a version's resources are deleted. */
  readonly onDelete?: (version: number) => void;
  /** The core stack's name. Default `bayerclaw2`. */
  readonly installation?: string;
  /**
   * Time that Step Functions gets, between the last start and the last check for running executions, until its lists
   * are complete ("this operation is eventually consistent"), in milliseconds. Default 2,000.
   */
  readonly settleMs?: number;
}

/** The reason why a version stays. */
export type KeptBecause = 'live' | 'newest' | 'running' | 'called' | 'kept' | 'young';

export interface PruneResult {
  readonly workflow: string;
  readonly dryRun: boolean;
  /** Deleted, or to be deleted in a dry run; oldest first. */
  readonly pruned: readonly {
    readonly version: number;
    readonly stateMachine: boolean;
    readonly jobDefinitions: number;
    readonly launcherVersion: boolean;
  }[];
  readonly kept: readonly { readonly version: number; readonly because: KeptBecause; readonly detail: string }[];
  /** Leftovers of deployments without versions; absent when there are none. */
  readonly leftovers?: Leftovers;
}

/** Default number of versions to keep. */
export const defaultKeep = 3;

const defaultSettleMs = 2_000;

/**
 * Deletes the resources of old versions of a workflow, and the leftovers of earlier deployments of an unversioned one.
 * Can be interrupted at any point and run again.
 *
 * Never deletes a version that `live` routes to, the newest deployed one, one with running executions, or one that
 * another state machine names (`subpipe: name:9`, or an ARN), whichever version of its workflow that is. The order of deletion guarantees this while jobs arrive and
 * others move traffic: first the launcher version, which Lambda refuses to delete while an alias routes to it; then the
 * published version of the state machine, after which nothing can start; then a last check for running executions; then
 * the state machine and the job definitions.
 *
 * @throws BclawError `bad-keep`, `no-such-workflow`
 *
 * @example
 * ```ts
 * const plan = await prune(createClients(), { workflow: 'variant-calling', keep: 5, dryRun: true });
 * ```
 */
export async function prune(
  clients: Pick<Clients, 'batch' | 'cloudFormation' | 'lambda' | 's3' | 'sfn'>,
  options: PruneOptions,
): Promise<PruneResult> {
  const { workflow, keep = defaultKeep, dryRun = false, settleMs = defaultSettleMs } = options;
  if (!Number.isInteger(keep) || keep < 1) {
    throw new BclawError('bad-keep', `Can't keep ${keep} versions: at least one must stay.`, {
      hint: `Nothing was changed. To remove the whole workflow: \`bclaw destroy ${workflow}\`.`,
    });
  }
  const resources = await findResources(clients, workflow);
  requireAnything(resources);
  const leftovers = await pruneLeftovers(clients, resources, { dryRun, settleMs });
  const left = given({ leftovers });
  const { launcher } = resources;
  if (launcher?.versioned === false) return { workflow, dryRun, pruned: [], kept: [], ...left };
  const live = launcher === undefined ? undefined : await readLive(clients, launcher.workflow);

  const keptByNumber = newestUsable(resources, keep);
  const byNumber = { because: 'kept', detail: `one of the newest ${keep}` } as const;
  const judged = resources.versions.map((version) => ({
    version,
    because:
      keptByRoute(version, resources, live) ??
      (keptByNumber.has(version.version) ? byNumber : keptByAge(version, options)),
  }));
  const old = judged.flatMap(({ version, because }) => (because === undefined ? [version] : []));
  const callers = await callersOf(clients, old, resources);
  const kept: { version: number; because: KeptBecause; detail: string }[] = [];
  const candidates: VersionResources[] = [];
  for (const { version, because } of judged) {
    const reason = because ?? (await keptByUse(clients, version, callers));
    if (reason === undefined) candidates.push(version);
    else kept.push({ version: version.version, ...reason });
  }
  const doomed = dryRun ? candidates : await deleteVersions(clients, resources, candidates, options, kept);
  const pruned = doomed.map((version) => ({
    version: version.version,
    stateMachine: version.stateMachine !== undefined,
    jobDefinitions: version.jobDefinitions.length,
    launcherVersion: version.launcherVersion !== undefined,
  }));
  return { workflow, dryRun, pruned, kept, ...left };
}

/**
 * Deletes versions one after the other, each only if it is still unused once nothing can start on it any more.
 *
 * @param kept collects versions that turn out to be in use after all
 * @returns those that were deleted
 */
async function deleteVersions(
  clients: Pick<Clients, 'batch' | 'cloudFormation' | 'lambda' | 's3' | 'sfn'>,
  resources: WorkflowResources,
  candidates: readonly VersionResources[],
  { workflow, onDelete, installation, settleMs = defaultSettleMs }: PruneOptions,
  kept: { version: number; because: KeptBecause; detail: string }[],
): Promise<VersionResources[]> {
  if (candidates.length === 0) return [];
  const launcherBucket = await recordsBucket(clients, installation);
  const closed: VersionResources[] = [];
  for (const version of candidates) {
    onDelete?.(version.version);
    if ((await retireLauncherVersion(clients, workflow, version.version)) === 'live') {
      kept.push({ version: version.version, because: 'live', detail: 'somebody has just made it live' });
      continue;
    }
    if (version.stateMachine !== undefined) await closeStateMachine(clients, version.stateMachine.arn);
    closed.push(version);
  }
  if (closed.some(({ stateMachine }) => stateMachine !== undefined)) await sleep(settleMs, undefined);
  const callers = await callersOf(clients, closed, resources);
  const deleted: VersionResources[] = [];
  for (const version of closed) {
    const inUse = await keptByUse(clients, version, callers);
    if (inUse !== undefined) {
      kept.push({ version: version.version, ...inUse });
      continue;
    }
    await deleteResources(clients, { launcherBucket, workflow }, version);
    deleted.push(version);
  }
  return deleted;
}

type Kept = { readonly because: KeptBecause; readonly detail: string } | undefined;

function requireAnything({ workflow, launcher, versions, withoutVersion }: WorkflowResources): void {
  if (launcher === undefined && versions.length === 0 && withoutVersion.length === 0) {
    throw new BclawError('no-such-workflow', `There is no workflow "${workflow}" here, nor anything left of one.`, {
      hint: 'Check the name, the region and the account.',
    });
  }
}

function keptByRoute(version: VersionResources, { versions }: WorkflowResources, live: Live | undefined): Kept {
  if (routedVersions(live).includes(version.version)) {
    return { because: 'live', detail: 'new jobs go to it' };
  }
  // The stack itself holds the newest version's resources.
  const newest = versions.findLast(({ launcherVersion }) => launcherVersion !== undefined);
  return newest?.version === version.version ? { because: 'newest', detail: 'deployed last' } : undefined;
}

/** The newest versions that could go live again; a version that could not is not worth keeping. */
function newestUsable({ versions }: WorkflowResources, keep: number): Set<number> {
  const usable = versions.filter(({ launcherVersion, stateMachine }) => launcherVersion && stateMachine);
  return new Set(usable.slice(-keep).map(({ version }) => version));
}

function keptByAge(version: VersionResources, { olderThanMs }: PruneOptions): Kept {
  const deployedAt = version.launcherVersion?.deployedAt ?? version.stateMachine?.createdAt;
  if (olderThanMs === undefined || deployedAt === undefined) return undefined;
  return Date.now() - deployedAt.getTime() < olderThanMs
    ? { because: 'young', detail: `deployed at ${deployedAt.toISOString()}` }
    : undefined;
}

function callersOf(
  clients: Pick<Clients, 'sfn'>,
  versions: readonly VersionResources[],
  { workflow, stateMachines }: WorkflowResources,
): Promise<Callers> {
  const called = versions.flatMap(({ version, stateMachine }) =>
    stateMachine === undefined ? [] : [{ workflow, version, arn: stateMachine.arn }],
  );
  return readCallers(clients, called, stateMachines);
}

async function keptByUse(
  clients: Pick<Clients, 'sfn'>,
  { stateMachine }: VersionResources,
  callers: Callers,
): Promise<Kept> {
  if (stateMachine === undefined) return undefined;
  const running = await countRunning(clients, stateMachine.arn);
  if (running > 0) {
    return { because: 'running', detail: `${running} ${running === 1 ? 'execution is' : 'executions are'} running` };
  }
  const [caller, ...others] = callers.get(stateMachine.arn) ?? [];
  if (caller !== undefined) {
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    return { because: 'called', detail: `${caller.name}${more} may call it` };
  }
  return undefined;
}

/** Each call may find its work done already: an earlier prune was interrupted, or the resource was deleted by hand. */
async function deleteResources(
  clients: Pick<Clients, 'batch' | 's3' | 'sfn'>,
  place: { readonly launcherBucket: string | undefined; readonly workflow: string },
  { version, stateMachine, jobDefinitions }: VersionResources,
): Promise<void> {
  if (stateMachine !== undefined) {
    const stateMachineArn = stateMachine.arn;
    await settleLaunchRecords(clients, { ...place, version, stateMachineArn });
    await clients.sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
  }
  await inParallel(jobDefinitions, (jobDefinition) =>
    clients.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition })),
  );
}
