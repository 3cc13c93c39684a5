import { type JSONValue, search } from '@jmespath-community/jmespath';
import { BclawError } from '../errors.js';
import type { JobData } from '../payload.js';
import { asText } from '../scalars/text.js';
import { references, replaceReferences } from './references.js';

/** A run-time reference taken apart: `${job.path}`, `${scatter.name}` or `${parent.name}`. */
export interface RunTimeReference {
  readonly scope: 'job' | 'scatter' | 'parent';
  /** JMESPath for `job`, a name (or JMESPath into the value) for the others. */
  readonly path: string;
}

/** Takes the content of a `${…}` apart; undefined when it is not a run-time reference. */
export function runTimeReference(content: string): RunTimeReference | undefined {
  const scope = /^(job|scatter|parent)(?=[.[])/.exec(content)?.[1];
  if (scope !== 'job' && scope !== 'scatter' && scope !== 'parent') return undefined;
  const path = content.slice(scope.length);
  return { scope, path: path.startsWith('.') ? path.slice(1) : path };
}

/**
 * Replaces `${job.path}`, `${scatter.name}` and `${parent.name}` in a text, and `${name}` by the local file of that
 * input, reference or output. Texts go in verbatim, numbers, booleans and null in JSON notation, lists and maps as
 * compact JSON. What is put in is never looked at again; every other `${…}` is left to the shell.
 *
 * @param data job data with the branch's and the parent's values
 * @param files name → local file name (of a glob: all of them, separated by spaces); only commands have them
 * @throws BclawError `missing-value` naming the reference when there is nothing at its path; `bad-reference` when the
 * path is no JMESPath
 * @example
 * ```ts
 * const data = { job: { sample: { id: 7 } }, scatter: {}, parent: {} };
 * substitute('sort ${reads} > ${job.sample.id}.txt', data, { reads: 'reads.fq' }); // 'sort reads.fq > 7.txt'
 * ```
 */
export function substitute(text: string, data: JobData, files: Readonly<Record<string, string>> = {}): string {
  if (!text.includes('${')) return text;
  return replaceReferences(text, (content) => {
    const reference = runTimeReference(content);
    if (reference !== undefined) return asText(lookUp(reference, data));
    return Object.hasOwn(files, content) ? files[content] : undefined;
  });
}

/**
 * The value of a text that is one reference and nothing else (`${job.samples}`), with its type; of any other text, the
 * text with its references replaced.
 *
 * @throws BclawError as {@link substitute}
 */
export function substituteValue(text: string, data: JobData): unknown {
  const trimmed = text.trim();
  const [only] = references(trimmed);
  const isWhole = only !== undefined && only.start === 0 && only.end === trimmed.length;
  const reference = isWhole ? runTimeReference(only.content) : undefined;
  return reference === undefined ? substitute(text, data) : lookUp(reference, data);
}

function lookUp({ scope, path }: RunTimeReference, data: JobData): unknown {
  const values = data[scope];
  const reference = `\${${scope}.${path}}`;
  // A plain name needs no JMESPath, and may hold characters that JMESPath would want quoted.
  if (Object.hasOwn(values, path)) return values[path];
  const found = evaluate(path, values, reference);
  if (found !== null && found !== undefined) return found;
  if (isNullAt(path, values)) return null;
  throw new BclawError('missing-value', `${reference} has no value: ${whereabouts(scope)} ${describe(path, values)}.`, {
    remedy: 'Add it to the job data, or correct the reference in the template.',
  });
}

function evaluate(path: string, values: Readonly<Record<string, unknown>>, reference: string): unknown {
  try {
    return search(toJson(values), path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BclawError('bad-reference', `${reference} cannot be evaluated: ${reason}.`, {
      remedy: 'Write a JMESPath expression after the dot (https://jmespath.org); quote names with special characters.',
      cause,
    });
  }
}

function toJson(values: Readonly<Record<string, unknown>>): JSONValue {
  const json: JSONValue = JSON.parse(JSON.stringify(values));
  return json;
}

/** Whether a plain dotted path leads to an explicit null: JMESPath itself makes no difference. */
function isNullAt(path: string, values: unknown): boolean {
  let node: unknown = values;
  for (const name of path.split('.')) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, name)) return false;
    node = Object.entries(node).find(([key]) => key === name)?.[1];
  }
  return node === null;
}

function whereabouts(scope: RunTimeReference['scope']): string {
  switch (scope) {
    case 'job':
      return 'the job data';
    case 'scatter':
      return 'the scatter branch';
    case 'parent':
      return 'the parent of the scatter branch';
  }
}

function describe(path: string, values: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(values);
  const shown = names.slice(0, 10).join(', ') + (names.length > 10 ? ', …' : '');
  return names.length === 0 ? 'is empty' : `has nothing at "${path}" (it has ${shown})`;
}
