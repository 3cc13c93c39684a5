import { jsonPath } from '@bclaw/spec/json-path';
import { hasMembers, readSelector, SpelledNumber, withMembers } from '@bclaw/spec/run-time';
import { JobError } from '../errors.js';

/**
 * The matches of a JSONPath (RFC 9535, or BayerCLAW's older dialect) in a document: each node is an item, with every
 * digit. Filters are evaluated by the JSONPath library; scripts are never run. They compare whole numbers beyond 2^53
 * as doubles, which RFC 9535 allows (I-JSON).
 *
 * @param name of the scatter source, for error messages
 * @throws JobError `SourceInvalid` when the selector is not a JSONPath, and when it matches nothing in a file that is
 * not empty: a misspelt name would be a job without branches
 */
export function select(document: unknown, selector: string, name: string, uri: string): readonly unknown[] {
  const found = evaluate(document, selector, name, uri);
  if (found.length > 0 || isEmpty(document)) return found;
  throw new JobError(
    'SourceInvalid',
    `The scatter source "${name}" has no items: the selector \`${selector}\` selects nothing from ${uri}, which is not empty.`,
    { hint: 'Correct the selector, or the step that writes the file.' },
  );
}

/** An empty file has no items for any selector; no match in a non-empty one is an error. */
function isEmpty(document: unknown): boolean {
  if (!hasMembers(document)) return document === null;
  return Object.keys(document).length === 0;
}

function evaluate(document: unknown, selector: string, name: string, uri: string): readonly unknown[] {
  try {
    const read = readSelector(selector);
    if ('problem' in read) throw new SyntaxError(read.problem);
    const comparable = plainNumbers(document);
    const { nodes } = jsonPath.query(read.jsonPath, json(comparable));
    return nodes.map(({ value, location }) => (comparable === document ? value : nodeAt(document, location)));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new JobError(
      'SourceInvalid',
      `The scatter source "${name}" cannot select \`${selector}\` from ${uri}: ${reason.split('\n', 1)[0]}.`,
      { hint: 'Write a JSONPath as RFC 9535 has it, such as `$.samples[*].id` or `$[?@.reads > 1000]`.', cause },
    );
  }
}

/** The library has its own name for the type of `JSON.parse`'s result. */
function json(document: unknown): Parameters<typeof jsonPath.query>[1] {
  return document as Parameters<typeof jsonPath.query>[1];
}

/**
 * The same value with plain numbers instead of those that keep their digits or notation, which the library does not
 * support; the same object when there are none.
 */
function plainNumbers(value: unknown): unknown {
  if (typeof value === 'bigint' || value instanceof SpelledNumber) return Number(value);
  return withMembers(value, plainNumbers);
}

function nodeAt(document: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce(
    (node: unknown, key) => (typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined),
    document,
  );
}
