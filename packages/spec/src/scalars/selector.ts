import parseJsonPath from 'jsonpath-rfc9535/parser';
import { filterOf } from './selector-filter.js';
import { segmentsOf } from './selector-segments.js';

/** The parsed selector of a scatter source, `@file:selector`. */
export type Selector =
  /** In the syntax of RFC 9535. */
  | { readonly jsonPath: string }
  /** The reason why it is invalid, as the end of a sentence. */
  | { readonly problem: string };

/**
 * Splits a scatter source that reads a file.
 *
 * @param reference `file` or `file:selector`, without the `@`; a selector begins with `$`, so a file name may contain
 * colons
 */
export function splitFileSource(reference: string): { readonly file: string; readonly selector?: string } {
  const [, file = reference, selector] = /^([^$]*?)\s*:\s*(\$[\s\S]*)$/.exec(reference) ?? [];
  return selector === undefined ? { file: file.trim() } : { file: file.trim(), selector: selector.trim() };
}

/**
 * Parses a JSONPath. Syntax of BayerCLAW's dialect (Goessner's, in Python) that differs from RFC 9535 is translated:
 * `$[*.b]`, `$.a.0`, `$.a-b`, `$[name]`, `$[(@.length-1)]`, and in filters `and`, `or`, `not`, `in […]`, `=~`,
 * `len(…)`, `True`.
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

/**
 * The library does not match a filter that compares an item of a list, `?@.lanes[0] == 1`; `value(@.lanes[0])` works.
 */
const comparesIndex = /\?.*[@$][^=<>!&|]*\[-?\d+\]/s;

/** RFC 9535, "Function Extensions"; its grammar accepts any name. */
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
