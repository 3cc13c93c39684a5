import { BclawError } from '@bclaw/spec';
import { liveAliasName } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { readStack } from '../aws/stack.js';
import { callerArn, describeMove, type Live, moveLive } from './live.js';
import {
  imagesOf,
  readVersions,
  requireVersion,
  unhealthyBecause,
  type Version,
  type VersionTable,
} from './versions.js';

export interface MoveResult {
  readonly workflow: string;
  readonly from: number;
  readonly to: number;
  /** Images of the version that a registry may have replaced since: this rollback would not bring them back. */
  readonly mutableImages: Version['images'];
  /** Executions that continue on the previous live version. */
  readonly stillRunning: number;
  /**
   * True when the stack is being changed: if that change succeeds, its version becomes live, and this move is undone.
   */
  readonly deploymentUnderWay: boolean;
}

/**
 * Sends new jobs to an earlier version. Running executions continue on their own version.
 *
 * Checks first that the version's state machine and job definitions are active; moves the alias only if it was not
 * moved meanwhile. The alias's description then records who moved it and when.
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
  clients: Pick<Clients, 'batch' | 'cloudFormation' | 'lambda' | 's3' | 'sfn' | 'sts'>,
  options: { readonly workflow: string; readonly to?: number },
): Promise<MoveResult> {
  const caller = callerArn(clients);
  const [table, stack] = await Promise.all([
    readVersions(clients, options, { images: false }),
    readStack(clients, options.workflow),
  ]);
  const live = requireLive(table);
  const target = options.to === undefined ? newestHealthyBefore(table, live) : requireVersion(table, options.to);
  const moved = await move(clients, table, live, target, caller);
  return { ...moved, deploymentUnderWay: stack?.status.endsWith('_IN_PROGRESS') ?? false };
}

/**
 * Sends new jobs to a given version, forward or back: the same as {@link rollback} with `to`.
 *
 * @throws BclawError as {@link rollback}
 */
export async function promote(
  clients: Pick<Clients, 'batch' | 'cloudFormation' | 'lambda' | 's3' | 'sfn' | 'sts'>,
  options: { readonly workflow: string; readonly to: number },
): Promise<MoveResult> {
  return await rollback(clients, options);
}

function requireLive(table: VersionTable): Live {
  if (table.live !== undefined) return table.live;
  throw new BclawError('not-live', `The launcher of "${table.workflow}" has no alias "${liveAliasName}".`, {
    hint: `Deploy the workflow again: \`bclaw deploy <template> --name ${table.workflow}\`.`,
  });
}

function newestHealthyBefore(table: VersionTable, live: Live): Version {
  const earlier = table.versions.filter(({ version }) => version < live.version);
  const healthy = earlier.find((version) => version.healthy);
  if (healthy !== undefined) return healthy;
  const why =
    earlier.length === 0
      ? `version ${live.version} is the oldest there is`
      : `none of the ${earlier.length} before version ${live.version} is complete any more`;
  throw new BclawError('no-earlier-version', `"${table.workflow}" can't be rolled back: ${why}.`, {
    hint: `Deploy the earlier template again: \`bclaw deploy <template> --name ${table.workflow}\`.`,
  });
}

async function move(
  clients: Pick<Clients, 'batch' | 'lambda' | 's3' | 'sfn'>,
  { workflow, versions }: VersionTable,
  live: Live,
  target: Version,
  caller: Promise<string | undefined>,
): Promise<Omit<MoveResult, 'deploymentUnderWay'>> {
  if (live.version === target.version && live.other === undefined) {
    throw new BclawError('already-live', `Version ${target.version} of "${workflow}" is live already.`, {
      hint: `Nothing was changed. \`bclaw versions ${workflow}\` shows the others.`,
    });
  }
  const ailment = unhealthyBecause(target);
  if (ailment !== undefined) {
    throw new BclawError('unhealthy-version', `Version ${target.version} of "${workflow}" can't go live: ${ailment}.`, {
      hint: `Nothing was changed. Choose another with --to, or deploy the template of version ${target.version} again.`,
    });
  }
  const at = new Date();
  const by = await caller;
  const moved = { from: live.version, to: target.version, at, ...given({ by }) };
  await moveLive(clients, {
    workflow,
    version: target.version,
    revisionId: live.revisionId,
    description: describeMove(moved),
  });
  return {
    workflow,
    from: live.version,
    to: target.version,
    mutableImages: (await imagesOf(clients, target)).filter(({ pinned }) => !pinned),
    stillRunning: versions.find(({ version }) => version === live.version)?.runningExecutions ?? 0,
  };
}
