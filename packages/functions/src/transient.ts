import { TransientFailure } from './errors.js';

/** Node.js's error codes for connections that break or cannot be established. */
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

/** Error codes of services for throttling and for request timeouts. */
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
 * Errors after which the AWS SDK gave up, but a later attempt may succeed: throttling, server errors, broken
 * connections. Any other error stays unchanged.
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
