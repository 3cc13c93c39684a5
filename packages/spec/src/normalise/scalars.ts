import type { Report } from '../report.js';
import { inWords } from '../scalars/in-words.js';
import { hasReference } from '../substitution/references.js';
import { type Field, pathOf } from './field.js';

/** Reads a flag: `true`, `false`, or one of them as a text in any case. */
export function flagOf(
  source: boolean | string | undefined,
  fallback: boolean,
  field: Field,
  report: Report,
  expected = 'true or false',
): boolean {
  if (source === undefined) return fallback;
  if (typeof source === 'boolean') return source;
  const text = source.trim().toLowerCase();
  if (text === 'true' || text === 'false') return text === 'true';
  mismatch(source, expected, field, report);
  return fallback;
}

/** Reads a number that may be written as a text. */
export function numberOf(
  source: number | string | undefined,
  { fallback, minimum, integer }: { readonly fallback: number; readonly minimum: number; readonly integer: boolean },
  field: Field,
  report: Report,
): number {
  if (source === undefined) return fallback;
  const value = typeof source === 'number' ? source : Number(source.trim() === '' ? Number.NaN : source);
  const fits = integer ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (fits && value >= minimum) return value;
  mismatch(source, `a ${integer ? 'whole ' : ''}number of at least ${minimum}`, field, report);
  return fallback;
}

function mismatch(source: unknown, expected: string, field: Field, report: Report): void {
  // A reference that was not replaced has its own diagnostic (rules unknown-name and run-time-value).
  if (hasReference(source)) return;
  report.error('wrong-type', pathOf(field), `\`${field.key}\` must be ${expected}, not ${inWords(source)}.`);
}
