import { compile } from '@jmespath-community/jmespath';
import { BclawError } from '../errors.js';
import { unescapeGlob } from '../glob.js';
import type { JobData } from '../payload.js';
import { SpelledNumber } from '../scalars/spelled-number.js';
import { asText } from '../scalars/text.js';
import { isMap } from '../syntax/document.js';
import { references, replaceReferences } from './references.js';
import { search } from './search.js';

/**
 * A parsed run-time reference: `${job.path}`, `${scatter.name}` or `${parent.name}`, or a function of JMESPath over
 * them.
 */
export interface RunTimeReference {
  /** `all`: the path begins with the name of one of the others. */
  readonly scope: 'job' | 'scatter' | 'parent' | 'all';
  /** JMESPath for `job` and `all`, a name (or JMESPath into the value) for the others. */
  readonly path: string;
  /** In commands: the suffix `!q` quotes the value for the shell, `!v` inserts it verbatim. */
  readonly form?: 'quoted' | 'verbatim';
}

/** `join(', ', job.names)`: a function of JMESPath that uses some value of the job. */
const functionCall = /^[a-z_]+\(.*\b(?:job|scatter|parent)\b/s;

/**
 * Parses the content of a `${…}`; undefined when it is not a run-time reference. `${!job.x}`, the form in
 * CloudFormation's `Fn::Sub` of a `${job.x}` that it must not replace, is the same reference.
 */
export function runTimeReference(written: string): RunTimeReference | undefined {
  // No JMESPath expression ends like this.
  const suffix = /![qv]$/.exec(written)?.[0];
  const content = written.replace(/^!(?=(?:job|scatter|parent)[.[])|![qv]$/g, '');
  const form = suffix === undefined ? {} : ({ form: suffix === '!q' ? 'quoted' : 'verbatim' } as const);
  if (functionCall.test(content)) return { scope: 'all', path: content, ...form };
  const scope = /^(job|scatter|parent)(?=[.[])/.exec(content)?.[1];
  if (scope !== 'job' && scope !== 'scatter' && scope !== 'parent') return undefined;
  const path = content.slice(scope.length);
  return { scope, path: path.startsWith('.') ? path.slice(1) : path, ...form };
}

/**
 * Replaces `${job.path}`, `${scatter.name}` and `${parent.name}` in a text. Texts are inserted verbatim, numbers,
 * booleans and null in JSON notation, lists and maps as compact JSON. Inserted text is not processed again; every other
 * `${…}` stays.
 *
 * @param data job data with the branch's and the parent's values
 * @throws BclawError `missing-value` naming the reference when there is nothing at its path; `bad-reference` when the
 * path is not valid JMESPath, or has a suffix that is only allowed in commands
 * @example
 * ```ts
 * substitute('${job.sample.id}.txt', { job: { sample: { id: 7 } }, scatter: {}, parent: {} }); // '7.txt'
 * ```
 */
export function substitute(text: string, data: JobData): string {
  if (!text.includes('${')) return text;
  return replaceReferences(text, (content) => {
    const reference = runTimeReference(content);
    return reference === undefined ? undefined : asText(plainValue(reference, content, data));
  });
}

/**
 * The value of a text that consists of a single reference (`${job.samples}`), with its type; of any other text, the
 * text with its references replaced.
 *
 * @throws BclawError as in {@link substitute}
 */
export function substituteValue(text: string, data: JobData): unknown {
  const trimmed = text.trim();
  const [only] = references(trimmed);
  const isWhole = only !== undefined && only.start === 0 && only.end === trimmed.length;
  const reference = isWhole ? runTimeReference(only.content) : undefined;
  return reference === undefined ? substitute(text, data) : plainValue(reference, only?.content ?? '', data);
}

function plainValue(reference: RunTimeReference, content: string, data: JobData): unknown {
  if (reference.form === undefined) return lookUp(reference, data);
  throw new BclawError('bad-reference', `\${${content}} is for commands: no shell reads it here.`, {
    hint: `Write \${${content.slice(0, -2)}}.`,
  });
}

/** @throws BclawError `missing-value`, `bad-reference` */
export function lookUp({ scope, path }: RunTimeReference, data: JobData): unknown {
  const values = valuesOf(scope, data);
  const found = isPlainPath(path) ? valueAt(path, values) : searched(path, values, scope);
  if (found !== undefined) return found;
  throw new BclawError(
    'missing-value',
    `\${${shown({ scope, path })}} has no value: ${whereabouts(scope)} ${describe(path, values)}.`,
    { hint: 'Add it to the job data, or correct the reference in the template.' },
  );
}

function valuesOf(scope: RunTimeReference['scope'], data: JobData): Readonly<Record<string, unknown>> {
  switch (scope) {
    case 'job':
    case 'scatter':
      return data[scope];
    case 'parent':
      return plainFiles(data.parent);
    case 'all':
      return { job: data.job, scatter: data.scatter, parent: plainFiles(data.parent) };
  }
}

/**
 * The data for a job's commands: the parent's files are stored as globs (see `substituteFile`) and are converted to
 * names.
 */
export function plainData(data: JobData): JobData {
  return { ...data, parent: plainFiles(data.parent) };
}

function plainFiles(files: JobData['parent']): JobData['parent'] {
  const plain = ([name, file]: [string, unknown]) => [name, typeof file === 'string' ? unescapeGlob(file) : file];
  return Object.fromEntries(Object.entries(files).map(plain));
}

/**
 * Returns true if a path is names with dots between them. They are looked up directly: the JMESPath library would parse
 * `sample-id` as a subtraction and would not distinguish null from a missing value.
 */
function isPlainPath(path: string): boolean {
  return /^[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*$/u.test(path);
}

function valueAt(path: string, values: Readonly<Record<string, unknown>>): unknown {
  let node: unknown = values;
  for (const name of path.split('.')) {
    if (!isMap(node) || node instanceof SpelledNumber || !Object.hasOwn(node, name)) return undefined;
    node = node[name];
  }
  return node;
}

/** A quoted name, a raw text, or a literal in backticks, which is the capturing group. */
const quotedParts = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`((?:\\.|[^`\\])*)`/gs;

/**
 * In JMESPath's first version, which BayerCLAW's library still supports, a literal that is not JSON is a text: `` `,`
 * ``.
 */
function withTextLiterals(path: string): string {
  return path.replace(quotedParts, (part, literal: string | undefined) => {
    if (literal === undefined) return part;
    try {
      JSON.parse(literal);
      return part;
    } catch {
      return `'${literal.trimStart().replaceAll("'", "\\'")}'`;
    }
  });
}

/** The result of a JMESPath expression; null counts as missing. */
function searched(path: string, values: Readonly<Record<string, unknown>>, scope: RunTimeReference['scope']): unknown {
  try {
    return search(withTextLiterals(path), values) ?? undefined;
  } catch (cause) {
    throw new BclawError('bad-reference', `\${${shown({ scope, path })}} cannot be evaluated: ${reasonOf(cause)}.`, {
      hint: 'Write a JMESPath expression after the dot (https://jmespath.org).',
      cause,
    });
  }
}

/**
 * Describes the problem with the path of a run-time reference, if it is visible without data; undefined when it is
 * valid.
 */
export function pathProblem(path: string): string | undefined {
  if (isPlainPath(path)) return undefined;
  try {
    compile(withTextLiterals(path));
    return undefined;
  } catch (cause) {
    return reasonOf(cause);
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** A reference as written in a template, without the braces. */
const shown = ({ scope, path }: RunTimeReference): string => (scope === 'all' ? path : `${scope}.${path}`);

function whereabouts(scope: RunTimeReference['scope']): string {
  switch (scope) {
    case 'job':
      return 'the job data';
    case 'scatter':
      return 'the scatter branch';
    case 'parent':
      return 'the parent of the scatter branch';
    case 'all':
      return 'the job';
  }
}

function describe(path: string, values: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(values);
  const shown = names.slice(0, 10).join(', ') + (names.length > 10 ? ', …' : '');
  return names.length === 0 ? 'is empty' : `has nothing at "${path}" (it has ${shown})`;
}
