import { BclawError } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';

export interface PollOptions {
  /** What is waited for, as it stands in the error: `the execution my-job_AbC12345`. */
  readonly what: string;
  /** Give up after so many milliseconds. Default: never. */
  readonly timeoutMs?: number;
  /** Between two probes, at first; grows by half each time. Default: 200. */
  readonly intervalMs?: number;
  /** The interval grows no further than this. Default: 5,000. */
  readonly maxIntervalMs?: number;
  readonly signal?: AbortSignal;
  /** What to do when the time is up. */
  readonly remedy?: string;
}

/**
 * Probes until the probe gives something other than `undefined`.
 *
 * @throws BclawError `timed-out` after `timeoutMs`; the signal's reason when it aborts.
 */
export async function poll<T>(probe: () => Promise<T | undefined>, options: PollOptions): Promise<T> {
  const started = Date.now();
  const longest = options.maxIntervalMs ?? 5_000;
  let interval = options.intervalMs ?? 200;
  for (;;) {
    options.signal?.throwIfAborted();
    const found = await probe();
    if (found !== undefined) return found;
    if (options.timeoutMs !== undefined && Date.now() - started + interval > options.timeoutMs) {
      throw new BclawError(
        'timed-out',
        `Waited ${Math.round(options.timeoutMs / 1000)} s for ${options.what} in vain.`,
        given({ remedy: options.remedy }),
      );
    }
    await sleep(interval, options.signal);
    interval = Math.min(interval * 1.5, Math.max(longest, options.intervalMs ?? 0));
  }
}

/** Waits, unless the signal aborts it. */
export function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
