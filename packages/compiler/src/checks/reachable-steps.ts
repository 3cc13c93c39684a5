import { reachable, type Step, withNestedBlocks } from '@bclaw/spec';

/**
 * The steps of a block, and of the blocks inside them, that a path leads to. The parser warns of others; Step Functions refuses
 * a definition with a state that cannot be reached, so they are not compiled.
 */
export function reachableSteps(steps: readonly Step[]): readonly Step[] {
  const reached = reachable(steps);
  return steps.filter(({ name }) => reached.has(name)).map((step) => withNestedBlocks(step, reachableSteps));
}
