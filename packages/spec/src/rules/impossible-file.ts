import type { DiagnosticCode } from '../codes.js';
import type { TemplatePath } from '../diagnostics.js';
import { type FileProblem, fileProblem, outputFileProblem } from '../scalars/file.js';
import { withoutReferences } from '../substitution/references.js';
import { isMap, memberOf } from '../syntax/document.js';
import { sourceNames } from './named-files.js';
import type { Rule } from './rule.js';

/** A file that can never be in S3, or in a job's workspace, fails every job: most of these are mistyped keys. */
export const impossibleFile: Rule = ({ steps, report, sourceOf }) => {
  for (const step of steps) {
    if (step.kind === 'native') continue;
    const source = sourceOf(step);
    const check = (field: string, code: DiagnosticCode, problemOf: (file: string) => FileProblem | undefined): void => {
      if (source[field] === undefined) return;
      for (const { file, at } of field === 'scatter' ? sourcesIn(source[field]) : filesIn(source[field])) {
        const found = file.trim() === '' ? undefined : problemOf(file);
        if (found !== undefined)
          report.error(code, [...step.path, field, ...at], `${found.problem}.`, { hint: found.hint });
      }
    };
    check('inputs', 'bad-file', fileProblem);
    check('references', 'bad-file', referenceProblem);
    check('scatter', 'bad-file', sourceProblem);
    check('job_data', 'bad-file', fileProblem);
    check('outputs', 'bad-output', step.kind === 'scatter' ? branchFileProblem : workspaceFileProblem);
  }
};

interface NamedFile {
  readonly file: string;
  /** Its place in the field. */
  readonly at: TemplatePath;
}

/** The files in a field: one text, or a map of names in either spelling, whose values may be maps with a `name`. */
function filesIn(value: unknown): readonly NamedFile[] {
  if (typeof value === 'string') return [{ file: value, at: [] }];
  if (!Array.isArray(value)) return entriesOf(value);
  return value.flatMap((item, index) => entriesOf(item).map(({ file, at }) => ({ file, at: [index, ...at] })));
}

function entriesOf(value: unknown): readonly NamedFile[] {
  if (!isMap(value)) return [];
  const found: NamedFile[] = [];
  for (const name of Object.keys(value)) {
    const entry = value[name];
    if (typeof entry === 'string') found.push({ file: entry, at: [name] });
    else if (isMap(entry) && typeof entry['name'] === 'string') found.push({ file: entry['name'], at: [name, 'name'] });
  }
  return found;
}

/** The texts of a scatter's sources. */
function sourcesIn(value: unknown): readonly NamedFile[] {
  return sourceNames(value).flatMap(({ at }) => {
    const source = at.reduce<unknown>(memberOf, value);
    if (typeof source === 'string') return [{ file: source, at }];
    const from = memberOf(source, 'from');
    return typeof from === 'string' ? [{ file: from, at: [...at, 'from'] }] : [];
  });
}

/** A text that is not an S3 URI at all has its own diagnostic. */
function referenceProblem(file: string): FileProblem | undefined {
  return file.startsWith('s3://') ? fileProblem(file) : undefined;
}

/** A scatter's source: a file or a glob, `@file`, `@file:selector`, or `${job.…}`, which may be anything. */
function sourceProblem(source: string): FileProblem | undefined {
  const text = source.trim();
  if (!text.startsWith('@')) return fileProblem(text);
  const plain = withoutReferences(text.slice(1), '_');
  const file = /^([^$]*?)\s*:\s*\$/.exec(plain)?.[1] ?? plain;
  if (file.trim() === '')
    return { problem: `"${text}" names no file`, hint: 'Write "@file", or "@file:selector" with a JSONPath.' };
  const [, before, selector] = /^(.*\.[A-Za-z]+)\s*:\s*([^/]*)$/s.exec(file) ?? [];
  if (before === undefined || selector === undefined) return fileProblem(file);
  return {
    problem: `"${selector}" selects nothing: a selector is a JSONPath and begins with "$"`,
    hint: `Write "@${before}:$[*].${selector === '' ? 'name' : selector}" for one key of each record, or leave the colon out.`,
  };
}

/** An output of a batch step without its destination and its tags. */
function workspaceFileProblem(output: string): FileProblem | undefined {
  const [file = ''] = output.trim().split(/\s*->|\s+\+(?=[^\s:][^:]*:)/);
  return outputFileProblem(file);
}

function branchFileProblem(file: string): FileProblem | undefined {
  if (!/\s->\s/.test(file)) return outputFileProblem(file);
  return {
    problem: `"${file}" has a destination, but a scatter only lists what its branches have made`,
    hint: 'Give the destination to the output of the step in the branch.',
  };
}
