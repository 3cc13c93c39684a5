import { followers } from '../flow.js';
import type { Step } from '../model.js';
import type { RuleContext } from './rule.js';

/** Returns true if the order of the steps in a block is known: it is not with a broken step or a misspelt target. */
export function isFlowKnown(block: readonly Step[], { isIncomplete }: RuleContext): boolean {
  const names = new Set(block.map(({ name }) => name));
  return block.every((step) => !isIncomplete(step) && followers(step).every((name) => names.has(name)));
}
