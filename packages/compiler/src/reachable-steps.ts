import type { Step } from '@bclaw/spec';

/**
 * The steps of a block, and of the blocks inside them, that a way leads to. The parser warns of others; Step Functions refuses
 * a definition with a state that cannot be reached, so they are not compiled.
 */
export function reachableSteps(steps: readonly Step[]): readonly Step[] {
  const byName = new Map(steps.map((step) => [step.name, step]));
  const reached = new Set<Step>();
  const waiting = steps.slice(0, 1);
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    if (reached.has(step)) continue;
    reached.add(step);
    for (const name of targets(step)) {
      const target = byName.get(name);
      if (target !== undefined) waiting.push(target);
    }
  }
  return steps.filter((step) => reached.has(step)).map(withReachableBlocks);
}

function targets(step: Step): readonly string[] {
  const next = step.next === undefined ? [] : [step.next];
  if (step.kind === 'chooser') return [...next, ...step.choices.map((choice) => choice.next)];
  return step.kind === 'native' ? [...next, ...catchTargets(step.fields['Catch'])] : next;
}

function catchTargets(catchers: unknown): readonly string[] {
  if (!Array.isArray(catchers)) return [];
  return catchers.flatMap((catcher: unknown) =>
    typeof catcher === 'object' && catcher !== null && 'Next' in catcher && typeof catcher.Next === 'string'
      ? [catcher.Next]
      : [],
  );
}

function withReachableBlocks(step: Step): Step {
  switch (step.kind) {
    case 'scatter':
      return { ...step, steps: reachableSteps(step.steps) };
    case 'native':
      return { ...step, branches: step.branches.map(reachableSteps) };
    case 'parallel-chooser':
      return { ...step, branches: step.branches.map((branch) => ({ ...branch, steps: reachableSteps(branch.steps) })) };
    case 'batch':
    case 'subpipe':
    case 'chooser':
      return step;
    default:
      return step satisfies never;
  }
}
