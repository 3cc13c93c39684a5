import { nestedBlocks, type Step } from '@bclaw/spec';

/** All steps of a block, each followed by those nested in it, in the template's order. */
export function allSteps(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step) => [step, ...nestedBlocks(step).flatMap(allSteps)]);
}
