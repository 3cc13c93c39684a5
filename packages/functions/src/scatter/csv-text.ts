import { nestedBytes } from '../carried.js';

/**
 * A value as compact JSON that no reader of CSV can take for more than one line: JSON escapes line feeds and carriage
 * returns, but not what Unicode calls line ends beside them.
 *
 * @param value JSON
 * @throws RangeError for a number beyond 1.8e308: `JSON.stringify` would make it null
 */
export function jsonLine(value: unknown): string {
  const json = JSON.stringify(value, exact);
  return /[\u0085\u2028\u2029]/.test(json)
    ? json.replace(/[\u0085\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : json;
}

function exact(_: string, value: unknown): unknown {
  switch (typeof value) {
    // A whole number that Step Functions would round becomes a text: in a command, both are the same digits.
    case 'bigint':
      return String(value);
    case 'number':
      if (Number.isFinite(value)) return value;
      throw new RangeError('a number in it is larger than computers usually count');
    default:
      return value;
  }
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
