import type { State, StateGraph } from './model.js';
import type { Problems } from './problems.js';

interface Target {
  readonly field: string;
  readonly name: string;
}

function targets(state: State): readonly Target[] {
  const caught =
    'catch' in state ? state.catch.map(({ next }, index) => ({ field: `Catch[${index}]/Next`, name: next })) : [];
  if (state.type === 'Choice') {
    const rules = state.choices.map(({ next }, index) => ({ field: `Choices[${index}]/Next`, name: next }));
    return state.default === undefined ? rules : [...rules, { field: 'Default', name: state.default }];
  }
  if (state.type === 'Succeed' || state.type === 'Fail' || state.next === undefined) return caught;
  return [{ field: 'Next', name: state.next }, ...caught];
}

const ends = (state: State): boolean =>
  state.type === 'Succeed' || state.type === 'Fail' || (state.type !== 'Choice' && state.next === undefined);

/**
 * Checks that every transition leads to a state of the same graph, every state is reachable, and at least one is
 * terminal.
 */
export function checkTransitions(graph: StateGraph, location: string, problems: Problems): void {
  const at = (path: string) => `${location === '/' ? '' : location}/${path}`;
  const missing = (name: string, path: string) => {
    problems.add('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${name}`, at(path));
  };
  if (!graph.states.has(graph.startAt)) missing(graph.startAt, 'StartAt');
  for (const state of graph.states.values()) {
    for (const { field, name } of targets(state)) {
      if (!graph.states.has(name)) missing(name, `States/${state.name}/${field}`);
    }
  }
  if (![...graph.states.values()].some(ends)) {
    problems.add('MISSING_END_STATE', 'Workflow has no terminal state');
    return;
  }
  const reached = new Set<string>();
  const queue = [graph.startAt];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    const state = graph.states.get(name);
    if (state === undefined || reached.has(name)) continue;
    reached.add(name);
    queue.push(...targets(state).map((target) => target.name));
  }
  for (const name of graph.states.keys()) {
    if (!reached.has(name)) {
      problems.add('MISSING_TRANSITION_TARGET', `State "${name}" is not reachable.`, at(`States/${name}`));
    }
  }
}
