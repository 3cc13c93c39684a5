import { exactName, jsonText, SpelledNumber, withMembers } from '@bclaw/spec/run-time';
import { nestedBytes } from '../carried.js';

/**
 * A text as JSON that every CSV parser treats as one line: JSON escapes line feeds and carriage returns, but not
 * Unicode's other line separators.
 */
export const jsonLine = (text: string): string => oneLine(JSON.stringify(text));

/**
 * The JSON of a branch's value, to follow its name in the row's JSON. If Step Functions would change a number's
 * notation, it is followed by the exact JSON of the value, as a string under its {@link exactName}.
 *
 * @param value JSON
 */
export function valueLine(name: string, value: unknown): string {
  if (typeof value === 'string') return jsonLine(value);
  const kept = keptByStepFunctions(value);
  const json = oneLine(JSON.stringify(kept));
  return kept === value ? json : `${json},${jsonLine(exactName(name))}:${jsonLine(jsonText(value))}`;
}

function oneLine(json: string): string {
  return /[\u0085\u2028\u2029]/.test(json)
    ? json.replace(/[\u0085\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : json;
}

/**
 * The same value with numbers that Step Functions preserves, or with the digits of those that it cannot; the same
 * object when it preserves all.
 */
function keptByStepFunctions(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof SpelledNumber) return Number.isFinite(Number(value)) ? Number(value) : value.text;
  return withMembers(value, keptByStepFunctions);
}

/** A piece of JSON for a quoted field of CSV (RFC 4180): each quote is doubled. */
export function csvText(json: string): string {
  return json.replaceAll('"', '""');
}

/** A piece of a row's JSON, in both its forms. */
export interface RowText {
  /** For the CSV file. */
  readonly bytes: Buffer;
  /** Its size in a SubmitJob request. */
  readonly weight: number;
}

export function rowText(json: string): RowText {
  return { bytes: Buffer.from(csvText(json)), weight: nestedBytes(json) };
}

export function joined(
  first: RowText,
  ...rest: readonly { readonly bytes: Uint8Array; readonly weight: number }[]
): RowText {
  return {
    bytes: Buffer.concat([first.bytes, ...rest.map(({ bytes }) => bytes)]),
    weight: rest.reduce((sum, { weight }) => sum + weight, first.weight),
  };
}
