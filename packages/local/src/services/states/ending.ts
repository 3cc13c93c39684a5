import type { HistoryEvent } from './history/event-record.js';
import type { EventType } from './history/event-types.js';
import type { ExecutionStatus } from './store/records.js';

/** How an execution ended. */
export interface Ending {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** The event that ends a history, by the execution's status. */
export const endEvents: Readonly<Record<Ending['status'], EventType>> = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  ABORTED: 'ExecutionAborted',
  TIMED_OUT: 'ExecutionTimedOut',
};
const statusOfEvent: ReadonlyMap<string, Ending['status']> = new Map([
  ['ExecutionSucceeded', 'SUCCEEDED'],
  ['ExecutionFailed', 'FAILED'],
  ['ExecutionAborted', 'ABORTED'],
  ['ExecutionTimedOut', 'TIMED_OUT'],
]);

/** The ending that an event tells of, or undefined when it is none. */
export function endingIn({ type, details }: HistoryEvent): Ending | undefined {
  const status = statusOfEvent.get(type);
  if (status === undefined) return undefined;
  const { output, error, cause } = details;
  return {
    status,
    ...(typeof output === 'string' ? { output } : {}),
    ...(typeof error === 'string' ? { error } : {}),
    ...(typeof cause === 'string' ? { cause } : {}),
  };
}
