import type { Step } from './model.js';

/** The blocks directly inside a step. */
export function nestedBlocks(step: Step): readonly (readonly Step[])[] {
  switch (step.kind) {
    case 'scatter':
      return [step.steps];
    case 'native':
      return step.branches;
    case 'parallel-chooser':
      return step.branches.map(({ steps }) => steps);
    case 'batch':
    case 'subpipe':
    case 'chooser':
      return [];
  }
}
