import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { countRunning } from '../aws/state-machine.js';
import { type ReadHealth, readHealth, unhealthyBecause, type VersionHealth } from './health.js';
import { readImages, type StepImage } from './images.js';
import { type LauncherVersion, listLauncherVersions, requireVersionedLauncher } from './launcher-function.js';
import { type Live, readLive, routedVersions } from './live.js';

/** A row of the versions table: one version of a workflow and its health. */
export interface Version extends VersionHealth {
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
  readonly runningExecutions: number;
  readonly images: readonly StepImage[];
  /** True when the state machine and all job definitions exist and job files get there, so that `live` can point to it. */
  readonly healthy: boolean;
}

export interface VersionTable {
  readonly workflow: string;
  readonly live: Live | undefined;
  /** Newest first. */
  readonly versions: readonly Version[];
  /** Number of versions that exist and were not read, because `newest` was given. */
  readonly notRead: number;
}

export interface VersionsOptions {
  readonly workflow: string;
  /** Read only so many of the newest versions, and those that get new jobs. Default: all. */
  readonly newest?: number;
}

/**
 * Reads the versions of a workflow with their state: three calls for each version, one for every 50 versions that exist,
 * one for every 100 job definitions, and one for every image that is stored apart from its job definition.
 *
 * @throws BclawError `no-such-workflow`, `not-versioned`
 *
 * @example
 * ```ts
 * const { versions } = await listVersions(createClients(), { workflow: 'variant-calling', newest: 20 });
 * for (const { version, live, healthy } of versions) console.log(version, live ? 'live' : '', healthy);
 * ```
 */
export async function listVersions(
  clients: Pick<Clients, 'batch' | 'lambda' | 's3' | 'sfn'>,
  { workflow, newest = Number.POSITIVE_INFINITY }: VersionsOptions,
): Promise<VersionTable> {
  const launcher = await requireVersionedLauncher(clients, workflow);
  const [live, all] = await Promise.all([readLive(clients, workflow), listLauncherVersions(clients, launcher)]);
  const routed = routedVersions(live);
  const published = all.toReversed().filter(({ version }, index) => index < newest || routed.includes(version));
  const health = await readHealth(
    clients,
    launcher,
    published.map(({ version }) => version),
  );
  const versions = await inParallel([...published.entries()], async ([index, version]) => {
    const read = health[index];
    return read === undefined ? [] : [await readVersion(clients, live, version, read)];
  });
  return { workflow, live, versions: versions.flat(), notRead: all.length - published.length };
}

/** One version's row. */
async function readVersion(
  clients: Pick<Clients, 's3' | 'sfn'>,
  live: Live | undefined,
  { version, deployedAt, digest, bclawVersion }: LauncherVersion,
  { health, machine, definitions }: ReadHealth,
): Promise<Version> {
  const [runningExecutions, images] = await Promise.all([
    machine === undefined ? 0 : countRunning(clients, machine.arn),
    machine === undefined ? [] : readImages(clients, machine, definitions),
  ]);
  const weight = live?.version === version ? live.weight : live?.other?.version === version ? live.other.weight : 0;
  return {
    version,
    live: weight > 0 || live?.version === version,
    weight,
    deployedAt,
    ...given({ digest, bclawVersion }),
    ...health,
    runningExecutions,
    images,
    healthy: unhealthyBecause(health) === undefined,
  };
}
