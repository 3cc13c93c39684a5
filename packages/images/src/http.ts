import { ImageError } from './image-error.js';

/** Options of HTTP requests. */
export interface HttpOptions {
  /** Cancels all requests in progress. */
  readonly signal?: AbortSignal | undefined;
  /** Timeout of one attempt, in milliseconds. Default 10 s. */
  readonly timeoutMs?: number | undefined;
  /** Wait before the second attempt, in milliseconds; each further wait is twice as long. Default 500 ms. */
  readonly backoffMs?: number | undefined;
}

/** Number of attempts of a request that fails with a transient error. */
const attempts = 4;
const defaultTimeoutMs = 10_000;
const defaultBackoffMs = 500;
/** Maximum accepted `Retry-After`; a longer one ends the retries. */
const longestWaitMs = 10_000;

/**
 * Sends a request and retries it when the registry is overloaded (429 with its `Retry-After`, 5xx) or cannot be
 * reached.
 *
 * @returns the last response, with any status
 * @throws ImageError `unreachable` when there was no response
 */
export async function request(url: URL, init: RequestInit, options: HttpOptions): Promise<Response> {
  const { signal, timeoutMs = defaultTimeoutMs, backoffMs = defaultBackoffMs } = options;
  for (let attempt = 1; ; attempt += 1) {
    const timeout = AbortSignal.timeout(timeoutMs);
    const outcome = await attemptRequest(url, { ...init, signal: anyOf(timeout, signal) });
    const isLast = attempt === attempts || signal?.aborted === true;
    if (outcome instanceof Response) {
      const wait = waitBefore(outcome, attempt, backoffMs);
      if (isLast || wait === undefined) return outcome;
      await outcome.body?.cancel();
      await pause(wait, signal);
    } else {
      if (isLast || isFinal(outcome))
        throw unreachable(
          url,
          outcome,
          signal?.aborted === true ? 'time is up' : `no answer within ${timeoutMs / 1000} s`,
        );
      await pause(backoff(attempt, backoffMs), signal);
    }
  }
}

async function attemptRequest(url: URL, init: RequestInit): Promise<Response | Error> {
  try {
    return await fetch(url, init);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** Wait before the next attempt; undefined = the response is final. */
function waitBefore({ status, headers }: Response, attempt: number, backoffMs: number): number | undefined {
  if (status !== 429 && status < 500) return undefined;
  const asked = Number(headers.get('retry-after') ?? Number.NaN) * 1000;
  if (Number.isNaN(asked)) return backoff(attempt, backoffMs);
  return asked > longestWaitMs ? undefined : asked;
}

const backoff = (attempt: number, backoffMs: number): number => backoffMs * 2 ** (attempt - 1) * (0.5 + Math.random());

const anyOf = (one: AbortSignal, other: AbortSignal | undefined): AbortSignal =>
  other === undefined ? one : AbortSignal.any([one, other]);

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    if (signal?.aborted === true) done();
    else signal?.addEventListener('abort', done);
  });
}

/** Returns true if a retry cannot help: a name that does not exist, a certificate error. */
function isFinal(error: Error): boolean {
  return /^(?:ENOTFOUND|CERT_|ERR_TLS_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(codeOf(error));
}

function unreachable(url: URL, error: Error, timeoutReason: string): ImageError {
  const isTimeout = error.name === 'TimeoutError' || error.name === 'AbortError';
  const reason = isTimeout ? timeoutReason : codeOf(error) || error.message;
  const isCertificate = /CERT|TLS|SELF_SIGNED|UNABLE_TO/.test(reason);
  return new ImageError(
    'unreachable',
    `${url.host} cannot be reached (${reason})`,
    isCertificate
      ? 'Its certificate is not trusted here: NODE_EXTRA_CA_CERTS names a file with the authority that issued it.'
      : 'Check the name of the registry and the network.',
    error,
  );
}

/** `fetch` only reports the failure; the reason is in the cause. */
function codeOf({ cause }: Error): string {
  if (!(cause instanceof Error)) return '';
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message;
}
