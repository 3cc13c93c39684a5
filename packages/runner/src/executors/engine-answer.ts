import { given } from '@bclaw/spec/given';
import { BclawError } from '@bclaw/spec/run-time';

/** Node.js's codes for a connection that cannot be made or breaks, of sockets of a file system and of the network. */
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

/** Whether a call has had no answer at all, in contrast to one with an error in it. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof Error && 'code' in error && brokenConnection.has(String(error.code));
}

/**
 * The container engine was there and is no more, or not for this job: a crash, a restart, a connection that broke. What it ran for
 * this job is lost, so the job fails; another try is worth it.
 */
export function engineGone(how: string, cause?: unknown): BclawError {
  return new BclawError('engine-gone', `The container engine went away: ${how}.`, {
    remedy:
      'Was it restarted, or did it crash? Its own log says so (journalctl -u docker). The job can run again once the engine does.',
    ...given({ cause }),
  });
}

/** What a call failed with, once the engine had begun to work for this job. */
export function duringWork(error: unknown): unknown {
  return error instanceof Error && isUnanswered(error) ? engineGone(error.message, error) : error;
}

/**
 * Waits for an answer of the engine, but not for ever: a connection may be half open, and an engine may hang.
 *
 * @throws BclawError `engine-gone` after the time
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
