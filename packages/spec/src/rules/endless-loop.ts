import { type FlowTarget, followers, namedTargets, reachableFrom } from '../flow.js';
import type { Step } from '../model.js';
import { isFlowKnown } from './known-flow.js';
import type { Rule, RuleContext } from './rule.js';

/**
 * From every step that runs, some path must lead to the end of its block. Otherwise the steps loop until AWS stops the
 * execution; so does a chooser that goes back to itself, because its condition does not change.
 */
export const endlessLoop: Rule = (context) => {
  const { blocks, report } = context;
  for (const block of blocks) {
    const back = leadingBack(block, context);
    if (back.length === 0 || !isFlowKnown(block, context)) continue;
    const ending = leadingToTheEnd(block);
    for (const { step, name, at } of back)
      if (!ending.has(name))
        report.warning(
          'endless-loop',
          [...step.path, ...at],
          `From \`${name}\` on, nothing leads to the end: the steps go round for ever.`,
          {
            hint: 'Put a chooser in between that goes on to another step, or give one of the steps `end: true`.',
          },
        );
      else if (step.kind === 'chooser' && name === step.name)
        report.warning(
          'endless-loop',
          [...step.path, ...at],
          `The chooser \`${name}\` goes back to itself: it would choose the same again.`,
          {
            hint: 'Go back to a step that changes what the condition looks at.',
          },
        );
  }
};

/** The names in a block's steps that lead back to an earlier step or to the step itself. */
function leadingBack(block: readonly Step[], { sourceOf }: RuleContext) {
  const passed = new Set<string>();
  const found: (FlowTarget & { readonly step: Step })[] = [];
  for (const step of block) {
    passed.add(step.name);
    for (const { name, at } of namedTargets(step, sourceOf(step))) if (passed.has(name)) found.push({ step, name, at });
  }
  return found;
}

/** The steps from which the end of the block can be reached: those that end it, and those before them. */
function leadingToTheEnd(block: readonly Step[]): ReadonlySet<string> {
  const before = new Map<string, string[]>(block.map(({ name }) => [name, []]));
  for (const step of block) for (const name of followers(step)) before.get(name)?.push(step.name);
  const ends = block.filter(({ next }) => next === undefined).map(({ name }) => name);
  return reachableFrom(ends, (name) => before.get(name));
}
