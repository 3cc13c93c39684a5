import { rootCause, type StackEvent } from '../aws/stack-events.js';

/** A deployment, from a stack's events. */
export interface PastDeployment {
  /** When it began. */
  readonly at: Date;
  readonly outcome: 'succeeded' | 'failed' | 'under way';
  /** The version that it published; absent when it failed before that, and in an unversioned workflow. */
  readonly version?: number;
  /** When `live` moved to it. */
  readonly liveAt?: Date;
  /** Only for a failed one. */
  readonly reason?: string;
}

const begins = new Set(['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS']);
const succeeds = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE']);
const fails = new Set([
  'CREATE_FAILED',
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
  'UPDATE_FAILED',
  'UPDATE_ROLLBACK_COMPLETE',
  'UPDATE_ROLLBACK_FAILED',
]);

/**
 * Finds the deployments in a stack's events.
 *
 * @param events oldest first
 * @param stackId the stack's own id in the events
 * @returns oldest first
 */
export function deploymentsOf(events: readonly StackEvent[], stackId: string): PastDeployment[] {
  const found: PastDeployment[] = [];
  let current: { at: Date; events: StackEvent[] } | undefined;
  for (const event of events) {
    const isStack = event.physicalId === stackId;
    if (isStack && begins.has(event.status)) current = { at: event.time, events: [] };
    current?.events.push(event);
    if (current === undefined || !isStack || !(succeeds.has(event.status) || fails.has(event.status))) continue;
    found.push(deployment(current, succeeds.has(event.status) ? 'succeeded' : 'failed'));
    current = undefined;
  }
  if (current !== undefined) found.push(deployment(current, 'under way'));
  return found;
}

function deployment(
  { at, events }: { readonly at: Date; readonly events: readonly StackEvent[] },
  outcome: PastDeployment['outcome'],
): PastDeployment {
  const complete = (event: StackEvent) => event.status === 'CREATE_COMPLETE' || event.status === 'UPDATE_COMPLETE';
  const published = events.find((event) => event.resourceType === 'AWS::Lambda::Version' && complete(event));
  const version = Number(published?.physicalId?.split(':').at(-1));
  const moved = events.find((event) => event.resourceType === 'AWS::Lambda::Alias' && complete(event));
  const cause = outcome === 'failed' ? rootCause(events) : undefined;
  return {
    at,
    outcome,
    ...(Number.isInteger(version) ? { version } : {}),
    ...(outcome === 'failed' || moved === undefined ? {} : { liveAt: moved.time }),
    ...(cause === undefined ? {} : { reason: `${cause.logicalId}: ${cause.reason ?? cause.status}` }),
  };
}
