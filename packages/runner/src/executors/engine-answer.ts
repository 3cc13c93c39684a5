import { given } from '@bclaw/spec/given';
import { BclawError } from '@bclaw/spec/run-time';

/** Node.js's codes for a connection that fails or breaks, for Unix and network sockets. */
const brokenConnection = new Set([
  'EAGAIN',
  'EACCES',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ETIMEDOUT',
]);

/** Returns true if a call got no response at all, as opposed to an error response. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof Error && 'code' in error && brokenConnection.has(String(error.code));
}

/**
 * The container engine is no longer available, at least to this job: a crash, a restart, a broken connection. Its work
 * for this job is lost, so the job fails and can be retried.
 */
export function engineGone(how: string, cause?: unknown): BclawError {
  return new BclawError('engine-gone', `The container engine went away: ${how}.`, {
    hint: 'Was it restarted, or did it crash? Its own log says so (journalctl -u docker). The job can run again once the engine does.',
    ...given({ cause }),
  });
}

/** The error of a call that failed after the engine had started to work for this job. */
export function duringWork(error: unknown): unknown {
  return error instanceof Error && isUnanswered(error) ? engineGone(error.message, error) : error;
}

/**
 * Waits for a response of the engine with a timeout: a connection may be half open, and an engine may hang.
 *
 * @throws BclawError `engine-gone` after the timeout
 */
export async function answerWithin<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  let timeout: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    const fail = () => reject(engineGone(`it has not answered for ${milliseconds / 1000} seconds`));
    timeout = setTimeout(fail, milliseconds);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timeout);
  }
}
