import { DeregisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import { DeleteStateMachineCommand } from '@aws-sdk/client-sfn';
import { BclawError } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { listJobDefinitions, readJobDefinitions } from '../aws/job-definition.js';
import { sleep } from '../aws/poll.js';
import { countRunning, type ListedStateMachine, readStateMachine } from '../aws/state-machine.js';
import { recordsBucket, settleLaunchRecords } from '../jobs/launch-records.js';
import { CallerSearch, type Callers } from './callers.js';
import { closeStateMachine, retireLauncherVersion } from './close-version.js';
import type { Launcher } from './launcher-function.js';
import { type Leftovers, pruneLeftovers } from './leftovers.js';
import { type Live, readLive, routedVersions } from './live.js';
import {
  findParts,
  type VersionParts,
  type VersionResources,
  type WorkflowParts,
  type WorkflowResources,
  withJobDefinitions,
} from './resources.js';
import { machinesOfAll } from './workflow-machines.js';

export interface PruneOptions {
  readonly workflow: string;
  /** Number of the newest versions that could go live again to keep. At least 1; default 3. */
  readonly keep?: number;
  /** Only versions deployed longer ago than this, in milliseconds. Default: any age. */
  readonly olderThanMs?: number;
  /**
   * Searches all job definitions of the account for some that were left by a version whose state machine was deleted by
   * hand: one call for every 100. Always done for an unversioned workflow, for one without a stack, and when a launcher
   * version has no state machine. Default `false`.
   */
  readonly all?: boolean;
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
 * the job definitions, and the state machine that names them.
 *
 * Makes two calls for every version that could go, one for every other version of any workflow, and one for every 50
 * launcher versions, 100 job definitions of those versions and 1,000 state machines of the account.
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
  const parts = await findParts(clients, workflow);
  const { launcher } = parts;
  const searched = needsSearch(parts, options)
    ? withJobDefinitions(parts, await listJobDefinitions(clients, workflow))
    : undefined;
  requireAnything(workflow, launcher, searched);
  const leftovers = searched === undefined ? undefined : await pruneLeftovers(clients, searched, { dryRun, settleMs });
  const left = given({ leftovers });
  if (launcher?.versioned === false) return { workflow, dryRun, pruned: [], kept: [], ...left };
  const live = launcher === undefined ? undefined : await readLive(clients, launcher.workflow);

  const { versions } = searched ?? parts;
  const keptByNumber = newestUsable(versions, keep);
  const byNumber = { because: 'kept', detail: `one of the newest ${keep}` } as const;
  const judged = versions.map((version) => ({
    version,
    because:
      keptByRoute(version, versions, live) ??
      (keptByNumber.has(version.version) ? byNumber : keptByAge(version, options)),
  }));
  const callerSearch = new CallerSearch(clients);
  const unwanted = judged.flatMap(({ version, because }) => (because === undefined ? [version] : []));
  const old = await readJobDefinitionsOf(clients, workflow, unwanted, callerSearch);
  const callers = await callersOf(clients, workflow, old, callerSearch, parts.stateMachines);
  const kept: { version: number; because: KeptBecause; detail: string }[] = judged.flatMap(({ version, because }) =>
    because === undefined ? [] : [{ version: version.version, ...because }],
  );
  const reasons = await inParallel(old, (version) => keptByUse(clients, version, callers));
  const candidates: VersionResources[] = [];
  for (const [index, version] of old.entries()) {
    const reason = reasons[index];
    if (reason === undefined) candidates.push(version);
    else kept.push({ version: version.version, ...reason });
  }
  const doomed = dryRun ? candidates : await deleteVersions(clients, candidates, options, kept, callerSearch);
  const pruned = doomed.map((version) => ({
    version: version.version,
    stateMachine: version.stateMachine !== undefined,
    jobDefinitions: version.jobDefinitions.length,
    launcherVersion: version.launcherVersion !== undefined,
  }));
  return { workflow, dryRun, pruned, kept: kept.sort((a, b) => a.version - b.version), ...left };
}

/** State machines name the job definitions of their versions; where one is missing, all have to be searched. */
const needsSearch = ({ launcher, versions }: WorkflowParts, { all = false }: PruneOptions): boolean =>
  all || launcher?.versioned !== true || versions.some(({ stateMachine }) => stateMachine === undefined);

/** Versions with those of their job definitions that are active. */
async function readJobDefinitionsOf(
  clients: Pick<Clients, 'batch' | 'sfn'>,
  workflow: string,
  versions: readonly (VersionParts | VersionResources)[],
  callerSearch: CallerSearch,
): Promise<VersionResources[]> {
  const submitted = await inParallel(versions, async (version) => {
    if ('jobDefinitions' in version || version.stateMachine === undefined) return [];
    const machine = await readStateMachine(clients, version.stateMachine.arn);
    if (machine !== undefined) callerSearch.note(machine);
    return machine?.jobDefinitionArns ?? [];
  });
  const definitions = await readJobDefinitions(clients, [...new Set(submitted.flat())]);
  return versions.map((version, index) =>
    'jobDefinitions' in version
      ? version
      : {
          ...version,
          jobDefinitions: (submitted[index] ?? []).filter((arn) => {
            const definition = definitions.get(arn);
            // A state machine may submit to a job definition that is not its version's own.
            return definition?.active && definition.workflow === workflow && definition.version === version.version;
          }),
        },
  );
}

/**
 * Deletes versions one after the other, each only if it is still unused once nothing can start on it any more.
 *
 * @param kept collects versions that turn out to be in use after all
 * @returns those that were deleted
 */
async function deleteVersions(
  clients: Pick<Clients, 'batch' | 'cloudFormation' | 'lambda' | 's3' | 'sfn'>,
  candidates: readonly VersionResources[],
  { workflow, onDelete, installation, settleMs = defaultSettleMs }: PruneOptions,
  kept: { version: number; because: KeptBecause; detail: string }[],
  callerSearch: CallerSearch,
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
  const callers = await callersOf(clients, workflow, closed, callerSearch);
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

function requireAnything(
  workflow: string,
  launcher: Launcher | undefined,
  searched: WorkflowResources | undefined,
): void {
  if (launcher === undefined && searched?.versions.length === 0 && searched.withoutVersion.length === 0) {
    throw new BclawError('no-such-workflow', `There is no workflow "${workflow}" here, nor anything left of one.`, {
      hint: 'Check the name, the region and the account.',
    });
  }
}

function keptByRoute(version: VersionParts, versions: readonly VersionParts[], live: Live | undefined): Kept {
  if (routedVersions(live).includes(version.version)) {
    return { because: 'live', detail: 'new jobs go to it' };
  }
  // The stack itself holds the newest version's resources.
  const newest = versions.findLast(({ launcherVersion }) => launcherVersion !== undefined);
  return newest?.version === version.version ? { because: 'newest', detail: 'deployed last' } : undefined;
}

/** The newest versions that could go live again; a version that could not is not worth keeping. */
function newestUsable(versions: readonly VersionParts[], keep: number): Set<number> {
  const usable = versions.filter(({ launcherVersion, stateMachine }) => launcherVersion && stateMachine);
  return new Set(usable.slice(-keep).map(({ version }) => version));
}

function keptByAge(version: VersionParts, { olderThanMs }: PruneOptions): Kept {
  const deployedAt = version.launcherVersion?.deployedAt ?? version.stateMachine?.createdAt;
  if (olderThanMs === undefined || deployedAt === undefined) return undefined;
  return Date.now() - deployedAt.getTime() < olderThanMs
    ? { because: 'young', detail: `deployed at ${deployedAt.toISOString()}` }
    : undefined;
}

async function callersOf(
  clients: Pick<Clients, 'lambda' | 'sfn'>,
  workflow: string,
  versions: readonly VersionParts[],
  callerSearch: CallerSearch,
  stateMachines?: readonly ListedStateMachine[],
): Promise<Callers> {
  const called = versions.flatMap(({ version, stateMachine }) =>
    stateMachine === undefined ? [] : [{ workflow, version, arn: stateMachine.arn }],
  );
  if (called.length === 0) return new Map();
  return await callerSearch.find(called, await machinesOfAll(clients, stateMachines));
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

/**
 * Each call may find its work done already: an earlier prune was interrupted, or the resource was deleted by hand. The
 * state machine goes last, because it tells a later prune which job definitions are left.
 */
async function deleteResources(
  clients: Pick<Clients, 'batch' | 's3' | 'sfn'>,
  place: { readonly launcherBucket: string | undefined; readonly workflow: string },
  { version, stateMachine, jobDefinitions }: VersionResources,
): Promise<void> {
  if (stateMachine !== undefined)
    await settleLaunchRecords(clients, { ...place, version, stateMachineArn: stateMachine.arn });
  await inParallel(jobDefinitions, (jobDefinition) =>
    clients.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition })),
  );
  if (stateMachine !== undefined)
    await clients.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: stateMachine.arn }));
}
