import { BclawError } from '@bclaw/spec';
import { readsLaunchQueue, stateMachineName, stateMachineVersionArn } from '@bclaw/spec/contract';
import { type ArnScope, stateMachineArn } from '../aws/arn.js';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { type JobDefinition, readJobDefinitions } from '../aws/job-definition.js';
import { readStateMachine, type StateMachine } from '../aws/state-machine.js';
import { findLauncher, listLauncherVersions, requireVersionedLauncher } from './launcher-function.js';

/** The state of everything that a version needs to take jobs. */
export interface VersionHealth {
  readonly stateMachine: {
    readonly arn: string;
    /** `closed`: nothing can start on it any more, because a prune was about to delete it. */
    readonly status: StateMachine['status'] | 'closed' | 'missing';
  };
  readonly jobDefinitions: {
    readonly active: readonly string[];
    /** ARNs in the state machine whose job definitions are deregistered or deleted. */
    readonly missing: readonly string[];
  };
  /** False when job files come through the launch queue, and its launcher is from before there was one. */
  readonly getsJobFiles: boolean;
}

/** A version's health, and what it was read from. */
export interface ReadHealth {
  readonly version: number;
  readonly health: VersionHealth;
  /** `undefined` when it is gone. */
  readonly machine: StateMachine | undefined;
  readonly definitions: ReadonlyMap<string, JobDefinition>;
}

/**
 * Reads the health of versions: two calls for each, and one for every 100 job definitions of all of them together; one
 * more when there are versions from before the launch queue.
 *
 * @param scope where the workflow is deployed
 * @returns in the order of `versions`
 */
export async function readHealth(
  clients: Pick<Clients, 'batch' | 'lambda' | 'sfn'>,
  { workflow, scope }: { readonly workflow: string; readonly scope: ArnScope },
  versions: readonly number[],
): Promise<ReadHealth[]> {
  const machines = await inParallel(versions, async (version) => {
    const arn = stateMachineArn(scope, stateMachineName(workflow, version));
    const [machine, published] = await Promise.all([
      readStateMachine(clients, arn),
      readStateMachine(clients, stateMachineVersionArn(arn)),
    ]);
    const readsQueue = published === undefined || published.description === readsLaunchQueue;
    return { version, arn, machine, closed: published === undefined, readsQueue };
  });
  const hasQueue =
    machines.some(({ readsQueue }) => !readsQueue) && ((await findLauncher(clients, workflow))?.hasQueue ?? false);
  const submitted = new Set(machines.flatMap(({ machine }) => machine?.jobDefinitionArns ?? []));
  const definitions = await readJobDefinitions(clients, [...submitted]);
  return machines.map(({ version, arn, machine, closed, readsQueue }) => {
    const jobs = machine?.jobDefinitionArns ?? [];
    const isActive = (definition: string) => definitions.get(definition)?.active === true;
    const status = machine?.status === 'active' && closed ? 'closed' : (machine?.status ?? 'missing');
    return {
      version,
      health: {
        stateMachine: { arn, status },
        jobDefinitions: { active: jobs.filter(isActive), missing: jobs.filter((job) => !isActive(job)) },
        getsJobFiles: readsQueue || !hasQueue,
      },
      machine,
      definitions,
    };
  });
}

/** The reason why a version can't take traffic, as a clause; `undefined` when it can. */
export function unhealthyBecause(health: VersionHealth): string | undefined {
  const ailment = incompleteBecause(health);
  if (ailment !== undefined || health.getsJobFiles) return ailment;
  return "it was compiled before job files came through a queue, which its launcher can't read";
}

/** The reason why a version can't run jobs, as a clause; `undefined` when it can. */
export function incompleteBecause({ stateMachine: { status }, jobDefinitions }: VersionHealth): string | undefined {
  if (status === 'missing') return 'its state machine is gone';
  if (status === 'closed') return 'its state machine was closed to new jobs, to be pruned';
  if (status === 'deleting') return 'its state machine is being deleted';
  const gone = jobDefinitions.missing.length;
  if (gone > 0) return `${gone} of its job definitions ${gone === 1 ? 'is' : 'are'} deregistered`;
  return undefined;
}

/**
 * Explains why a version has no state machine: it never existed, or it is gone.
 *
 * @returns normally when the version's launcher exists, so that only its state machine is gone
 * @throws BclawError `no-such-workflow`, `not-versioned`, `no-such-version`
 */
export async function requirePublished(
  clients: Pick<Clients, 'lambda'>,
  workflow: string,
  version: number,
): Promise<void> {
  const published = await listLauncherVersions(clients, await requireVersionedLauncher(clients, workflow));
  if (published.some((each) => each.version === version)) return;
  const newest = published.at(-1)?.version ?? 0;
  const why =
    version < 1 || version > newest
      ? `The workflow "${workflow}" has no version ${version}: ${version < 1 ? 'versions begin with 1' : `the newest is ${newest}`}.`
      : `Version ${version} of "${workflow}" is gone: it has been pruned, or its deployment failed.`;
  throw new BclawError('no-such-version', why, {
    hint: `Nothing was changed. Run \`bclaw versions ${workflow}\` to see those that there are, or deploy its template again.`,
  });
}
