import type { TemplatePath } from '../diagnostics.js';
import type { Report } from '../report.js';

export interface NamedEntry<T> {
  readonly name: string;
  readonly value: T;
  readonly path: TemplatePath;
}

/** A map, or a list of maps with one entry each. */
export type Named<T> = Readonly<Record<string, T>> | readonly Readonly<Record<string, T>>[];

/** The entries of both spellings of a map, in order; a name that a list gives twice is reported and counts once. */
export function namedEntries<T>(source: Named<T> | undefined, path: TemplatePath, report: Report): NamedEntry<T>[] {
  if (source === undefined) return [];
  if (!isList(source)) return Object.entries(source).map(([name, value]) => ({ name, value, path: [...path, name] }));
  const entries = new Map<string, NamedEntry<T>>();
  for (const [index, item] of source.entries())
    for (const [name, value] of Object.entries(item)) {
      const entry = { name, value, path: [...path, index, name] };
      if (entries.has(name))
        report.error('duplicate-key', entry.path, `\`${name}\` is given twice; only one of them can count.`, {
          hint: 'Remove or rename one of the two.',
          spot: 'key',
        });
      entries.set(name, entry);
    }
  return [...entries.values()];
}

// Array.isArray does not narrow read-only arrays out of a union.
function isList<T>(source: Named<T>): source is readonly Readonly<Record<string, T>>[] {
  return Array.isArray(source);
}

/** Both spellings of a map as a map. */
export function namedRecord<T>(
  source: Named<T> | undefined,
  path: TemplatePath,
  report: Report,
): Readonly<Record<string, T>> {
  return Object.fromEntries(namedEntries(source, path, report).map(({ name, value }) => [name, value]));
}
