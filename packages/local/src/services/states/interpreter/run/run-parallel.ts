import type { ParallelState } from '../../definition/model.js';
import type { Cursor } from '../../history/history.js';
import { argumentsOf, outcomeOf, type Scope } from '../data/data-flow.js';
import type { Json } from '../data/json.js';
import { withAttempts } from './attempts.js';
import { runBranches } from './branches.js';
import { payloadOf } from './payload.js';
import type { Resumption } from './resumption.js';
import { runGraph } from './run-graph.js';
import type { Step } from './run-state.js';
import type { StateVisit } from './thread.js';

async function branchOutputs(
  { thread }: StateVisit,
  state: ParallelState,
  scope: Scope,
  at: Resumption | undefined,
): Promise<Json> {
  const input = payloadOf(await argumentsOf(state.data, scope), state.name);
  if (at?.branches === undefined) thread.add('ParallelStateStarted', { name: state.name });
  const started = at?.branches?.started ?? thread.cursor;
  thread.cursor = started;
  let last: Cursor = started;
  const outputs = await runBranches(thread.signal, state.branches.length, 0, async (index, signal) => {
    const graph = state.branches[index];
    if (graph === undefined) throw new RangeError(`'${state.name}' has no branch ${index}`);
    const branch = thread.fork(signal);
    const output = await runGraph(graph, branch, input, at?.branches?.open.get(index));
    last = branch.cursor;
    return output.value;
  });
  // In the histories of Step Functions, success and exit both follow the last event of the branch that ended last.
  thread.cursor = last;
  thread.run.history.add(last, 'ParallelStateSucceeded', { name: state.name });
  return outputs;
}

/** Runs the branches of a Parallel state; its result is the array of their outputs. */
export function runParallel(visit: StateVisit, state: ParallelState, at: Resumption | undefined): Promise<Step> {
  return withAttempts(visit, state, at, async (scope, resumed) =>
    outcomeOf(state.data, scope, await branchOutputs(visit, state, scope, resumed)),
  );
}
