import type { Step } from '@bclaw/spec';

/** All steps of a block, each followed by those nested in it, in the template's order. */
export function allSteps(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => [step, ...nestedBlocks(step).flatMap(allSteps)]);
}

function nestedBlocks(step: Step): readonly (readonly Step[])[] {
  switch (step.kind) {
    case 'scatter':
      return [step.steps];
    case 'native':
      return step.branches;
    case 'parallel-chooser':
      return step.branches.map((branch) => branch.steps);
    case 'batch':
    case 'subpipe':
    case 'chooser':
      return [];
    default:
      return step satisfies never;
  }
}
