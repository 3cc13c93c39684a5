import { parse, stringify } from 'lossless-json';
import { SpelledNumber } from './spelled-number.js';

/** Matches every text that contains a number in a form that JavaScript would not write; may match others, too. */
const oddSpelling = /(?:\d\.?){16}|\d[eE]|\.\d*0(?!\d)|-0|\.000000/;

/**
 * Parses JSON and keeps every number as written: a whole number that a JavaScript number cannot represent exactly
 * becomes a BigInt, and a number that JavaScript would write differently (`1.10`, `1e5`) a {@link SpelledNumber}. An
 * identifier that lost its last digits would name another sample, and a version `1.10` that became `1.1` another
 * version.
 *
 * @throws SyntaxError when the text is not JSON
 * @example `parseJson('{"id": 12345678901234567890}')` is `{ id: 12345678901234567890n }`.
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!oddSpelling.test(text)) return value;
  return parse(text, null, { parseNumber: exactNumber, onDuplicateKey: ({ newValue }) => newValue });
}

/** A number as {@link parseJson} returns it. @param text as in JSON */
export function exactNumber(text: string): number | bigint | SpelledNumber {
  const number = Number(text);
  if (String(number) === text) return number;
  return /^-?[1-9]\d*$/.test(text) ? BigInt(text) : new SpelledNumber(text);
}

/** Compact JSON of a result of {@link parseJson}, with its numbers as they were written. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch (error) {
    // JSON.stringify supports neither BigInt nor spelling; the library does, but is slower.
    if (!(error instanceof TypeError)) throw error;
    return stringify(value, null, undefined, spelling) ?? 'null';
  }
}

const spelling = [{ test: (value: unknown) => value instanceof SpelledNumber, stringify: String }];
