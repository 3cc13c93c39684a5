import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { readStack } from '../aws/stack.js';
import { StackEventReader } from '../aws/stack-events.js';
import { listLauncherVersions, requireLauncher } from './launcher-function.js';
import { type Live, parseMove, readLive } from './live.js';
import { deploymentsOf, type PastDeployment } from './past-deployments.js';

/** A known fact about which version got the jobs at which time. */
export type HistoryEntry =
  /** A deployment, from the stack's events. */
  | ({ readonly kind: 'deployment' } & PastDeployment)
  /**
   * A version whose deployment is no longer in CloudFormation's events; the launcher's version has its publication
   * time.
   */
  | { readonly kind: 'published'; readonly at: Date; readonly version: number }
  /** A rollback or a promotion by bclaw: the alias records the last one. */
  | { readonly kind: 'move'; readonly at: Date; readonly from: number; readonly to: number; readonly by?: string }
  /** The alias does not match the other records: it was moved without bclaw since. */
  | { readonly kind: 'moved-otherwise'; readonly version: number };

export interface WorkflowHistory {
  readonly workflow: string;
  readonly live?: Live;
  /** Newest first; `moved-otherwise`, whose time is unknown, comes first. */
  readonly entries: readonly HistoryEntry[];
  /** Facts that AWS does not keep, as sentences. */
  readonly unknown: readonly string[];
}

/**
 * Reads who moved `live` and when, from AWS's own records: the events of the stack (90 days), the launcher's versions
 * and the description of the alias (the last move by bclaw).
 *
 * @throws BclawError `no-such-workflow`
 *
 * @example
 * ```ts
 * const { entries, unknown } = await readHistory(createClients(), { workflow: 'variant-calling' });
 * ```
 */
export async function readHistory(
  clients: Pick<Clients, 'cloudFormation' | 'lambda'>,
  { workflow }: { readonly workflow: string },
): Promise<WorkflowHistory> {
  const launcher = await requireLauncher(clients, workflow);
  const [live, published, deployments] = await Promise.all([
    readLive(clients, launcher.workflow),
    launcher.versioned ? listLauncherVersions(clients, launcher) : [],
    readDeployments(clients, workflow),
  ]);
  const told = new Set(deployments.map(({ version }) => version));
  const move = live === undefined ? undefined : parseMove(live.description);
  const timed = [
    ...deployments.map((deployment) => ({ kind: 'deployment' as const, ...deployment })),
    ...published
      .filter(({ version }) => !told.has(version))
      .map(({ version, deployedAt }) => ({ kind: 'published' as const, at: deployedAt, version })),
    ...(move === undefined ? [] : [{ kind: 'move' as const, ...move }]),
  ].sort((a, b) => b.at.getTime() - a.at.getTime());
  const expected = timed.map(versionAfter).find((version) => version !== undefined);
  const elsewhere = live !== undefined && expected !== undefined && live.version !== expected;
  return {
    workflow,
    ...given({ live }),
    entries: [...(elsewhere ? [{ kind: 'moved-otherwise' as const, version: live.version }] : []), ...timed],
    unknown: unknowns(elsewhere),
  };
}

/** The version that was live after an entry, when the entry moved it. */
function versionAfter(entry: HistoryEntry): number | undefined {
  switch (entry.kind) {
    case 'deployment':
      return entry.outcome === 'succeeded' ? entry.version : undefined;
    case 'published':
    case 'moved-otherwise':
      return entry.version;
    case 'move':
      return entry.to;
    default:
      return entry satisfies never;
  }
}

function unknowns(elsewhere: boolean): string[] {
  return [
    'Who deployed is not in the events of a stack, and moves before the last one are not in the alias: AWS CloudTrail has both (events UpdateAlias, ExecuteChangeSet, UpdateStack), where it is switched on.',
    ...(elsewhere
      ? [
          'When the alias was moved to where it is, and by whom: it was not bclaw, which would have left a note in its description.',
        ]
      : []),
  ];
}

async function readDeployments(clients: Pick<Clients, 'cloudFormation'>, workflow: string): Promise<PastDeployment[]> {
  const stack = await readStack(clients, workflow);
  if (stack === undefined) return [];
  return deploymentsOf(await new StackEventReader(clients, stack.id).read(), stack.id);
}
