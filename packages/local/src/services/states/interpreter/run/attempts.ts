import type { FallibleState } from '../../definition/model.js';
import { caughtOutcome, type Outcome, type Scope } from '../data/data-flow.js';
import { covers, RetryLedger, shownError } from '../data/retry.js';
import { QueryEvaluationError, StateError } from '../data/state-error.js';
import { StateFailure } from './outcome-errors.js';
import type { Resumption } from './resumption.js';
import { addEvaluationFailed, explainedCause, type Step, stepTo } from './run-state.js';
import { type StateVisit, scopeOf } from './thread.js';

/** One attempt of a state; `at` is its progress before a restart, in the first attempt only. */
export type Attempt = (scope: Scope, at: Resumption | undefined, retries: number) => Promise<Outcome>;

interface Failed {
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

/** Returns the error for Retry and Catch; rethrows anything that is not a failure of the state. */
function failureIn(visit: StateVisit, thrown: unknown): Failed {
  if (thrown instanceof StateFailure) {
    visit.thread.cursor = thrown.cursor;
    return thrown;
  }
  if (!(thrown instanceof StateError)) throw thrown;
  const failure = { error: thrown.error, cause: explainedCause(visit, thrown) };
  if (thrown instanceof QueryEvaluationError) addEvaluationFailed(visit, thrown, failure.cause);
  return failure;
}

/** A Parallel or Map state records its failure once, after its last attempt. Runtime errors end the execution. */
function addFailed({ thread }: StateVisit, { type, name }: FallibleState, { error }: Failed): void {
  if (type !== 'Task' && error !== 'States.Runtime') thread.add(`${type}StateFailed`, { name, error });
}

/**
 * Restores the ledger of a state that failed before a restart, and the time of the next attempt if it is to be retried.
 */
function restored(state: FallibleState, at: Resumption | undefined, random: () => number) {
  const ledger = new RetryLedger(state.retry);
  let retryAt: number | undefined;
  for (const { error, time } of at?.failures ?? []) {
    const seconds = ledger.next(error, random);
    retryAt = seconds === undefined ? undefined : time + seconds * 1000;
  }
  const underWay = at?.task !== undefined || at?.branches !== undefined || at?.mapRun !== undefined;
  return { ledger, retryAt: underWay ? undefined : retryAt };
}

/**
 * Runs a Task, Parallel or Map state with its Retry and Catch.
 *
 * @throws StateFailure when the last attempt failed and no Catch covers the error
 */
export async function withAttempts(
  visit: StateVisit,
  state: FallibleState,
  at: Resumption | undefined,
  attempt: Attempt,
): Promise<Step> {
  const { thread } = visit;
  const { clock, randomness } = thread.run.environment;
  const { ledger, retryAt } = restored(state, at, randomness.random);
  if (retryAt !== undefined) await clock.sleep(Math.max(0, retryAt - clock.now()), thread.signal);
  let resumed = at;
  for (;;) {
    const scope = scopeOf(visit, ledger.count);
    try {
      return stepTo(state.next, await attempt(scope, resumed, ledger.count), state.name);
    } catch (thrown) {
      const failure = failureIn(visit, thrown);
      resumed = undefined;
      const seconds = ledger.next(failure.error, randomness.random);
      if (seconds !== undefined) {
        // The history does not show that the attempt of a Parallel or Map state failed, but a restart has to know.
        if (state.type !== 'Task' && !(thrown instanceof QueryEvaluationError))
          thread.run.history.note(thread.cursor, 'StateRetried', { name: state.name, error: failure.error });
        thread.run.history.commit();
        await clock.sleep(seconds * 1000, thread.signal);
        continue;
      }
      addFailed(visit, state, failure);
      const catcher = state.catch.find(({ errors }) => covers(errors, failure.error));
      if (catcher === undefined) throw new StateFailure(failure.error, failure.cause, thread.cursor);
      const errorOutput = { Error: shownError(failure.error) ?? null, Cause: failure.cause ?? null };
      const caught = await caughtOutcome(catcher, state.data.language, scope, errorOutput);
      return stepTo(catcher.next, caught, state.name);
    }
  }
}
