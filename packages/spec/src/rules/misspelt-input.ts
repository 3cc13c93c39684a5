import type { TemplatePath } from '../diagnostics.js';
import type { Step } from '../model.js';
import { nearest } from '../nearest.js';
import { isS3Uri } from '../scalars/s3-uri.js';
import { isGlobTemplate } from '../substitution/files.js';
import { isMap } from '../syntax/document.js';
import type { Rule } from './rule.js';

/**
 * An input that no step writes may have been in the repository before; one whose name is close to a file that a step
 * writes is probably misspelt, which would only show after that step has done its work.
 */
export const misspeltInput: Rule = ({ steps, report, sourceOf }) => {
  const written = new Set(steps.flatMap(filesWrittenBy));
  const judged = new Set<string>();
  const check = (value: unknown, path: TemplatePath): void => {
    if (Array.isArray(value)) for (const [index, item] of value.entries()) check(item, [...path, index]);
    else if (isMap(value)) for (const [key, item] of Object.entries(value)) check(item, [...path, key]);
    else if (typeof value === 'string' && isPlain(value) && !written.has(value) && judged.size < maxJudged) {
      judged.add(value);
      const near = nearest(value, written);
      if (near === undefined || differInDigits(value, near) || baseName(value) === baseName(near)) return;
      report.warning('misspelt-file', path, `No step writes "${value}", but one writes "${near}".`, {
        hint: `Did you mean "${near}"? A file that is in the repository before the job starts is silenced with a comment.`,
      });
    }
  };
  for (const step of steps)
    if (step.kind !== 'native' && step.kind !== 'subpipe') check(sourceOf(step)['inputs'], [...step.path, 'inputs']);
};

/** Maximum number of inputs of a template that are compared with all written files. */
const maxJudged = 200;

const baseName = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

const isPlain = (file: string): boolean => !isS3Uri(file) && !file.includes('${') && !isGlobTemplate(file);

function filesWrittenBy(step: Step): string[] {
  switch (step.kind) {
    case 'batch':
      return Object.values(step.outputs).flatMap(({ file }) => [file, baseName(file)]);
    case 'subpipe':
      return step.retrieve.map(({ to }) => to);
    case 'scatter':
    case 'native':
    case 'chooser':
    case 'parallel-chooser':
      return [];
  }
}

/** Files of a series, `r1.fq` and `r2.fq`, are not misspellings of each other. */
const differInDigits = (one: string, other: string): boolean =>
  one.replace(/\d+/g, '0') === other.replace(/\d+/g, '0') || /\d/.test(one) !== /\d/.test(other);
