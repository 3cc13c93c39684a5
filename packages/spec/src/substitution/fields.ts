import type { TemplatePath } from '../diagnostics.js';
import type { Step, StepKind } from '../model.js';
import { stepKinds } from '../schema/step-kinds.js';
import { isMap, type PlainMap } from '../syntax/document.js';

/** What may stand in a field beside plain text. */
export type FieldUse =
  /** `${job.…}`, `${scatter.…}`, `${parent.…}`: replaced when a job runs. */
  | 'run-time'
  /** As `run-time`, and `${name}` of files and of the shell. */
  | 'commands'
  /** A condition. */
  | 'expression'
  /** Nothing: the value is fixed when the workflow is deployed. */
  | 'static'
  /** States Language: bclaw replaces nothing in it, and what looks like a reference may be the author's. */
  | 'native';

/** A text of a step and where it stands. */
export interface FieldText {
  readonly text: string;
  readonly path: TemplatePath;
  readonly use: FieldUse;
}

/** Fields whose texts are replaced when a job runs; every other field of a step is fixed by the deployment. */
const runTimeFields: Readonly<Record<StepKind, readonly string[]>> = {
  batch: ['image', 'inputs', 'references', 'outputs', 's3_tags'],
  scatter: ['scatter', 'inputs', 'outputs'],
  subpipe: ['subpipe', 'job_data', 'retrieve'],
  native: [],
  chooser: ['inputs'],
  'parallel-chooser': ['inputs'],
};

/** The texts of a step's specification that hold a reference or a condition, without those of nested steps. */
export function stepTexts(step: Step, specification: PlainMap): FieldText[] {
  return Object.entries(specification).flatMap(([field, value]) =>
    // What would be replaced in a field that does not exist is not known.
    (step.kind === 'scatter' && field === 'steps') || !hasField(step.kind, field)
      ? []
      : textsOf(value, [...step.path, field]).flatMap(({ text, path }) => {
          const use = useOf(step.kind, field, path);
          return use === 'expression' || text.includes('${') ? [{ text, path, use }] : [];
        }),
  );
}

function hasField(kind: StepKind, field: string): boolean {
  return kind === 'native' || Object.hasOwn(stepKinds[kind].schema.properties, field);
}

function useOf(kind: StepKind, field: string, path: TemplatePath): FieldUse {
  const last = path.findLast((segment) => typeof segment === 'string');
  if (kind === 'native') return field === 'next' || field === 'end' ? 'static' : 'native';
  if (kind === 'batch' && field === 'commands') return 'commands';
  if (last === 'stop_early_if' || last === 'if') return 'expression';
  if (last === 'qc_result_file') return 'run-time';
  return runTimeFields[kind].includes(field) ? 'run-time' : 'static';
}

/** Every text in a tree, except what is under a key `steps`, as branches have it: those are texts of other steps. */
export function textsOf(root: unknown, base: TemplatePath): { text: string; path: TemplatePath }[] {
  const found: { text: string; path: TemplatePath }[] = [];
  const here: (string | number)[] = [...base];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') found.push({ text: value, path: [...here] });
    else if (Array.isArray(value)) for (const [index, item] of value.entries()) visitAt(index, item);
    else if (isMap(value)) for (const [key, entry] of Object.entries(value)) if (key !== 'steps') visitAt(key, entry);
  };
  const visitAt = (segment: string | number, value: unknown): void => {
    here.push(segment);
    visit(value);
    here.pop();
  };
  visit(root);
  return found;
}
