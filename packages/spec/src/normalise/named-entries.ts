import type { Report } from '../report.js';
import { type Field, pathOf } from './field.js';

/** An entry of a map, with its name as key. */
export interface NamedEntry<T> extends Field {
  readonly value: T;
}

/** A map, or a list of maps with one entry each. */
export type Named<T> = Readonly<Record<string, T>> | readonly Readonly<Record<string, T>>[];

/** The entries of both spellings of a map, in order; a duplicate name in a list is reported and ignored. */
export function namedEntries<T>(source: Named<T> | undefined, field: Field, report: Report): NamedEntry<T>[] {
  if (source === undefined) return [];
  const path = pathOf(field);
  if (!isList(source)) return Object.entries(source).map(([key, value]) => ({ of: path, key, value }));
  const entries = new Map<string, NamedEntry<T>>();
  for (const [index, item] of source.entries())
    for (const [key, value] of Object.entries(item)) {
      const entry = { of: [...path, index], key, value };
      if (entries.has(key))
        report.error('duplicate-key', pathOf(entry), `\`${key}\` is given twice; only one of them can count.`, {
          hint: 'Remove or rename one of the two.',
          spot: 'key',
        });
      entries.set(key, entry);
    }
  return [...entries.values()];
}

// Array.isArray does not narrow read-only arrays in a union.
function isList<T>(source: Named<T>): source is readonly Readonly<Record<string, T>>[] {
  return Array.isArray(source);
}

/** Converts both spellings of a map to a map. */
export function namedRecord<T>(
  source: Named<T> | undefined,
  field: Field,
  report: Report,
): Readonly<Record<string, T>> {
  if (source === undefined) return {};
  if (!isList(source)) return source;
  return Object.fromEntries(namedEntries(source, field, report).map(({ key, value }) => [key, value]));
}
