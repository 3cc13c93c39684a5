import { jsonPath as standard } from '../json-path.js';
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
  if (problem === undefined) return { jsonPath: text };
  const segments = text.startsWith('$') ? segmentsOf(text.slice(1), filterOf) : undefined;
  if (segments !== undefined && problemOf(`$${segments}`) === undefined) return { jsonPath: `$${segments}` };
  return { problem };
}

function problemOf(jsonPath: string): string | undefined {
  try {
    standard.compile(jsonPath);
    return undefined;
  } catch (cause) {
    // The library ends its messages with the place, as `('.length()':13)`.
    return (cause instanceof Error ? cause.message : String(cause)).replace(/ \('[\s\S]*':\d+\)$/, '');
  }
}
