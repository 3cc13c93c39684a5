import type { StateGraph } from './model.js';
import type { Problems } from './problems.js';

/**
 * Refuses what Express executions can't do: wait for a job, an execution or a token, and distributed Map states. The
 * children of a distributed Map state can be Express executions, too.
 *
 * @param express true if the states of this graph run in an Express execution
 */
export function checkExpress(graph: StateGraph, express: boolean, location: string, problems: Problems): void {
  for (const [name, state] of graph.states) {
    const place = `${location}/States/${name}`;
    switch (state.type) {
      case 'Task':
        if (express && state.resource.kind === 'integration' && state.resource.pattern !== 'request')
          problems.schema(
            `${place}/Resource`,
            // AWS's sentence ends with a blank for this pattern alone.
            `Express state machine does not support '.${state.resource.pattern}' service integration${state.resource.pattern === 'waitForTaskToken' ? ' ' : ''}`,
          );
        break;
      case 'Parallel':
        for (const [index, branch] of state.branches.entries())
          checkExpress(branch, express, `${place}/Branches[${index}]`, problems);
        break;
      case 'Map': {
        const { distributed } = state;
        if (express && distributed !== undefined)
          problems.schema(
            `${place}/ItemProcessor/ProcessorConfig/Mode`,
            'Express state machine does not support distributed Map states',
          );
        const inside = distributed === undefined ? express : distributed.executionType === 'EXPRESS';
        checkExpress(state.processor, inside, `${place}/ItemProcessor`, problems);
        break;
      }
    }
  }
}
