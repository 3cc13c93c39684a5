import { type Document, isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml';
import type { SourceRange, TemplatePath } from '../diagnostics.js';
import type { Spot } from '../report.js';
import type { Lines } from './lines.js';

/** A child node, with its key when it is in a map. */
interface Child {
  readonly key?: unknown;
  readonly value: unknown;
}

/** Finds the place of a path in the text of a YAML document. */
export class Locator {
  readonly #document: Document | undefined;
  readonly #lines: Lines;
  readonly #text: string;
  readonly #entries = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  constructor(document: Document | undefined, lines: Lines, text: string) {
    this.#document = document;
    this.#lines = lines;
    this.#text = text;
  }

  /** The place of a path, or of its nearest ancestor that exists in the text. */
  locate(path: TemplatePath, spot: Spot = 'value'): SourceRange | undefined {
    let node: unknown = this.#document?.contents;
    let key: unknown;
    for (const segment of path) {
      const child = this.#child(node, segment);
      if (child === undefined) break;
      node = child.value;
      key = child.key;
      // An entry without a value (`inputs:`) is located at its key.
      if (rangeOf(node) === undefined) break;
    }
    const value = rangeOf(node);
    const name = rangeOf(key);
    if (typeof spot === 'object' && value !== undefined) {
      const at = this.#text.slice(0, value[1]).indexOf(spot.text, value[0]);
      if (at !== -1) {
        const { offset = 0, length = spot.text.length - offset } = spot;
        return this.#lines.range(at + offset, at + offset + length);
      }
    }
    const isPoint = value === undefined || value[0] === value[1];
    const chosen = name !== undefined && (spot === 'key' || isPoint || this.#goesOverLines(value)) ? name : value;
    if (chosen === undefined || path.length === 0) return this.#lines.range(chosen?.[0] ?? 0, chosen?.[0] ?? 0);
    const firstLine = this.#text.indexOf('\n', chosen[0]);
    return this.#lines.range(chosen[0], firstLine === -1 ? chosen[1] : Math.min(chosen[1], firstLine));
  }

  #goesOverLines(range: readonly [number, number]): boolean {
    const newline = this.#text.indexOf('\n', range[0]);
    return newline !== -1 && newline < range[1] - 1;
  }

  #child(parent: unknown, segment: string | number): Child | undefined {
    if (isSeq(parent) && typeof segment === 'number')
      return segment < parent.items.length ? { value: parent.items[segment] } : undefined;
    return isMap(parent) ? this.#entriesOf(parent).get(String(segment)) : undefined;
  }

  /** A map's entries by name; of two equal keys the last one, which is the one that is reported. */
  #entriesOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = this.#entries.get(map);
    if (known !== undefined) return known;
    const entries = new Map<string, Pair>();
    for (const pair of map.items) if (isScalar(pair.key)) entries.set(pair.key.source ?? String(pair.key.value), pair);
    this.#entries.set(map, entries);
    return entries;
  }
}

function rangeOf(node: unknown): readonly [number, number] | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  const { range } = node;
  return Array.isArray(range) && typeof range[0] === 'number' && typeof range[1] === 'number'
    ? [range[0], range[1]]
    : undefined;
}
