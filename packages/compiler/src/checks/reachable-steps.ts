import { reachable, type Step, withNestedBlocks } from '@bclaw/spec';

/**
 * The reachable steps of a block, including those of nested blocks. The parser warns about the others; they are not
 * compiled, because Step Functions rejects a definition with an unreachable state.
 */
export function reachableSteps(steps: readonly Step[]): readonly Step[] {
  const reached = reachable(steps);
  return steps.filter(({ name }) => reached.has(name)).map((step) => withNestedBlocks(step, reachableSteps));
}
