import type { Step } from '../model.js';
import { followers, isFlowKnown } from './flow-targets.js';
import type { Rule, RuleContext } from './rule.js';

/** Every step of a block can be reached from its first step. */
export const unreachableStep: Rule = (context) => {
  const { blocks, report } = context;
  for (const block of blocks) {
    if (!isFlowKnown(block, context)) continue;
    const reached = reachable(block, context);
    for (const step of block)
      if (!reached.has(step.name))
        report.warning('unreachable-step', step.path, `No step leads to \`${step.name}\`, so it never runs.`, {
          hint: 'Remove it, or name it in the `next` of a step before it.',
          spot: 'key',
        });
  }
};

function reachable(block: readonly Step[], context: RuleContext): Set<string> {
  const byName = new Map(block.map((step) => [step.name, step]));
  const reached = new Set<string>();
  const waiting = block.slice(0, 1);
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    if (reached.has(step.name)) continue;
    reached.add(step.name);
    for (const name of followers(step, context.sourceOf(step))) {
      const target = byName.get(name);
      if (target !== undefined) waiting.push(target);
    }
  }
  return reached;
}
