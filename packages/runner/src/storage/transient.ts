import { setTimeout as delay } from 'node:timers/promises';

/** Node.js's codes for a connection that ended too early. */
const connectionCodes = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_PREMATURE_CLOSE', 'ECONNREFUSED']);

/** S3's error codes for "retry later", besides the statuses 429 and 5xx. */
const throttlingCodes = new Set(['SlowDown', 'RequestTimeout', 'ThrottlingException', 'RequestLimitExceeded']);

/** S3 recommends exponential backoff: 0.1, 0.2, 0.4 … seconds, at most this. */
const longestPauseMs = 10_000;

/** Returns true if a retry of the same request is likely to succeed. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // The SDK compares checksums as a small object arrives and reports a difference as a plain error.
  if (error.message === 'aborted' || error.message.startsWith('Checksum mismatch')) return true;
  if ('code' in error && connectionCodes.has(String(error.code))) return true;
  const status = statusOf(error);
  return throttlingCodes.has(error.name) || (status !== undefined && (status === 429 || status >= 500));
}

/**
 * Waits before the next attempt, longer after each, with jitter so that requests that failed together are not retried
 * together.
 */
export async function pauseAfter(attempt: number, stop: AbortSignal): Promise<void> {
  const longest = Math.min(longestPauseMs, 100 * 2 ** (attempt - 1));
  await delay(longest * (0.5 + Math.random() / 2), undefined, { signal: stop });
}

function statusOf(error: Error): number | undefined {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}
