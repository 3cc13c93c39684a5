import { BclawError } from '@bclaw/spec';
import { stateMachineName, stateMachineVersionArn } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { stateMachineArn } from '../aws/arn.js';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { readJobDefinitions } from '../aws/job-definition.js';
import { countRunning, readStateMachine, type StateMachine } from '../aws/state-machine.js';
import { readImages, type StepImage } from './images.js';
import {
  type Launcher,
  type LauncherVersion,
  listLauncherVersions,
  requireVersionedLauncher,
} from './launcher-function.js';
import { type Live, readLive } from './live.js';

/** A row of the versions table: one version of a workflow and its health. */
export interface Version {
  readonly version: number;
  /** True when the alias `live` sends new jobs to it. */
  readonly live: boolean;
  /** Its share of new jobs, 0 to 1. */
  readonly weight: number;
  readonly deployedAt: Date;
  /** Digest of the deployed definition: two versions with the same digest behave the same. */
  readonly digest?: string;
  /** Version of bclaw that compiled it. */
  readonly bclawVersion?: string;
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
  readonly runningExecutions: number;
  readonly images: readonly StepImage[];
  /** True when the state machine and all job definitions exist, so that `live` can point to it. */
  readonly healthy: boolean;
}

export interface VersionTable {
  readonly workflow: string;
  readonly live: Live | undefined;
  /** Newest first. */
  readonly versions: readonly Version[];
}

/**
 * Reads all versions of a workflow with their state.
 *
 * @throws BclawError `no-such-workflow`, `not-versioned`
 *
 * @example
 * ```ts
 * const { versions } = await listVersions(createClients(), { workflow: 'variant-calling' });
 * for (const { version, live, healthy } of versions) console.log(version, live ? 'live' : '', healthy);
 * ```
 */
export async function listVersions(
  clients: Pick<Clients, 'batch' | 'lambda' | 's3' | 'sfn'>,
  options: { readonly workflow: string },
): Promise<VersionTable> {
  return await readVersions(clients, options, { images: true });
}

/** Like {@link listVersions}, with or without images, which take a while in a workflow of hundreds of steps. */
export async function readVersions(
  clients: Pick<Clients, 'batch' | 'lambda' | 's3' | 'sfn'>,
  options: { readonly workflow: string },
  { images }: { readonly images: boolean },
): Promise<VersionTable> {
  const launcher = await requireVersionedLauncher(clients, options.workflow);
  const [live, published] = await Promise.all([readLive(clients, launcher), listLauncherVersions(clients, launcher)]);
  const versions = await inParallel(published.toReversed(), (version) =>
    readVersion(clients, launcher, live, version, images),
  );
  return { workflow: options.workflow, live, versions };
}

/** One version's row. */
async function readVersion(
  clients: Pick<Clients, 'batch' | 's3' | 'sfn'>,
  launcher: Launcher,
  live: Live | undefined,
  published: LauncherVersion,
  withImages: boolean,
): Promise<Version> {
  const { version } = published;
  const arn = stateMachineArn(launcher.scope, stateMachineName(launcher.workflow, version));
  const [machine, takesJobs] = await Promise.all([
    readStateMachine(clients, arn),
    readStateMachine(clients, stateMachineVersionArn(arn)).then((published) => published !== undefined),
  ]);
  const pinned = machine?.jobDefinitionArns ?? [];
  const [definitions, runningExecutions] = await Promise.all([
    readJobDefinitions(clients, pinned),
    machine === undefined ? 0 : countRunning(clients, arn),
  ]);
  const active = pinned.filter((definition) => definitions.get(definition)?.active);
  const missing = pinned.filter((definition) => !definitions.get(definition)?.active);
  const status = machine?.status === 'active' && !takesJobs ? 'closed' : (machine?.status ?? 'missing');
  const weight = live?.version === version ? live.weight : live?.other?.version === version ? live.other.weight : 0;
  return {
    version,
    live: weight > 0 || live?.version === version,
    weight,
    deployedAt: published.deployedAt,
    ...given({ digest: published.digest, bclawVersion: published.bclawVersion }),
    stateMachine: { arn, status },
    jobDefinitions: { active, missing },
    runningExecutions,
    images: withImages && machine !== undefined ? await readImages(clients, machine, definitions) : [],
    healthy: status === 'active' && missing.length === 0,
  };
}

/**
 * The row of one version.
 *
 * @throws BclawError `no-such-version`
 */
export function requireVersion(table: VersionTable, version: number): Version {
  const found = table.versions.find((row) => row.version === version);
  if (found !== undefined) return found;
  const newest = table.versions[0]?.version ?? 0;
  const why =
    version < 1 || version > newest
      ? `The workflow "${table.workflow}" has no version ${version}: ${version < 1 ? 'versions begin with 1' : `the newest is ${newest}`}.`
      : `Version ${version} of "${table.workflow}" is gone: it has been pruned, or its deployment failed.`;
  throw new BclawError('no-such-version', why, {
    hint: `Nothing was changed. Run \`bclaw versions ${table.workflow}\` to see those that there are, or deploy its template again.`,
  });
}

/** The reason why a version can't take traffic, as a clause; `undefined` when it can. */
export function unhealthyBecause(version: Version): string | undefined {
  const { status } = version.stateMachine;
  if (status === 'missing') return 'its state machine is gone';
  if (status === 'closed') return 'its state machine was closed to new jobs, to be pruned';
  if (status === 'deleting') return 'its state machine is being deleted';
  const gone = version.jobDefinitions.missing.length;
  if (gone > 0) return `${gone} of its job definitions ${gone === 1 ? 'is' : 'are'} deregistered`;
  return undefined;
}

/** The images of one version. */
export async function imagesOf(
  clients: Pick<Clients, 'batch' | 's3' | 'sfn'>,
  version: Version,
): Promise<readonly StepImage[]> {
  const machine = await readStateMachine(clients, version.stateMachine.arn);
  if (machine === undefined) return [];
  return await readImages(clients, machine, await readJobDefinitions(clients, machine.jobDefinitionArns));
}
