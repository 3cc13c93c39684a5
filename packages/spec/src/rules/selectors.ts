import { readSelector, splitFileSource } from '../scalars/selector.js';
import { hasReference } from '../substitution/references.js';
import type { Rule } from './rule.js';

/** Files that hold more than lines: what follows a colon after their names is meant as a selector. */
const structured = /\.(?:json|ya?ml|jsonl|ndjson|csv|tsv|tab):(?=[^$/])/i;

/** A scatter source that selects from a file does so by a JSONPath, as far as that is known without data. */
export const selectors: Rule = ({ steps, report }) => {
  for (const step of steps) {
    if (step.kind !== 'scatter') continue;
    for (const [name, source] of Object.entries(step.scatter)) {
      if (typeof source !== 'string' || !source.trim().startsWith('@')) continue;
      const path = [...step.path, 'scatter', name];
      const { file, selector } = splitFileSource(source.trim().slice(1));
      const colon = structured.exec(file);
      if (selector === undefined && colon !== null && !hasReference(file)) {
        const written = file.slice(colon.index + colon[0].length).trim();
        report.error('bad-selector', path, `The selector \`${written}\` does not begin with "$".`, {
          hint: `Write \`$${written.startsWith('[') ? '' : '.'}${written}\`.`,
        });
      }
      if (selector === undefined || hasReference(selector)) continue;
      const read = readSelector(selector);
      if ('problem' in read)
        report.error('bad-selector', path, `\`${selector}\` is no JSONPath: ${read.problem}.`, {
          hint: 'Write it as RFC 9535 has it, such as `$.samples[*].id` or `$[?@.reads > 1000 && @.paired].id`.',
        });
    }
  }
};
