import type { AttemptDetail, EvaluateOnExit, RetryStrategy } from './model.js';

/** The result of a failed attempt that a retry strategy evaluates. */
export interface FailedAttempt {
  readonly exitCode?: number;
  /** The container's reason, e.g. `CannotStartContainerError: …`. */
  readonly reason?: string;
  readonly statusReason: string;
}

/**
 * Returns true if a job runs again after `attempts`, the last of which failed. Without `evaluateOnExit` it runs again
 * while attempts are left; otherwise the first entry whose conditions all match decides, and without a match it runs
 * again (AWS Batch, "Automated job retries").
 */
export function runsAgain(strategy: RetryStrategy, attempts: readonly AttemptDetail[]): boolean {
  const last = attempts.at(-1);
  if (last === undefined || attempts.length >= (strategy.attempts ?? 1)) return false;
  const failure: FailedAttempt = { ...last.container, statusReason: last.statusReason };
  const decisive = strategy.evaluateOnExit?.find((entry) => holds(entry, failure));
  return decisive === undefined || decisive.action.toUpperCase() === 'RETRY';
}

function holds(entry: EvaluateOnExit, failure: FailedAttempt): boolean {
  return (
    matches(entry.onExitCode, failure.exitCode === undefined ? undefined : String(failure.exitCode)) &&
    matches(entry.onReason, failure.reason) &&
    matches(entry.onStatusReason, failure.statusReason)
  );
}

/** Only a trailing `*` is special. A condition on a value that the attempt lacks does not match. */
function matches(pattern: string | undefined, text: string | undefined): boolean {
  if (pattern === undefined) return true;
  if (text === undefined) return false;
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
