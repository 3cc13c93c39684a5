import { query } from 'jsonpath-rfc9535';
import { JobError } from '../errors.js';

/**
 * What a JSONPath (RFC 9535) finds in a document: each node is an item. Filters are evaluated by the JSONPath library;
 * no script is ever run.
 *
 * @param name of the scatter source, for errors
 * @throws JobError `SourceInvalid` when the selector is no JSONPath
 */
export function select(document: unknown, selector: string, name: string, uri: string): readonly unknown[] {
  try {
    return query(json(document), selector);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new JobError(
      'SourceInvalid',
      `The scatter source "${name}" cannot select \`${selector}\` from ${uri}: ${reason.split('\n', 1)[0]}.`,
      { remedy: 'Write a JSONPath as RFC 9535 has it, such as `$.samples[*].id` or `$[?@.reads > 1000]`.', cause },
    );
  }
}

/** The library's type is its own name for what `JSON.parse` gives. */
function json(document: unknown): Parameters<typeof query>[0] {
  return document as Parameters<typeof query>[0];
}
