import { reachable } from '../flow.js';
import { isFlowKnown } from './known-flow.js';
import type { Rule } from './rule.js';

/** Every step of a block must be reachable from its first step. */
export const unreachableStep: Rule = (context) => {
  const { blocks, report } = context;
  for (const block of blocks) {
    if (!isFlowKnown(block, context)) continue;
    const reached = reachable(block);
    for (const step of block)
      if (!reached.has(step.name))
        report.warning('unreachable-step', step.path, `No step leads to \`${step.name}\`, so it never runs.`, {
          hint: 'Remove it, or name it in the `next` of a step before it.',
          spot: 'key',
        });
  }
};
