import type { StateGraph } from '../../definition/model.js';
import { maximumEvents } from '../../history/history.js';
import type { Variables } from '../data/data-flow.js';
import { runtimeError } from '../data/state-error.js';
import { StateFailure } from './outcome-errors.js';
import { type Payload, payloadFrom } from './payload.js';
import type { Resumption } from './resumption.js';
import { runState } from './run-state.js';
import type { StateVisit, Thread } from './thread.js';

/** Maximum number of transitions without effects before the thread yields to the engine. */
const transitionsPerTurn = 64;
// Reserved for the events that one state and the end of the execution may still write.
const reservedEvents = 10;

function enter(thread: Thread, graph: StateGraph, name: string, input: Payload): StateVisit {
  const state = graph.states.get(name);
  const { history } = thread.run;
  if (state === undefined) throw new RangeError(`the definition has no state '${name}'`);
  const machine = thread.run.deletedMachine();
  const end =
    machine !== undefined
      ? `State machine ${machine} has been deleted.`
      : history.count > maximumEvents - reservedEvents
        ? 'The execution reached the maximum number of history events (25000).'
        : undefined;
  if (end !== undefined) {
    const { error, cause } = runtimeError(end);
    throw new StateFailure(error, cause, thread.cursor);
  }
  const before = thread.cursor;
  thread.add(`${state.type}StateEntered`, { name, input: input.text });
  return { thread, state, input, before, enteredId: thread.cursor.id, enteredTime: history.time };
}

function resume(thread: Thread, graph: StateGraph, at: Resumption): StateVisit | undefined {
  const state = at.state === undefined ? undefined : graph.states.get(at.state);
  thread.cursor = at.cursor;
  thread.variables = at.variables;
  if (state === undefined) return undefined;
  const { before, enteredId, enteredTime } = at;
  return { thread, state, input: payloadFrom(at.data), before, enteredId, enteredTime };
}

/** undefined if the state assigns nothing. */
function asText(variables: Variables = {}) {
  const assigned = Object.entries(variables).map(([name, value]) => [name, JSON.stringify(value)] as const);
  return assigned.length === 0 ? undefined : Object.fromEntries(assigned);
}

/**
 * Runs a graph of states to its end.
 *
 * @param at the thread's position before a restart or redrive; undefined = it starts at the beginning
 * @returns the output of the last state
 * @throws StateFailure when a state fails and no Catch handles it
 * @throws Aborted when the thread is aborted
 */
export async function runGraph(
  graph: StateGraph,
  thread: Thread,
  input: Payload,
  at: Resumption | undefined,
): Promise<Payload> {
  if (at?.done === true) {
    thread.cursor = at.cursor;
    return payloadFrom(at.data);
  }
  const resumed = at === undefined ? undefined : resume(thread, graph, at);
  let visit = resumed ?? enter(thread, graph, graph.startAt, input);
  let work = resumed === undefined ? undefined : at;
  for (let transitions = 1; ; transitions += 1) {
    thread.run.environment.suspects.atWork(thread.run.id);
    const step = await runState(visit, work);
    work = undefined;
    const { state } = visit;
    if (step.assigned !== undefined) thread.variables = { ...thread.variables, ...step.assigned };
    // A Fail state has no exit event: it always throws.
    if (state.type !== 'Fail') {
      thread.add(`${state.type}StateExited`, {
        name: state.name,
        output: step.output.text,
        assignedVariables: asText(step.assigned),
      });
    }
    if (step.next === undefined) return step.output;
    visit = enter(thread, graph, step.next, step.output);
    if (transitions % transitionsPerTurn === 0) {
      thread.run.history.commit();
      await thread.run.environment.clock.breathe();
      thread.signal.throwIfAborted();
    }
  }
}
