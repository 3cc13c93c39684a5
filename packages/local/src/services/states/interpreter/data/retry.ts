import type { Retrier } from '../../definition/model.js';

/**
 * Returns true if a list of error names covers an error.
 *
 * `States.ALL` covers every error except the terminal ones; `States.TaskFailed` every error except a timeout;
 * `States.Timeout` also a missed heartbeat ("Handling errors in Step Functions workflows").
 */
export function covers(names: readonly string[], error: string | undefined): boolean {
  if (error !== undefined && names.includes(error)) return error !== 'States.Runtime';
  if (error === 'States.Runtime' || error === 'States.DataLimitExceeded') return false;
  if (names.includes('States.ALL')) return true;
  const timedOut = error === 'States.Timeout' || error === 'States.HeartbeatTimeout';
  if (timedOut) return names.includes('States.Timeout');
  return names.includes('States.TaskFailed');
}

/**
 * Returns the name that Step Functions shows for an error: a missed heartbeat is reported as a timeout, although a
 * Retry or Catch can name either.
 */
export function shownError(error: string | undefined): string | undefined {
  return error === 'States.HeartbeatTimeout' ? 'States.Timeout' : error;
}

/**
 * Returns the delay before the next attempt.
 *
 * @param retrier the retrier that covers the error
 * @param attempt number of previous retries of this retrier
 * @param random from 0 up to 1, for `JitterStrategy: FULL`
 * @returns seconds
 */
export function retryDelay(retrier: Retrier, attempt: number, random: () => number): number {
  const grown = retrier.intervalSeconds * retrier.backoffRate ** attempt;
  const capped = Math.min(grown, retrier.maxDelaySeconds ?? Number.POSITIVE_INFINITY);
  return retrier.jitter === 'FULL' ? random() * capped : capped;
}

/** Counts the attempts of each retrier of one state. Every entry into the state starts a new ledger. */
export class RetryLedger {
  readonly #retriers: readonly Retrier[];
  readonly #attempts: number[];

  constructor(retriers: readonly Retrier[]) {
    this.#retriers = retriers;
    this.#attempts = retriers.map(() => 0);
  }

  /** Number of retries of the state, for `$$.State.RetryCount`. */
  get count(): number {
    return this.#attempts.reduce((sum, attempts) => sum + attempts, 0);
  }

  /**
   * Records a failure.
   *
   * @returns the seconds until the next attempt, or undefined when the state must not be retried
   */
  next(error: string | undefined, random: () => number): number | undefined {
    const index = this.#retriers.findIndex((retrier) => covers(retrier.errors, error));
    const retrier = this.#retriers[index];
    const attempts = this.#attempts[index];
    if (retrier === undefined || attempts === undefined || attempts >= retrier.maxAttempts) return undefined;
    this.#attempts[index] = attempts + 1;
    return retryDelay(retrier, attempts, random);
  }
}
