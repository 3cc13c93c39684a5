import type { TemplatePath } from '../diagnostics.js';
import { isMap } from '../syntax/document.js';
import type { Rule } from './rule.js';

/** The `?` of an optional file belongs at its name: at the end of the file itself, it matches any character. */
export const optionalValue: Rule = ({ steps, report, sourceOf }) => {
  const check = (value: unknown, path: TemplatePath, name: string): void => {
    if (typeof value === 'string' && /[^?*]\?$/.test(value.trim()))
      report.warning('misplaced-mark', path, `\`${value}\` ends in a "?", which stands for any one character here.`, {
        hint: `Put it behind the name to make the file optional: "${name.replace(/\?$/, '')}?: ${value.trim().slice(0, -1)}".`,
      });
    else if (Array.isArray(value)) for (const [index, item] of value.entries()) check(item, [...path, index], name);
    else if (isMap(value)) for (const [key, item] of Object.entries(value)) check(item, [...path, key], key);
  };
  for (const step of steps)
    if (step.kind === 'batch')
      for (const field of ['inputs', 'references'] as const) check(sourceOf(step)[field], [...step.path, field], field);
};
