import { BclawError } from '@bclaw/spec/run-time';
import type { RunnerLog } from './log.js';
import type { Settings } from './settings.js';
import { startTimer } from './timer.js';

/** Waits as long as the step's `retry` says for this attempt: AWS Batch starts it at once. Throws when the job stops. */
export async function waitForTurn(
  { attempt, waitSeconds }: Pick<Settings, 'attempt' | 'waitSeconds'>,
  log: RunnerLog,
  stop: AbortSignal,
): Promise<void> {
  if (waitSeconds === 0) return;
  stop.throwIfAborted();
  log.info(`Attempt ${attempt} begins in ${Number(waitSeconds.toFixed(1))} s.`, { stage: 'wait' });
  await new Promise<void>((resolve, reject) => {
    const stopped = () => {
      cancel();
      reject(stop.reason);
    };
    const cancel = startTimer(waitSeconds, () => {
      stop.removeEventListener('abort', stopped);
      resolve();
    });
    stop.addEventListener('abort', stopped, { once: true });
  });
}

/** The end of an attempt that takes longer than its step's timeout. */
export interface Deadline {
  /** Aborted at the timeout with the BclawError `timed-out`, or for the reason of the job's own stop signal. */
  readonly stop: AbortSignal;
  /** The error, once the time is over. */
  readonly error: () => BclawError | undefined;
  readonly cancel: () => void;
}

/**
 * Starts the time of an attempt. It is not left to Batch, which retries no job that it has ended for its timeout and
 * loses the outputs.
 */
export function startDeadline({ timeoutSeconds }: Pick<Settings, 'timeoutSeconds'>, stop: AbortSignal): Deadline {
  if (timeoutSeconds === undefined) return { stop, error: () => undefined, cancel: () => undefined };
  const over = new AbortController();
  const error = new BclawError(
    'timed-out',
    `The job took longer than the step's timeout of ${timeoutSeconds} s, so its commands were ended.`,
    { hint: 'Give the step a longer `timeout`, or more `compute`.' },
  );
  const cancel = startTimer(timeoutSeconds, () => over.abort(error));
  return {
    stop: AbortSignal.any([stop, over.signal]),
    error: () => (over.signal.aborted ? error : undefined),
    cancel,
  };
}
