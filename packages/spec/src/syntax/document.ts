import type { SourceRange, TemplatePath } from '../diagnostics.js';
import type { Finding, Spot } from '../report.js';

/** A finding whose place is already known. */
export interface PlacedFinding extends Finding {
  readonly range?: SourceRange;
}

/** A parsed template: its plain value, and the place in the text for a path. */
export interface TemplateDocument {
  /** Maps, lists, texts, numbers, booleans and null: a separate tree that is not shared. */
  readonly value: unknown;
  /** False when the text is not valid YAML, so that `value` does not show what its author meant. */
  readonly sound: boolean;
  readonly findings: readonly PlacedFinding[];
  locate(path: TemplatePath, spot?: Spot): SourceRange | undefined;
}

export type PlainMap = { [key: string]: unknown };

/** Returns true if a value is a map of a template: an object, not a list and not null. */
export function isMap(value: unknown): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of a map or an item of a list; undefined when there is none. */
export function memberOf(node: unknown, key: string | number): unknown {
  if (Array.isArray(node)) return node[Number(key)];
  return isMap(node) ? node[key] : undefined;
}

/** Sets an entry, also under names that are special for JavaScript's objects. */
export function setEntry(map: PlainMap, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  else map[key] = value;
}
