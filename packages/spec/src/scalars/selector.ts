import parseJsonPath from 'jsonpath-rfc9535/parser';
import { filterOf } from './selector-filter.js';
import { segmentsOf } from './selector-segments.js';

/** A selector of a scatter source, `@file:selector`, read. */
export type Selector =
  /** As RFC 9535 has it. */
  | { readonly jsonPath: string }
  /** Why it cannot be read, as the end of a sentence. */
  | { readonly problem: string };

/**
 * Takes a scatter source that reads a file apart.
 *
 * @param reference `file` or `file:selector`, without the `@`; a selector begins with `$`, so that colons may stand in file names
 */
export function splitFileSource(reference: string): { readonly file: string; readonly selector?: string } {
  const [, file = reference, selector] = /^([^$]*?)\s*:\s*(\$[\s\S]*)$/.exec(reference) ?? [];
  return selector === undefined ? { file: file.trim() } : { file: file.trim(), selector: selector.trim() };
}

/**
 * Reads a JSONPath. What BayerCLAW's dialect (Goessner's, in Python) writes in another way than RFC 9535 is translated: `$[*.b]`, `$.a.0`,
 * `$.a-b`, `$[name]`, `$[(@.length-1)]`, and in filters `and`, `or`, `not`, `in […]`, `=~`, `len(…)`, `True`.
 *
 * @example readSelector('$[*.b]') // { jsonPath: '$[*].b' }
 */
export function readSelector(text: string): Selector {
  const problem = problemOf(text);
  if (problem === undefined && !comparesIndex.test(text)) return { jsonPath: text };
  const segments = text.startsWith('$') ? segmentsOf(text.slice(1), filterOf) : undefined;
  if (segments !== undefined && problemOf(`$${segments}`) === undefined) return { jsonPath: `$${segments}` };
  return problem === undefined ? { jsonPath: text } : { problem };
}

/** The library finds nothing where a filter compares an item of a list, `?@.lanes[0] == 1`; `value(@.lanes[0])` it does. */
const comparesIndex = /\?.*[@$][^=<>!&|]*\[-?\d+\]/s;

/** RFC 9535, "Function Extensions"; its grammar takes any name. */
const functions: ReadonlySet<string> = new Set(['length', 'count', 'match', 'search', 'value']);

function problemOf(jsonPath: string): string | undefined {
  try {
    parseJsonPath(jsonPath);
    const bare = jsonPath.replace(/'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"/gs, "''");
    const unknown = [...bare.matchAll(/(?<![\p{L}\p{N}_.])([\p{L}_][\p{L}\p{N}_]*)\s*\(/gu)].find(
      ([, name = '']) => !functions.has(name),
    );
    return unknown === undefined ? undefined : `JSONPath has no function "${unknown[1]}"`;
  } catch (cause) {
    const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n', 1);
    return line.replace(/\.$/, '');
  }
}
