import type { JSONPathQuery } from 'json-p3';
import { isArray, isObject, type Json } from './json.js';

/** Maximum number of nodes that a path may visit; takes a few seconds. */
const maximumPrice = 10_000_000;

/**
 * Rejects a path that might visit far more nodes than the data has. `$[0,0][0,0]…` doubles with each bracket, `$..*..*`
 * visits a node once for each of its ancestors, and a filter can search all of the data for every item.
 *
 * @throws RangeError
 */
export function refuseExpensive(path: JSONPathQuery, data: Json, text: string): void {
  const { nodes, depth } = measure(data);
  if (price(path, nodes, depth) > maximumPrice)
    throw new RangeError(`'${text}' may look at more than ${maximumPrice} values of this input`);
}

function measure(data: Json): { readonly nodes: number; readonly depth: number } {
  let [nodes, depth] = [0, 0];
  let level: readonly Json[] = [data];
  while (level.length > 0) {
    nodes += level.length;
    depth += 1;
    level = level.flatMap((value) => (isArray(value) ? value : isObject(value) ? Object.values(value) : []));
  }
  return { nodes, depth };
}

/** Returns an upper bound of the nodes that a query visits when it starts at one node of data of that size. */
function price(query: JSONPathQuery, nodes: number, depth: number): number {
  // Maximum number of times that the same node can occur in the input list of a segment.
  let times = 1;
  let sum = 1;
  let descended = false;
  for (const segment of query.segments) {
    const descends = String(segment).startsWith('..');
    if (descends && descended) times *= depth;
    descended ||= descends;
    times *= overlap(segment.selectors.map(String));
    const filters = segment.selectors.flatMap((selector) => nestedQueries(selector));
    const each = filters.reduce((total, { query: inner, relative }) => {
      if (inner.singularQuery()) return total + 1;
      const whole = price(inner, nodes, depth);
      // A path from the item reads its own part of the data: together, all items read the data once, or once per
      // ancestor.
      return total + (relative ? (whole / nodes) * depth : whole);
    }, 1);
    sum += times * nodes * each;
    if (sum > maximumPrice) return sum;
  }
  return sum;
}

/** Maximum number of selectors in one bracket that can select the same node. */
function overlap(selectors: readonly string[]): number {
  const distinct = new Set(selectors);
  const plain = distinct.size === selectors.length && selectors.every((text) => /^(?:'.*'|\d+)$/s.test(text));
  return plain ? 1 : selectors.length;
}

interface NestedQuery {
  readonly query: JSONPathQuery;
  /** True when it starts at the item (`@`), false when it starts at the root (`$`). */
  readonly relative: boolean;
}

/** The queries in a filter; the cost of queries in nested filters is included in theirs. */
function nestedQueries(part: unknown): NestedQuery[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([name, value]): NestedQuery[] => {
    if (name === 'environment' || name === 'token') return [];
    if (isQuery(value)) return [{ query: value, relative: !String(part).startsWith('$') }];
    return Array.isArray(value) ? value.flatMap((each) => nestedQueries(each)) : nestedQueries(value);
  });
}

function isQuery(value: unknown): value is JSONPathQuery {
  return typeof value === 'object' && value !== null && 'segments' in value && 'singularQuery' in value;
}
