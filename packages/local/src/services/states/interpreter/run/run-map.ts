import type { MapState } from '../../definition/model.js';
import type { Cursor } from '../../history/history.js';
import { effectiveInput, evaluateValue, outcomeOf, type Scope, templateOf } from '../data/data-flow.js';
import { isArray, type Json, type JsonObject } from '../data/json.js';
import { numberOf, unexpectedType } from '../data/numbers.js';
import { QueryEvaluationError, runtimeError } from '../data/state-error.js';
import { withAttempts } from './attempts.js';
import { runBranches } from './branches.js';
import { Aborted, StateFailure } from './outcome-errors.js';
import { payloadOf } from './payload.js';
import type { Resumption } from './resumption.js';
import { runGraph } from './run-graph.js';
import type { Step } from './run-state.js';
import type { StateVisit } from './thread.js';

/**
 * The items in the input of a Map state.
 *
 * @throws StateError States.Runtime when they are not an array, or in JSONata States.QueryEvaluationError
 */
export async function itemsIn(state: MapState, scope: Scope): Promise<readonly Json[]> {
  const input = effectiveInput(state.data, scope);
  const items = state.items === undefined ? input : await evaluateValue(state.items, scope, input);
  if (isArray(items)) return items;
  if (state.data.language === 'JSONata') {
    if (state.items?.kind === 'jsonata') throw unexpectedType(state.items, 'array', items);
    throw new QueryEvaluationError(`Map state input must be an array but was: ${JSON.stringify(items)}`, undefined);
  }
  throw runtimeError(
    `Reference path for the field 'ItemsPath' must point to an array, but was ${JSON.stringify(items)}`,
  );
}

/** `Map` of the context object. */
const mapContext = (index: number, value: Json): JsonObject => ({ Item: { Index: index, Value: value } });

/** The input of one iteration: the item, or the result of ItemSelector. */
export async function itemInput(state: MapState, scope: Scope, index: number, item: Json): Promise<Json> {
  if (state.itemSelector === undefined) return item;
  const context = { ...scope.context, Map: mapContext(index, item) };
  const own = { ...scope, context };
  return templateOf(state.itemSelector, 'ItemSelector', state.data.language, own, effectiveInput(state.data, scope));
}

export async function concurrencyOf(state: MapState, scope: Scope): Promise<number> {
  return state.maxConcurrency === undefined ? 0 : numberOf(state.maxConcurrency, scope, { least: 0 });
}

// AWS: an inline Map runs at most 40 iterations at once, regardless of MaxConcurrency.
const mostInline = 40;

async function iterationOutputs(
  { thread }: StateVisit,
  state: MapState,
  scope: Scope,
  at: Resumption | undefined,
): Promise<Json> {
  const { name } = state;
  const items = await itemsIn(state, scope);
  const limit = await concurrencyOf(state, scope);
  if (at?.branches === undefined) thread.add('MapStateStarted', { length: items.length, name });
  const started = at?.branches?.started ?? thread.cursor;
  thread.cursor = started;
  let last: Cursor = started;
  // An iteration follows the last state of the one before it in its lane.
  const lanes: Cursor[] = [];
  const iterate = async (index: number, signal: AbortSignal, lane: number) => {
    const item = items[index] ?? null;
    const resumed = at?.branches?.open.get(index);
    const iteration = thread.fork(signal, mapContext(index, item));
    if (resumed === undefined) {
      iteration.cursor = lanes[lane] ?? started;
      iteration.add('MapIterationStarted', { name, index });
    }
    try {
      const input = payloadOf(await itemInput(state, scope, index, item), name);
      const output = await runGraph(
        state.processor,
        iteration,
        input,
        resumed?.state === undefined && resumed?.done !== true ? undefined : resumed,
      );
      lanes[lane] = iteration.cursor;
      if (resumed?.done !== true) iteration.add('MapIterationSucceeded', { name, index });
      last = iteration.cursor;
      return output.value;
    } catch (thrown) {
      if (thrown instanceof Aborted) iteration.add('MapIterationAborted', { name, index });
      if (!(thrown instanceof StateFailure) || thrown.error === 'States.Runtime') throw thrown;
      // The end of an iteration has no successor: what follows it in the history follows its last state.
      iteration.cursor = thrown.cursor;
      iteration.add('MapIterationFailed', { name, index });
      throw thrown;
    }
  };
  const most = limit === 0 ? mostInline : Math.min(limit, mostInline);
  const outputs = await runBranches(thread.signal, items.length, most, iterate);
  thread.cursor = last;
  thread.run.history.add(last, 'MapStateSucceeded', { name });
  return outputs;
}

/** Runs the iterations of a Map state, inline or as child executions; its result is the array of their outputs. */
export function runMap(visit: StateVisit, state: MapState, at: Resumption | undefined): Promise<Step> {
  const { run } = visit.thread;
  return withAttempts(visit, state, at, async (scope, resumed) => {
    const result =
      state.distributed === undefined
        ? await iterationOutputs(visit, state, scope, resumed)
        : await run.environment.mapRuns.run(run, visit, state, scope, resumed);
    return outcomeOf(state.data, scope, result);
  });
}
