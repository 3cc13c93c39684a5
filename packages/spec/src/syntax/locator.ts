import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Pair, type YAMLMap } from 'yaml';
import type { SourcePosition, SourceRange, TemplatePath } from '../diagnostics.js';
import type { Spot } from '../report.js';

/** Merge keys within merge keys that are followed. */
const maxMerges = 10;

/** Finds the place of a path in the text of a YAML document. */
export class Locator {
  readonly #document: Document;
  readonly #lines: LineCounter;
  readonly #text: string;
  readonly #entries = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

  constructor(document: Document, lines: LineCounter, text: string) {
    this.#document = document;
    this.#lines = lines;
    this.#text = text;
  }

  /** The range of two offsets. */
  range(start: number, end: number): SourceRange {
    return { start: positionAt(this.#lines, start), end: positionAt(this.#lines, Math.max(start, end)) };
  }

  /** The place of a path, or of the nearest node above it that the text has. */
  locate(path: TemplatePath, spot: Spot = 'value'): SourceRange | undefined {
    let node: unknown = this.#document.contents;
    let key: unknown;
    for (const segment of path) {
      const child = this.#child(node, segment);
      if (child === undefined) break;
      node = child.value;
      key = child.key;
      // An entry without a value (`inputs:`) has its key for a place.
      if (rangeOf(node) === undefined) break;
    }
    const value = rangeOf(node);
    const name = rangeOf(key);
    if (typeof spot === 'object' && value !== undefined) {
      const at = this.#text.slice(0, value[1]).indexOf(spot.text, value[0]);
      if (at !== -1) {
        const { offset = 0, length = spot.text.length - offset } = spot;
        return this.range(at + offset, at + offset + length);
      }
    }
    const isPoint = value === undefined || value[0] === value[1];
    const chosen = name !== undefined && (spot === 'key' || isPoint || this.#goesOverLines(value)) ? name : value;
    if (chosen === undefined || path.length === 0) return this.range(chosen?.[0] ?? 0, chosen?.[0] ?? 0);
    const firstLine = this.#text.indexOf('\n', chosen[0]);
    return this.range(chosen[0], firstLine === -1 ? chosen[1] : Math.min(chosen[1], firstLine));
  }

  #goesOverLines(range: readonly [number, number]): boolean {
    const newline = this.#text.indexOf('\n', range[0]);
    return newline !== -1 && newline < range[1] - 1;
  }

  #child(parent: unknown, segment: string | number): { key?: unknown; value: unknown } | undefined {
    const node = this.#resolved(parent);
    if (isSeq(node) && typeof segment === 'number')
      return segment < node.items.length ? { value: node.items[segment] } : undefined;
    return isMap(node) ? this.#entry(node, String(segment), 0) : undefined;
  }

  #entry(map: YAMLMap, name: string, depth: number): { key: unknown; value: unknown } | undefined {
    const entries = this.#entriesOf(map);
    const pair = entries.get(name);
    if (pair !== undefined) return pair;
    const merged = depth < maxMerges ? entries.get('<<') : undefined;
    if (merged === undefined) return undefined;
    const target = this.#resolved(merged.value);
    for (const source of isSeq(target) ? target.items : [target]) {
      const from = this.#resolved(source);
      const found = isMap(from) ? this.#entry(from, name, depth + 1) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A map's entries by name; of two equal keys the last, which is the one that is reported. */
  #entriesOf(map: YAMLMap): ReadonlyMap<string, Pair> {
    const known = this.#entries.get(map);
    if (known !== undefined) return known;
    const entries = new Map<string, Pair>();
    for (const pair of map.items) {
      const name = this.#keyText(pair.key);
      if (name !== undefined) entries.set(name, pair);
    }
    this.#entries.set(map, entries);
    return entries;
  }

  #resolved(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.#document) : node;
  }

  #keyText(key: unknown): string | undefined {
    const node = this.#resolved(key);
    return isScalar(node) ? (node.source ?? String(node.value)) : undefined;
  }
}

/** The line and column of an offset. */
export function positionAt(lines: LineCounter, offset: number): SourcePosition {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col), offset };
}

function rangeOf(node: unknown): readonly [number, number] | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  const { range } = node;
  return Array.isArray(range) && typeof range[0] === 'number' && typeof range[1] === 'number'
    ? [range[0], range[1]]
    : undefined;
}
