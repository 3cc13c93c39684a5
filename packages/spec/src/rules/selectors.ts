import { queryIn } from '../kinds/scatter.js';
import { readSelector, splitFileSource } from '../scalars/selector.js';
import { hasReference } from '../substitution/references.js';
import { sourceNames } from './named-files.js';
import type { Rule } from './rule.js';

/** In a selector without its texts. The older dialect's `(@.length-1)`, the last item, is translated. */
const lengthMember = /\.length\b(?!\s*(?:-\s*\d+\s*)?\)\s*\]|\s*\()/;

const withoutTexts = (selector: string): string => selector.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/gs, "''");

/**
 * A scatter source that selects from a file must have a valid JSONPath, as far as that can be checked without data.
 * (One without a `$` is an impossible file.)
 */
export const selectors: Rule = ({ steps, report, sourceOf }) => {
  for (const step of steps) {
    if (step.kind !== 'scatter') continue;
    for (const { name, at } of sourceNames(sourceOf(step)['scatter'])) {
      const declared = step.scatter[name];
      const query = queryIn(declared);
      const source = query === undefined ? declared : query.from;
      if (typeof source !== 'string' || !source.trim().startsWith('@')) continue;
      const path = [...step.path, 'scatter', ...at, ...(query === undefined ? [] : ['from'])];
      const { selector } = splitFileSource(source.trim().slice(1));
      if (selector === undefined || hasReference(selector)) continue;
      const read = readSelector(selector);
      if ('problem' in read)
        report.error('bad-selector', path, `\`${selector}\` is no JSONPath: ${read.problem}.`, {
          hint: 'Write it as RFC 9535 has it, such as `$.samples[*].id` or `$[?@.reads > 1000 && @.paired].id`.',
        });
      else if (lengthMember.test(withoutTexts(selector)))
        report.warning('bad-selector', path, `\`.length\` is a member of that name, and not the number of items.`, {
          hint: 'In a filter, write `length(@.items) > 3` for their number; for a member of that name, write `["length"]`.',
        });
    }
  }
};
