import type { TemplatePath } from '../diagnostics.js';
import type { BatchStep } from '../model.js';
import type { Report } from '../report.js';
import { isMap } from '../syntax/document.js';
import type { Rule } from './rule.js';

/** Files of a step that get the same name, in its workspace or at their upload destination, overwrite each other. */
export const fileNameCollision: Rule = ({ steps, report, sourceOf }) => {
  for (const step of steps) {
    if (step.kind !== 'batch') continue;
    const source = sourceOf(step);
    const pathOf = (field: string, name: string): TemplatePath => entryPath(source[field], [...step.path, field], name);
    const staged = checkStaged(step, pathOf, report);
    checkUploaded(step, staged, pathOf, report);
  }
};

type PathOf = (field: string, name: string) => TemplatePath;

interface NamedFile {
  readonly name: string;
  readonly file: string;
}

/** Inputs and references are staged in the workspace under their base names. */
function checkStaged(step: BatchStep, pathOf: PathOf, report: Report): ReadonlyMap<string, NamedFile> {
  const byLocalName = new Map<string, NamedFile>();
  const stage = (field: string, files: Readonly<Record<string, string>>): void => {
    for (const [name, file] of Object.entries(files)) {
      const local = literalBaseName(file);
      if (local === undefined) continue;
      const other = byLocalName.get(local);
      if (other === undefined) byLocalName.set(local, { name, file });
      else if (other.file !== file)
        report.error(
          'file-name-collision',
          pathOf(field, name),
          `\`${name}\` and \`${other.name}\` both become the local file "${local}".`,
          {
            hint: 'Copy one of them under another name first: only one can be in the workspace.',
          },
        );
    }
  };
  if (step.inputs !== 'auto') stage('inputs', step.inputs);
  stage('references', step.references);
  return byLocalName;
}

/** Outputs are uploaded under their base names. */
function checkUploaded(step: BatchStep, staged: ReadonlyMap<string, NamedFile>, pathOf: PathOf, report: Report): void {
  const byTarget = new Map<string, NamedFile>();
  for (const [name, { file, dest }] of Object.entries(step.outputs)) {
    const base = literalBaseName(file);
    if (base === undefined) continue;
    const target = `${dest ?? ''} ${base}`;
    const other = byTarget.get(target);
    if (other === undefined) byTarget.set(target, { name, file });
    else if (other.file !== file)
      report.error(
        'file-name-collision',
        pathOf('outputs', name),
        `\`${name}\` and \`${other.name}\` are both uploaded as "${base}".`,
        {
          hint: 'Give one of the files another name, or a destination of its own.',
        },
      );
    const input = staged.get(file);
    if (input !== undefined)
      report.warning(
        'file-name-collision',
        pathOf('outputs', name),
        `The output \`${name}\` is the local file of the input \`${input.name}\`.`,
        {
          hint: 'Write to a file of another name: a retry would stage what a failed run has left half done.',
        },
      );
  }
}

/** The base name of a file, if it is known before a job runs. */
function literalBaseName(file: string): string | undefined {
  if (/[*?[\]]|\$\{/.test(file)) return undefined;
  const name = file.slice(file.lastIndexOf('/') + 1);
  return name === '' ? undefined : name;
}

function entryPath(value: unknown, path: TemplatePath, name: string): TemplatePath {
  if (!Array.isArray(value)) return [...path, name];
  const index = value.findLastIndex((item) => isMap(item) && Object.hasOwn(item, name));
  return index === -1 ? path : [...path, index, name];
}
