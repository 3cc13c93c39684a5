import { chosen, type Outcome, passOutcome, textOf, throughOutcome, type Variables } from '../data/data-flow.js';
import { QueryEvaluationError, StateError } from '../data/state-error.js';
import { Aborted, StateFailure } from './outcome-errors.js';
import { type Payload, payloadOf } from './payload.js';
import type { Resumption } from './resumption.js';
import { runMap } from './run-map.js';
import { runParallel } from './run-parallel.js';
import { runTask } from './run-task.js';
import { runWait } from './run-wait.js';
import { type StateVisit, scopeOf } from './thread.js';

/** The result of a state. */
export interface Step {
  /** undefined = it was the last state. */
  readonly next: string | undefined;
  readonly output: Payload;
  readonly assigned: Variables | undefined;
}

export function stepTo(next: string | undefined, { output, assigned }: Outcome, name: string): Step {
  return { next, output: payloadOf(output, name), assigned };
}

/** The cause of a runtime or query error in Step Functions' wording, with the state and the id of its entry event. */
export function explainedCause({ state, enteredId }: StateVisit, error: StateError): string | undefined {
  if (error.error !== 'States.Runtime' && !(error instanceof QueryEvaluationError)) return error.cause;
  return `An error occurred while executing the state '${state.name}' (entered at the event id #${enteredId}). ${error.cause}`;
}

async function failed(visit: StateVisit): Promise<never> {
  const { state } = visit;
  if (state.type !== 'Fail') throw new TypeError(`'${state.name}' is not a Fail state`);
  const scope = scopeOf(visit);
  const error = state.error && (await textOf(state.error, scope));
  const cause = state.cause && (await textOf(state.cause, scope));
  throw new StateFailure(error, cause, visit.thread.cursor);
}

async function perform(visit: StateVisit, at: Resumption | undefined): Promise<Step> {
  const { state } = visit;
  switch (state.type) {
    case 'Pass':
      return stepTo(state.next, await passOutcome(state, scopeOf(visit)), state.name);
    case 'Choice': {
      const choice = await chosen(state, scopeOf(visit));
      return stepTo(choice.next, choice, state.name);
    }
    case 'Succeed':
      return stepTo(undefined, await throughOutcome(state.data, scopeOf(visit)), state.name);
    case 'Fail':
      return failed(visit);
    case 'Wait':
      return runWait(visit, state);
    case 'Task':
      return runTask(visit, state, at);
    case 'Parallel':
      return runParallel(visit, state, at);
    case 'Map':
      return runMap(visit, state, at);
  }
}

/**
 * Records that an expression failed. As in the histories of Step Functions, the event follows the one before the state
 * was entered, unless the state has done something since then; a Wait state computes its end after it was entered.
 */
export function addEvaluationFailed(visit: StateVisit, error: QueryEvaluationError, cause: string | undefined): void {
  const { thread, state, before, enteredId } = visit;
  if (thread.cursor.id === enteredId && state.type !== 'Wait') thread.cursor = before;
  thread.add('EvaluationFailed', { state: state.name, error: error.error, cause, location: error.location });
}

const abortable: ReadonlySet<string> = new Set(['Task', 'Wait', 'Parallel', 'Map']);

/**
 * Runs one state.
 *
 * @throws StateFailure when it fails and no Catch handles it
 * @throws Aborted when its thread is aborted
 */
export async function runState(visit: StateVisit, at: Resumption | undefined): Promise<Step> {
  const { thread, state } = visit;
  try {
    return await perform(visit, at);
  } catch (error) {
    if (error instanceof StateError) {
      const cause = explainedCause(visit, error);
      if (error instanceof QueryEvaluationError) addEvaluationFailed(visit, error, cause);
      throw new StateFailure(error.error, cause, thread.cursor);
    }
    if (error instanceof Aborted && abortable.has(state.type)) {
      const type = state.type === 'Task' || state.type === 'Wait' || state.type === 'Parallel' ? state.type : 'Map';
      thread.add(`${type}StateAborted`);
    }
    throw error;
  }
}
