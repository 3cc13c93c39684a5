import { parse, stringify } from 'lossless-json';

/** Sixteen digits are what a number that is not exact as a JavaScript number has at least. */
const longDigits = /\d{16}/;

/**
 * Parses JSON and keeps every whole number: those that a JavaScript number cannot hold exactly become a BigInt. An
 * identifier that lost its last digits would name another sample.
 *
 * @throws SyntaxError when the text is not JSON
 * @example `parseJson('{"id": 12345678901234567890}')` is `{ id: 12345678901234567890n }`.
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (!longDigits.test(text)) return value;
  return parse(text, null, { parseNumber: exactNumber, onDuplicateKey: ({ newValue }) => newValue });
}

function exactNumber(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) || !/^-?\d+$/.test(digits) ? number : BigInt(digits);
}

/** Compact JSON of what {@link parseJson} gives. */
export function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch (error) {
    // JSON.stringify knows no BigInt; the library does, and takes longer.
    if (!(error instanceof TypeError)) throw error;
    return stringify(value) ?? 'null';
  }
}
