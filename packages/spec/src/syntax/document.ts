import type { SourceRange, TemplatePath } from '../diagnostics.js';
import type { Finding, Spot } from '../report.js';

/** A finding whose place the reader knows already. */
export interface PlacedFinding extends Finding {
  readonly range?: SourceRange;
}

/** A template that has been read: its plain value, and the way back from a path to a place in the text. */
export interface TemplateDocument {
  /** Maps, lists, texts, numbers, booleans and null: a tree of its own, shared with nobody. */
  readonly value: unknown;
  /** False when the text is no YAML, so that `value` says nothing about what its author meant. */
  readonly sound: boolean;
  readonly findings: readonly PlacedFinding[];
  locate(path: TemplatePath, spot?: Spot): SourceRange | undefined;
}

export type PlainMap = { [key: string]: unknown };

/** Whether a value is a map of a template: an object, not a list and not null. */
export function isMap(value: unknown): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Sets an entry, also under names that mean something to JavaScript's objects. */
export function setEntry(map: PlainMap, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true });
  else map[key] = value;
}
