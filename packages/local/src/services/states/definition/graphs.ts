import type { Definition, StateGraph } from './model.js';

/** All graphs of a definition, including nested ones. */
function* graphsIn(graph: StateGraph): Generator<StateGraph> {
  yield graph;
  for (const state of graph.states.values()) {
    if (state.type === 'Parallel') for (const branch of state.branches) yield* graphsIn(branch);
    if (state.type === 'Map') yield* graphsIn(state.processor);
  }
}

/** For the first state of each Parallel branch, the branch's index. Names of states are unique in a definition. */
export function branchIndexes(definition: Definition): ReadonlyMap<string, number> {
  const indexes = new Map<string, number>();
  for (const graph of graphsIn(definition)) {
    for (const state of graph.states.values()) {
      if (state.type !== 'Parallel') continue;
      for (const [index, branch] of state.branches.entries()) indexes.set(branch.startAt, index);
    }
  }
  return indexes;
}

/** Returns the processor of the Map state with that name. */
export function processorOf(definition: Definition, name: string): StateGraph | undefined {
  for (const graph of graphsIn(definition)) {
    const state = graph.states.get(name);
    if (state?.type === 'Map') return state.processor;
  }
  return undefined;
}
