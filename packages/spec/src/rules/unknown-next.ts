import { namedTargets } from '../flow.js';
import { didYouMean } from '../nearest.js';
import type { Rule } from './rule.js';

/** `next` must name a step of its own block: a state machine has no transitions into or out of a nested one. */
export const unknownNext: Rule = ({ blocks, report, sourceOf }) => {
  for (const block of blocks) {
    const names = block.map(({ name }) => name);
    const known = new Set(names);
    for (const step of block)
      for (const { name, at } of namedTargets(step, sourceOf(step)))
        if (!known.has(name))
          report.error('unknown-next', [...step.path, ...at], `There is no step \`${name}\` in this block.`, {
            hint: () =>
              didYouMean(
                name,
                names.filter((other) => other !== step.name),
              ),
          });
  }
};
