import { childController } from './cancellation.js';
import { Aborted, StateFailure } from './outcome-errors.js';

/**
 * Runs branches concurrently; the first failure aborts the others.
 *
 * @param parent the signal of the thread that owns the branches
 * @param count the number of branches
 * @param limit the maximum number of branches that run at once; 0 = all
 * @param branch runs one branch; `lane` numbers those that run one after another
 * @throws the first failure, after all branches have ended
 */
export async function runBranches<T>(
  parent: AbortSignal,
  count: number,
  limit: number,
  branch: (index: number, signal: AbortSignal, lane: number) => Promise<T>,
): Promise<readonly T[]> {
  const { controller, release } = childController(parent);
  const results: T[] = new Array(count);
  let next = 0;
  let failure: unknown;
  const run = async (lane: number) => {
    while (next < count && !controller.signal.aborted) {
      const index = next;
      next += 1;
      try {
        results[index] = await branch(index, controller.signal, lane);
      } catch (error) {
        failure ??= error;
        // A failure is more informative than the abort that it caused in a sibling.
        if (failure instanceof Aborted && error instanceof StateFailure) failure = error;
        controller.abort(Aborted.by('sibling'));
      }
    }
  };
  const lanes = limit === 0 ? count : Math.min(limit, count);
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)));
  release();
  parent.throwIfAborted();
  if (failure !== undefined) throw failure;
  return results;
}
