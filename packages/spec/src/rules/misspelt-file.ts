import type { TemplatePath } from '../diagnostics.js';
import type { BatchStep } from '../model.js';
import { nearest } from '../nearest.js';
import type { Report } from '../report.js';
import { isGlobTemplate } from '../substitution/files.js';
import { declaredNames } from './named-files.js';
import type { Rule } from './rule.js';

/** Commands longer than this are not searched for file names. */
const longestScript = 20_000;

/**
 * An output, or a result of a QC check, that the commands mention with a slightly different name, but never exactly, is
 * probably misspelt: the job would do all its work and then fail because the file is missing.
 */
export const misspeltFile: Rule = ({ steps, report, sourceOf, isIncomplete }) => {
  for (const step of steps) {
    if (step.kind !== 'batch' || isIncomplete(step)) continue;
    const script = step.commands.join('\n');
    if (script.length > longestScript) continue;
    const source = sourceOf(step);
    for (const { name, at } of declaredNames(source['outputs'])) {
      const file = Object.hasOwn(step.outputs, name) ? step.outputs[name]?.file : undefined;
      if (file !== undefined && !script.includes(`\${${name}}`)) check(file, ['outputs', ...at], step, script, report);
    }
    const isList = Array.isArray(source['qc_check']);
    for (const [index, { resultFile }] of step.qcChecks.entries())
      check(resultFile, ['qc_check', ...(isList ? [index] : []), 'qc_result_file'], step, script, report);
  }
};

/** @param at place of the file in the step */
function check(file: string, at: TemplatePath, step: BatchStep, script: string, report: Report): void {
  const base = file.slice(file.lastIndexOf('/') + 1);
  if (isGlobTemplate(file) || file.includes('${') || !/\.\w+$/.test(base) || script.includes(base)) return;
  const alike = (script.match(/[\w./-]+\.\w+/g) ?? [])
    .map((word) => word.slice(word.lastIndexOf('/') + 1))
    .filter((word) => extension(word) === extension(base) && withoutDigits(word) !== withoutDigits(base));
  if (alike.length === 0) return;
  // A file of the step itself is not a misspelling of another file, nor is another file of a series.
  const others = filesOf(step);
  const near = nearest(
    base,
    alike.filter((word) => !others.has(word)),
  );
  if (near === undefined || Math.abs(near.length - base.length) > 1) return;
  report.warning(
    'misspelt-file',
    [...step.path, ...at],
    `The commands do not name the file "${base}", but "${near}".`,
    {
      hint: 'Write one of them as the other; `${name}` in a command is the file of that output, and cannot differ.',
    },
  );
}

/** The base names of a step's files. */
function filesOf({ inputs, references: cached, outputs, qcChecks }: BatchStep): ReadonlySet<string> {
  const files = [
    ...(inputs === 'auto' ? [] : Object.values(inputs)),
    ...Object.values(cached),
    ...Object.values(outputs).map(({ file }) => file),
    ...qcChecks.map(({ resultFile }) => resultFile),
  ];
  return new Set(files.map((file) => file.slice(file.lastIndexOf('/') + 1)));
}

const withoutDigits = (text: string) => text.replace(/\d+/g, '');

const extension = (text: string) => text.slice(text.lastIndexOf('.'));
