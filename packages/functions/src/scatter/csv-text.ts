import { exactName, jsonText, SpelledNumber, withMembers } from '@bclaw/spec/run-time';
import { nestedBytes } from '../carried.js';

/**
 * A text as JSON that no reader of CSV can take for more than one line: JSON escapes line feeds and carriage returns, but not what
 * Unicode calls line ends beside them.
 */
export const jsonLine = (text: string): string => oneLine(JSON.stringify(text));

/**
 * The JSON of a value of a branch, to stand behind its name in the JSON of all; and behind it the very JSON of the value, as a text under
 * its {@link exactName}, where Step Functions would not keep every number as it is written.
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

/** The same with numbers that Step Functions keeps, or with the digits of those that it cannot; the very same when it keeps all. */
function keptByStepFunctions(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (value instanceof SpelledNumber) return Number.isFinite(Number(value)) ? Number(value) : value.text;
  return withMembers(value, keptByStepFunctions);
}

/** A piece of JSON as it stands within a quoted field of CSV (RFC 4180): each quote is doubled. */
export function csvText(json: string): string {
  return json.replaceAll('"', '""');
}

/** A piece of a row's JSON, in both its forms. */
export interface RowText {
  /** For the CSV file. */
  readonly bytes: Buffer;
  /** What it takes in a SubmitJob request. */
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
