import type { TemplatePath } from '../diagnostics.js';
import {
  builtinNames,
  ExpressionSyntaxError,
  freeNames,
  hopelessCalls,
  parseExpression,
} from '../expressions/index.js';
import { queryIn } from '../kinds/scatter.js';
import type { ChooserStep, ParallelChooserStep } from '../model.js';
import { nearest } from '../nearest.js';
import type { Report } from '../report.js';
import { references } from '../substitution/references.js';
import { sourceNames } from './named-files.js';
import type { Rule } from './rule.js';

/**
 * Conditions must parse, and must only use names that will be defined when they are evaluated, as far as that is known.
 */
export const expressions: Rule = ({ steps, report, textsOf, isIncomplete, sourceOf }) => {
  for (const step of steps) {
    const isChooser = step.kind === 'chooser' || step.kind === 'parallel-chooser';
    const known = isChooser && !isIncomplete(step) ? namesOf(step) : undefined;
    if (step.kind === 'scatter')
      for (const { name, at } of sourceNames(sourceOf(step)['scatter'])) {
        const where = queryIn(step.scatter[name])?.where;
        if (where !== undefined) check(where, [...step.path, 'scatter', ...at, 'where'], namesOfItems, report);
      }
    for (const { text, path, use } of textsOf(step)) if (use === 'expression') check(text, path, known, report);
  }
};

/**
 * The names that a chooser's conditions can use; undefined when they are unknown: the keys of a single input can be
 * used without its name, as can all keys of a QC result.
 */
function namesOf({ inputs }: ChooserStep | ParallelChooserStep): ReadonlySet<string> | undefined {
  const names = Object.keys(inputs);
  return names.length === 1 ? undefined : new Set([...names, 'job', 'scatter', 'parent']);
}

/** The names that a condition on a scatter's items can use. */
const namesOfItems: ReadonlySet<string> = new Set(['row', 'job', 'scatter', 'parent']);

/** Spellings in other languages of constants that Python writes with a capital. */
const constants: ReadonlyMap<string, string> = new Map([
  ['true', 'True'],
  ['false', 'False'],
  ['null', 'None'],
  ['none', 'None'],
]);

function check(text: string, path: TemplatePath, known: ReadonlySet<string> | undefined, report: Report): void {
  // An empty text has its own diagnostic.
  if (text === '') return;
  try {
    const expression = parseExpression(text);
    const hopeless = hopelessCalls(expression);
    for (const { message, hint, from, to } of hopeless)
      report.error('bad-expression', path, message, {
        hint,
        spot: { text, offset: from, length: to - from },
      });
    for (const { content, start, end } of references(text))
      report.error('bad-expression', path, `\`${text.slice(start, end)}\` is not replaced in conditions.`, {
        hint: `Write \`${content}\` without quotes: a condition uses names as they are.`,
        spot: { text, offset: start, length: end - start },
      });
    const called = new Set(hopeless.map(({ from }) => from));
    for (const [name, offset] of freeNames(expression)) {
      if (called.has(offset) || builtinNames.has(name)) continue;
      const constant = constants.get(name);
      if (constant !== undefined && known?.has(name) !== true) {
        report.error('unknown-name', path, `The condition names \`${name}\`, which nothing declares.`, {
          hint: `Python writes \`${constant}\`.`,
          spot: { text, offset, length: name.length },
        });
        continue;
      }
      if (known === undefined || known.has(name)) continue;
      const near = nearest(name, [...known, ...builtinNames]);
      const list = [...known].join(', ');
      report.error('unknown-name', path, `The condition names \`${name}\`, which nothing declares.`, {
        hint:
          near === undefined
            ? `It can use: ${list}; the data of the job is \`job.${name}\`.`
            : `Did you mean \`${near}\`?`,
        spot: { text, offset, length: name.length },
      });
    }
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error;
    report.error('bad-expression', path, error.message, {
      hint: error.hint ?? 'Write a condition in Python’s expression syntax, such as "reads > 1000 and q30 >= 0.8".',
      spot: { text, offset: error.offset, length: 1 },
    });
  }
}
