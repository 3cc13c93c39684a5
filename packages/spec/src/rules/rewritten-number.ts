import type { TemplatePath } from '../diagnostics.js';
import { asText } from '../scalars/text.js';
import { ambiguityOf } from '../syntax/cloudformation-scalar.js';
import { coreValue } from '../syntax/core-schema.js';
import { isMap } from '../syntax/document.js';
import type { Rule } from './rule.js';

/** Fields of steps and options whose numbers are converted to texts, directly or within maps and lists. */
const textual = ['s3_tags', 'job_tags', 'outputs', 'scatter'] as const;

/**
 * A number is converted to the shortest text: `1.10`, meant as a version, becomes `1.1`. If the template writes it
 * differently, that is probably not what its author wants.
 */
export const rewrittenNumber: Rule = ({ workflow, steps, report, section, written, sourceOf, sourceNumberAt }) => {
  const check = (value: unknown, path: TemplatePath): void => {
    if (Array.isArray(value)) for (const [index, item] of value.entries()) check(item, [...path, index]);
    else if (isMap(value)) for (const [key, entry] of Object.entries(value)) check(entry, [...path, key]);
    else if (typeof value === 'number') {
      const text = sourceNumberAt(path);
      if (text === undefined || coreValue(text) !== value || asText(value) === text || ambiguityOf(text)) return;
      report.warning(
        'rewritten-number',
        path,
        `\`${text}\` is a number here, and becomes the text "${asText(value)}".`,
        {
          hint: `Put it in quotes, "${text}", to keep it as it is.`,
        },
      );
    }
  };
  for (const [name, declaration] of Object.entries(workflow.parameters))
    if (declaration.Type !== 'Number') check(declaration['Default'], [written('Parameters'), name, 'Default']);
  const options = section('Options');
  for (const field of textual) if (isMap(options)) check(options[field], [written('Options'), field]);
  for (const step of steps)
    if (step.kind !== 'native') for (const field of textual) check(sourceOf(step)[field], [...step.path, field]);
};
