import { BclawError } from '@bclaw/spec';

/** The fields that errors of the AWS SDK have in common and that are useful in a message. */
interface AwsFailure {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

const credentialHint =
  'Set AWS_PROFILE (or --profile), sign in with `aws sso login`, or use the embedded engine: `bclaw local start`.';

/** Errors without a response: the error's name or the socket's code → code, message and hint. */
const beforeTheAnswer: Readonly<Record<string, { code: string; message: string; hint: string }>> = {
  CredentialsProviderError: {
    code: 'no-credentials',
    message: 'There are no AWS credentials.',
    hint: credentialHint,
  },
  ECONNREFUSED: {
    code: 'unreachable',
    message: 'Nothing answers at the endpoint.',
    hint: 'Start the embedded engine with `bclaw local start`, or unset AWS_ENDPOINT_URL to talk to AWS.',
  },
  ENOTFOUND: {
    code: 'unreachable',
    message: "The endpoint's host name is unknown.",
    hint: 'Check the region (--region, AWS_REGION) and the network.',
  },
  ETIMEDOUT: {
    code: 'unreachable',
    message: 'The endpoint does not answer.',
    hint: 'Check the network and the proxy.',
  },
  ECONNRESET: {
    code: 'unreachable',
    message: 'The endpoint hung up.',
    hint: 'Run it again; if it is the embedded engine, see `bclaw local status`.',
  },
};

const expired = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired', 'RequestExpired']);
const unknownCredentials = new Set([
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AuthFailure',
]);

/**
 * Converts any error of an operation into an error for the user: a `BclawError` stays as it is, an error of the AWS SDK
 * gets a stable code, a sentence and a hint, everything else becomes `unexpected`.
 *
 * @example
 * ```ts
 * try {
 *   await rollback(clients, { workflow: 'variant-calling' });
 * } catch (error) {
 *   const { code, message, hint } = explainError(error);
 * }
 * ```
 */
export function explainError(error: unknown): BclawError {
  if (error instanceof BclawError) return error;
  if (!(error instanceof Error)) return new BclawError('unexpected', String(error));
  const failure: AwsFailure = error;
  const known = beforeTheAnswer[failure.name] ?? beforeTheAnswer[failure.code ?? ''];
  if (known !== undefined) {
    return new BclawError(known.code, `${known.message} (${failure.message.trim()})`, {
      hint: known.hint,
      cause: error,
    });
  }
  if (/region is missing/i.test(failure.message)) {
    return new BclawError('no-region', 'No AWS region is set.', {
      hint: 'Set --region or AWS_REGION, or use the embedded engine: `bclaw local start`.',
      cause: error,
    });
  }
  if (expired.has(failure.name)) {
    return new BclawError('credentials-expired', `The AWS credentials have expired (${failure.message}).`, {
      hint: 'Sign in again, e.g. with `aws sso login`.',
      cause: error,
    });
  }
  if (unknownCredentials.has(failure.name)) {
    return new BclawError('bad-credentials', `AWS does not accept the credentials (${failure.message}).`, {
      hint: credentialHint,
      cause: error,
    });
  }
  if (/AccessDenied|NotAuthorized|Forbidden/.test(failure.name)) {
    return new BclawError('access-denied', `AWS refused: ${failure.message}`, {
      hint: 'Ask for this permission, or use a role that has it.',
      cause: error,
    });
  }
  if (/Throttl|TooManyRequests|SlowDown/.test(failure.name)) {
    return new BclawError('throttled', `AWS asks to slow down: ${failure.message}`, {
      hint: 'Run it again in a minute.',
      cause: error,
    });
  }
  if (failure.$metadata !== undefined) {
    const request = failure.$metadata.requestId === undefined ? '' : ` (request ${failure.$metadata.requestId})`;
    return new BclawError('aws-error', `${failure.name}: ${failure.message}${request}`, { cause: error });
  }
  return new BclawError('unexpected', failure.message, { cause: error });
}

/** Returns true if an error is an AWS error with one of these names. */
export function isAwsError(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
