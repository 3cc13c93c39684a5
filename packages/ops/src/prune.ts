import { DeregisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { DeleteStateMachineCommand } from '@aws-sdk/client-sfn';
import { launcherFunctionName } from '@bclaw/compiler';
import { BclawError } from '@bclaw/spec';
import type { Clients } from './clients.js';
import { isAwsError } from './explain-error.js';
import { inParallel } from './in-parallel.js';
import { type Live, readLive, routedVersions } from './launcher-function.js';
import { findResources, type VersionResources, type WorkflowResources } from './resources.js';
import { countRunning, readStateMachine } from './state-machine.js';

export interface PruneOptions {
  readonly workflow: string;
  /** So many of the newest versions that could go live again are kept. At least 1; default 3. */
  readonly keep?: number;
  /** Only versions deployed longer ago than this, in milliseconds. Default: whatever their age. */
  readonly olderThanMs?: number;
  /** Finds out what would be deleted, and deletes nothing. */
  readonly dryRun?: boolean;
  /** Called before a version's resources are deleted. */
  readonly onDelete?: (version: number) => void;
}

/** Why a version stays. */
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
}

/** Versions kept unless told otherwise. */
export const defaultKeep = 3;

/**
 * Deletes what old versions of a workflow have left: state machine, job definitions, launcher version, in this order, so
 * that it can be interrupted at any point and run again.
 *
 * Never deletes a version that `live` routes to, the newest deployed one, one with running executions, or one that a
 * running execution of another workflow could still call.
 *
 * @throws BclawError `bad-keep`, `no-such-workflow`, `not-versioned`
 *
 * @example
 * ```ts
 * const plan = await prune(createClients(), { workflow: 'variant-calling', keep: 5, dryRun: true });
 * ```
 */
export async function prune(
  clients: Pick<Clients, 'lambda' | 'sfn' | 'batch'>,
  options: PruneOptions,
): Promise<PruneResult> {
  const { workflow, keep = defaultKeep, dryRun = false } = options;
  if (!Number.isInteger(keep) || keep < 1) {
    throw new BclawError('bad-keep', `Can't keep ${keep} versions: at least one must stay.`, {
      remedy: `To remove the whole workflow, delete its stack: \`aws cloudformation delete-stack --stack-name ${workflow}\`.`,
    });
  }
  const resources = await findResources(clients, workflow);
  refuseUnprunable(resources);
  const { launcher } = resources;
  const live = launcher === undefined ? undefined : await readLive(clients, launcher);

  const kept: { version: number; because: KeptBecause; detail: string }[] = [];
  const candidates: VersionResources[] = [];
  const keptByNumber = newestUsable(resources, keep);
  for (const version of resources.versions) {
    const because =
      keptByRoute(version, resources, live) ??
      (keptByNumber.has(version.version)
        ? ({ because: 'kept', detail: `one of the newest ${keep}` } as const)
        : (keptByAge(version, options) ?? (await keptByUse(clients, version, resources))));
    if (because === undefined) candidates.push(version);
    else kept.push({ version: version.version, ...because });
  }
  if (!dryRun) {
    for (const candidate of candidates) {
      options.onDelete?.(candidate.version);
      await deleteVersion(clients, workflow, candidate);
    }
  }
  const pruned = candidates.map((candidate) => ({
    version: candidate.version,
    stateMachine: candidate.stateMachine !== undefined,
    jobDefinitions: candidate.jobDefinitions.length,
    launcherVersion: candidate.launcherVersion !== undefined,
  }));
  return { workflow, dryRun, pruned, kept };
}

type Kept = { readonly because: KeptBecause; readonly detail: string } | undefined;

function refuseUnprunable({ workflow, launcher, versions }: WorkflowResources): void {
  if (launcher === undefined && versions.length === 0) {
    throw new BclawError('no-such-workflow', `There is no workflow "${workflow}" here, nor anything left of one.`, {
      remedy: 'Check the name, the region and the account.',
    });
  }
  if (launcher !== undefined && !launcher.versioned) {
    throw new BclawError('not-versioned', `The workflow "${workflow}" is not versioned: there is nothing to prune.`);
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

/** The newest versions that could go live again; what could not is not worth keeping. */
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

async function keptByUse(
  clients: Pick<Clients, 'sfn'>,
  { stateMachine }: VersionResources,
  resources: WorkflowResources,
): Promise<Kept> {
  if (stateMachine === undefined) return undefined;
  const running = await countRunning(clients, stateMachine.arn);
  if (running > 0) {
    return { because: 'running', detail: `${running} ${running === 1 ? 'execution is' : 'executions are'} running` };
  }
  const caller = await runningCaller(clients, stateMachine.arn, resources);
  return caller === undefined
    ? undefined
    : { because: 'called', detail: `a running execution of ${caller} may call it` };
}

/** A state machine with running executions whose definition names the given one. */
async function runningCaller(
  clients: Pick<Clients, 'sfn'>,
  arn: string,
  { stateMachines }: WorkflowResources,
): Promise<string | undefined> {
  const callers = await inParallel(
    stateMachines.filter((other) => other.arn !== arn),
    async (other) => {
      const machine = await readStateMachine(clients, other.arn);
      if (machine === undefined || !machine.definition.includes(`"${arn}"`)) return undefined;
      return (await countRunning(clients, other.arn)) > 0 ? other.name : undefined;
    },
  );
  return callers.find((name) => name !== undefined);
}

/** Each call may find its work done already: an earlier prune was interrupted, or somebody cleaned up by hand. */
async function deleteVersion(
  clients: Pick<Clients, 'lambda' | 'sfn' | 'batch'>,
  workflow: string,
  { version, stateMachine, jobDefinitions, launcherVersion }: VersionResources,
): Promise<void> {
  if (stateMachine !== undefined) {
    await clients.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: stateMachine.arn }));
  }
  await inParallel(jobDefinitions, (jobDefinition) =>
    clients.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition })),
  );
  if (launcherVersion !== undefined) {
    try {
      await clients.lambda.send(
        new DeleteFunctionCommand({ FunctionName: launcherFunctionName(workflow), Qualifier: String(version) }),
      );
    } catch (error) {
      if (!isAwsError(error, 'ResourceNotFoundException')) throw error;
    }
  }
}
