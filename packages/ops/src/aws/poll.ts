import { BclawError } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';

export interface PollOptions {
  /** Name of the awaited thing in the error message: `the execution my-job_AbC12345`. */
  readonly what: string;
  /** Timeout in milliseconds. Default: none. */
  readonly timeoutMs?: number;
  /** Initial interval between two probes, in milliseconds; grows by half each time. Default: 200. */
  readonly intervalMs?: number;
  /** Maximum interval in milliseconds. Default: 5,000. */
  readonly maxIntervalMs?: number;
  readonly signal?: AbortSignal;
  /** Hint in the error that a timeout throws. */
  readonly hint?: string;
}

/**
 * Repeats the probe until it returns a value other than `undefined`.
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
        given({ hint: options.hint }),
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
