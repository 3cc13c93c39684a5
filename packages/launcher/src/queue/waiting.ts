import { LaunchRefused } from '../errors.js';
import { isRecord } from '../job-file.js';

/** The codes by which AWS refuses a call for now, and Step Functions' code for a million open executions. */
const throttleCodes = new Set([
  'ExecutionLimitExceeded',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
]);

/**
 * Returns true if the same launch may succeed later without anybody doing anything: AWS throttles it, has an outage, or
 * cannot be reached.
 */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof LaunchRefused) return false;
  if (throttleCodes.has(error.name)) return true;
  const metadata: unknown = Reflect.get(error, '$metadata');
  const status = isRecord(metadata) ? metadata['httpStatusCode'] : undefined;
  if (typeof status === 'number') return status >= 500 || status === 429;
  // Node.js gives the errors of its network a code, and the SDK its timeouts this name.
  return error.name === 'TimeoutError' || typeof Reflect.get(error, 'code') === 'string';
}

/** The longest wait in seconds, and the part of it that is not left to chance. */
interface Wait {
  readonly longest: number;
  readonly certain: number;
}

/** After this many receives the wait is for something that takes longer, such as the limit of open executions. */
const eagerReceives = 100;
const patient: Wait = { longest: 30 * 60, certain: 0.75 };
/** All messages of a burst would otherwise return together. */
const eager = (receiveCount: number): Wait => ({ longest: Math.min(120, 2 ** receiveCount), certain: 0.5 });

/**
 * The seconds that a throttled message waits: about twice as long each time, up to two minutes, and half an hour from the
 * hundred-and-first receive on, so that a message is received fewer than 1,000 times (the queue's limit) in 13 days.
 *
 * @param random - from 0 up to 1
 */
export function waitSeconds(receiveCount: number, random: number): number {
  const { longest, certain } = receiveCount > eagerReceives ? patient : eager(receiveCount);
  return Math.ceil(longest * (certain + (1 - certain) * random));
}

/** SQS keeps a message for 14 days, its longest time: one that has waited for 13 becomes a dead letter. */
export const longestWaitMs = 13 * 24 * 60 * 60 * 1000;

/** Launches that fail are tried three times: what was just created or allowed takes AWS some seconds to know everywhere. */
export const retryDelaysSeconds = [3, 12] as const;
