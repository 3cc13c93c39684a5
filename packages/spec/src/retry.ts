import type { Retry } from './model.js';

/** AWS Batch, RetryStrategy: at most 10 attempts, the first of which is not a retry. */
export const mostRetries = 9;

/**
 * Time that a job waits before an attempt.
 *
 * @param attempt from 1
 * @returns seconds; 0 before the first attempt
 * @example `waitBeforeAttempt({ intervalSeconds: 3, backoffRate: 2 }, 3)` is 6.
 */
export function waitBeforeAttempt(
  { intervalSeconds, backoffRate }: Pick<Retry, 'intervalSeconds' | 'backoffRate'>,
  attempt: number,
): number {
  return attempt < 2 ? 0 : intervalSeconds * backoffRate ** (attempt - 2);
}

/** Seconds before the last attempt that a step may have; 0 without retries. */
export function longestWait(retry: Retry): number {
  return waitBeforeAttempt(retry, Math.min(retry.attempts, mostRetries) + 1);
}
