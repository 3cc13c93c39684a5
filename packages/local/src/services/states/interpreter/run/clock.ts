/** The interpreter's clock; passed in so that tests need not wait. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after that many milliseconds; rejects with the signal's reason if it is aborted first. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Yields to the engine's other work, which transitions without effects would starve. */
  breathe(): Promise<void>;
}

// setTimeout accepts at most 2^31 - 1 milliseconds, 24.8 days.
const longestTimer = 2_147_483_647;

function timer(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timeout);
      reject(signal.reason);
    };
    const timeout = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', stop, { once: true });
  });
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(milliseconds, signal) {
    signal.throwIfAborted();
    for (let left = milliseconds; left > 0; left -= longestTimer) {
      await timer(Math.min(left, longestTimer), signal);
    }
  },
  breathe: () => new Promise((resolve) => setImmediate(resolve)),
};
