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
  const found: FieldText[] = [];
  const path = [...step.path];
  for (const field of Object.keys(specification)) {
    // What would be replaced in a field that does not exist is not known.
    if ((step.kind === 'scatter' && field === 'steps') || !hasField(step.kind, field)) continue;
    path.push(field);
    eachText(specification[field], path, field, (text, key) => {
      const use = useOf(step.kind, field, key);
      if (use === 'expression' || text.includes('${')) found.push({ text, path: [...path], use });
    });
    path.pop();
  }
  return found;
}

function hasField(kind: StepKind, field: string): boolean {
  return kind === 'native' || Object.hasOwn(stepKinds[kind].schema.properties, field);
}

/** @param key the innermost key of a map that the text is under */
function useOf(kind: StepKind, field: string, key: string): FieldUse {
  if (kind === 'native') return field === 'next' || field === 'end' ? 'static' : 'native';
  if (kind === 'batch' && field === 'commands') return 'commands';
  if (key === 'stop_early_if' || key === 'if') return 'expression';
  if (key === 'qc_result_file') return 'run-time';
  return runTimeFields[kind].includes(field) ? 'run-time' : 'static';
}

/** Every text in a tree, except what is under a key `steps`, as branches have it: those are texts of other steps. */
export function textsOf(root: unknown, key: string): { text: string; path: TemplatePath }[] {
  const found: { text: string; path: TemplatePath }[] = [];
  const path = [key];
  eachText(root, path, key, (text) => found.push({ text, path: [...path] }));
  return found;
}

/**
 * Calls `found` with every text in a tree.
 *
 * @param path where the tree stands; while `found` runs, where the text stands. Most texts are of no interest, so it is for the
 * caller to copy it.
 * @param key the innermost key of a map around the tree; `found` gets the one around the text
 */
function eachText(
  node: unknown,
  path: (string | number)[],
  key: string,
  found: (text: string, key: string) => void,
): void {
  if (typeof node === 'string') found(node, key);
  else if (Array.isArray(node))
    for (let index = 0; index < node.length; index += 1) {
      path.push(index);
      eachText(node[index], path, key, found);
      path.pop();
    }
  else if (isMap(node))
    for (const name of Object.keys(node)) {
      if (name === 'steps') continue;
      path.push(name);
      eachText(node[name], path, name, found);
      path.pop();
    }
}
