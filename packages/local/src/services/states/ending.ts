import type { HistoryEvent } from './history/event-record.js';
import type { EventType } from './history/event-types.js';
import type { ExecutionStatus } from './store/records.js';

/** The final status of an execution, with its output or its error and cause. */
export interface Ending {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** The event that ends a history, by the status of the execution. */
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

/** Returns the ending that an event records, or undefined if the event does not end an execution. */
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
