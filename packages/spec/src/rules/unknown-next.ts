import type { TemplatePath } from '../diagnostics.js';
import { didYouMean } from '../nearest.js';
import type { PlainMap } from '../syntax/document.js';
import type { Rule } from './rule.js';

/** `next` names a step of its own block: a state machine has no way into or out of a nested one. */
export const unknownNext: Rule = ({ blocks, report, sourceOf }) => {
  for (const block of blocks) {
    const names = block.map(({ name }) => name);
    const known = new Set(names);
    const check = (next: string, path: TemplatePath, self: string): void => {
      if (!known.has(next))
        report.error('unknown-next', path, `There is no step \`${next}\` in this block.`, {
          hint: () =>
            didYouMean(
              next,
              names.filter((name) => name !== self),
            ),
        });
    };
    for (const step of block) {
      if (step.next !== undefined) check(step.next, [...step.path, 'next'], step.name);
      if (step.kind === 'chooser')
        for (const [index, { next }] of step.choices.entries())
          check(next, choicePath(sourceOf(step), step.path, index), step.name);
    }
  }
};

/** `choices` may be a single map instead of a list. */
function choicePath(source: PlainMap, path: TemplatePath, index: number): TemplatePath {
  return Array.isArray(source['choices']) ? [...path, 'choices', index, 'next'] : [...path, 'choices', 'next'];
}
