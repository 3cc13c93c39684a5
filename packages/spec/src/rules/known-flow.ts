import { followers } from '../flow.js';
import type { Step } from '../model.js';
import type { RuleContext } from './rule.js';

/** Whether it is known what follows what in a block: not where a broken step or a misspelt target would have led. */
export function isFlowKnown(block: readonly Step[], { isIncomplete }: RuleContext): boolean {
  const names = new Set(block.map(({ name }) => name));
  return block.every((step) => !isIncomplete(step) && followers(step).every((name) => names.has(name)));
}
