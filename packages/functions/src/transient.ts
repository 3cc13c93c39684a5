import { TransientFailure } from './errors.js';

/** Node.js's names for connections that break or cannot be made. */
const networkCodes = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/** How services say that they get too many requests, or that a request took too long to arrive. */
const busyNames = new Set([
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'BandwidthLimitExceeded',
  'RequestTimeout',
  'TimeoutError',
]);

/**
 * What the AWS SDK gave up on, but what a later attempt may get through: throttling, a server's error, a connection that
 * broke. Any other error stays what it is.
 */
export function transientOr(error: unknown): unknown {
  return isTransient(error)
    ? new TransientFailure(`AWS did not answer as it should: ${textOf(error)}. The state tries again.`, {
        cause: error,
      })
    : error;
}

function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const status = field(field(error, '$metadata'), 'httpStatusCode');
  return (
    busyNames.has(error.name) ||
    networkCodes.has(String(field(error, 'code'))) ||
    field(error, '$retryable') !== undefined ||
    status === 429 ||
    (typeof status === 'number' && status >= 500)
  );
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.replace(/\.$/, '')}` : String(error);
}
