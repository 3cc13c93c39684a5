import type { Clock } from '../../../src/services/states/interpreter/run/clock.js';

/** A clock on which sleeping takes no time but counts, unless it is longer than `stuck`: then it never ends. */
export class LeapClock implements Clock {
  /** The sleeps that ended, in seconds. */
  readonly slept: number[] = [];
  readonly #stuck: number;
  #now = Date.parse('2026-01-01T00:00:00Z');

  /** @param stuckSeconds sleeps from this length on last until they are aborted */
  constructor(stuckSeconds = Number.POSITIVE_INFINITY) {
    this.#stuck = stuckSeconds * 1000;
  }

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(signal.reason);
      if (signal.aborted) return stop();
      signal.addEventListener('abort', stop, { once: true });
      if (milliseconds >= this.#stuck) return;
      setImmediate(() => {
        if (signal.aborted) return;
        signal.removeEventListener('abort', stop);
        this.#now += milliseconds;
        this.slept.push(milliseconds / 1000);
        resolve();
      });
    });
  }

  breathe(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }
}
