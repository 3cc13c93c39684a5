import { reachable, type Step } from '@bclaw/spec';

/**
 * The steps of a block, and of the blocks inside them, that a way leads to. The parser warns of others; Step Functions refuses
 * a definition with a state that cannot be reached, so they are not compiled.
 *
 * @returns the very same block when all of it is reached, as nearly always
 */
export function reachableSteps(steps: readonly Step[]): readonly Step[] {
  const reached = reachable(steps);
  const kept = reached.size === steps.length ? steps : steps.filter(({ name }) => reached.has(name));
  return allSame(steps, kept.map(withReachableBlocks));
}

/** A list as it was, when what has been made of it has the same members. */
function allSame<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  return before.length === after.length && before.every((member, index) => member === after[index]) ? before : after;
}

function withReachableBlocks(step: Step): Step {
  switch (step.kind) {
    case 'scatter': {
      const inside = reachableSteps(step.steps);
      return inside === step.steps ? step : { ...step, steps: inside };
    }
    case 'native': {
      const branches = allSame(step.branches, step.branches.map(reachableSteps));
      return branches === step.branches ? step : { ...step, branches };
    }
    case 'parallel-chooser': {
      const branches = allSame(step.branches, step.branches.map(withReachableSteps));
      return branches === step.branches ? step : { ...step, branches };
    }
    case 'batch':
    case 'subpipe':
    case 'chooser':
      return step;
    default:
      return step satisfies never;
  }
}

function withReachableSteps<Branch extends { readonly steps: readonly Step[] }>(branch: Branch): Branch {
  const steps = reachableSteps(branch.steps);
  return steps === branch.steps ? branch : { ...branch, steps };
}
