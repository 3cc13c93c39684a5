import type { ScatterStep } from '../model.js';
import { type Parsed, parsed, unparsed } from './parsed.js';

/** Parses the number of branches of a scatter that may fail: a count, or a percentage from `0%` to `100%`. */
export function parseTolerance(source: number | string): Parsed<ScatterStep['errorTolerance']> {
  const text = String(source).trim();
  const [, amount = '', percent] = /^(\d+(?:\.\d+)?)\s*(%)?$/.exec(text) ?? [];
  const value = Number(amount);
  if (amount !== '' && percent !== undefined && value <= 100) return parsed({ percentage: value });
  if (amount !== '' && percent === undefined && Number.isSafeInteger(value)) return parsed({ count: value });
  return unparsed(`"${text}" is not an error tolerance`, 'Write a whole number, or a share from "0%" to "100%".');
}
