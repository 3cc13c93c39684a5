import { childController } from './cancellation.js';
import { Aborted, StateFailure } from './outcome-errors.js';

/**
 * Runs branches side by side; the first failure ends the others.
 *
 * @param parent the signal of the thread that owns the branches
 * @param count how many there are
 * @param limit how many may run at once; 0 = all
 * @throws the first failure, after all branches are over
 */
export async function runBranches<T>(
  parent: AbortSignal,
  count: number,
  limit: number,
  branch: (index: number, signal: AbortSignal) => Promise<T>,
): Promise<readonly T[]> {
  const { controller, release } = childController(parent);
  const results: T[] = new Array(count);
  let next = 0;
  let failure: unknown;
  const lane = async () => {
    while (next < count && !controller.signal.aborted) {
      const index = next;
      next += 1;
      try {
        results[index] = await branch(index, controller.signal);
      } catch (error) {
        failure ??= error;
        // A failure tells more than the abort that it caused in a sibling.
        if (failure instanceof Aborted && error instanceof StateFailure) failure = error;
        controller.abort(Aborted.by('sibling'));
      }
    }
  };
  const lanes = limit === 0 ? count : Math.min(limit, count);
  await Promise.all(Array.from({ length: lanes }, lane));
  release();
  parent.throwIfAborted();
  if (failure !== undefined) throw failure;
  return results;
}
