import { isArray, isObject, type Json, type JsonObject, member } from './json.js';

/** The start of a path: `$` the current data, `$$` the context object, `$name` a variable. */
export type PathRoot =
  | { readonly kind: 'data' }
  | { readonly kind: 'context' }
  | { readonly kind: 'variable'; readonly name: string };

/** A path to at most one node: `$.order.items[0]['unit price']`. */
export interface ReferencePath {
  readonly root: PathRoot;
  readonly segments: readonly (string | number)[];
}

const rootPattern = /^\$(?:\$|[A-Za-z_][A-Za-z0-9_]*)?/;
// A name after a dot has any characters except JSONPath's own: Step Functions accepts `$.delivery-partner`.
const segmentPattern = /\.([^.[\]()'"*?,:@\s]+)|\[(-?\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;

const parsed = new Map<string, ReferencePath | undefined>();
const cacheLimit = 10_000;

/** Returns the root of a path and the index of the rest of the text, or undefined if the text is not a path. */
export function parseRoot(text: string): { readonly root: PathRoot; readonly end: number } | undefined {
  const match = rootPattern.exec(text)?.[0];
  if (match === undefined) return undefined;
  if (match === '$') return { root: { kind: 'data' }, end: 1 };
  if (match === '$$') return { root: { kind: 'context' }, end: 2 };
  return { root: { kind: 'variable', name: match.slice(1) }, end: match.length };
}

/** In single quotes, only a single quote and a backslash need a backslash before them; any other one is a character. */
function unquoted(single: string | undefined, double: string | undefined): string {
  if (single !== undefined) return single.replace(/\\(['\\])/g, '$1');
  return (double ?? '').replace(/\\(.)/g, '$1');
}

function parse(text: string): ReferencePath | undefined {
  const start = parseRoot(text);
  if (start === undefined) return undefined;
  const segments: (string | number)[] = [];
  let position = start.end;
  while (position < text.length) {
    segmentPattern.lastIndex = position;
    const match = segmentPattern.exec(text);
    if (match === null) return undefined;
    const [whole, dotted, index, single, double] = match;
    if (index !== undefined) segments.push(Number(index));
    else segments.push(dotted ?? unquoted(single, double));
    position += whole.length;
  }
  return { root: start.root, segments };
}

/**
 * Parses a Reference Path (States Language, "Reference Paths"). Returns undefined if it can match several nodes or is
 * not a path.
 */
export function parseReferencePath(text: string): ReferencePath | undefined {
  if (parsed.has(text)) return parsed.get(text);
  if (parsed.size >= cacheLimit) parsed.clear();
  const path = parse(text);
  parsed.set(text, path);
  return path;
}

/** Returns the node at the end of the segments, or undefined if it does not exist. */
export function readSegments(data: Json | undefined, segments: readonly (string | number)[]): Json | undefined {
  let node = data;
  for (const segment of segments) {
    if (typeof segment === 'number') {
      if (!isArray(node)) return undefined;
      node = node.at(segment);
    } else {
      if (!isObject(node)) return undefined;
      node = member(node, segment);
    }
    if (node === undefined) return undefined;
  }
  return node;
}

/**
 * Returns a copy of `data` with `value` at the path, creating missing objects along the way. Array items can only be
 * replaced, not added.
 *
 * @returns undefined when the path goes through a value that is neither an object nor an array
 */
export function writeSegments(data: Json, segments: readonly (string | number)[], value: Json): Json | undefined {
  const [segment, ...rest] = segments;
  if (segment === undefined) return value;
  if (typeof segment === 'number') {
    const old = isArray(data) ? data[segment] : undefined;
    if (!isArray(data) || old === undefined) return undefined;
    const inner = writeSegments(old, rest, value);
    return inner === undefined ? undefined : data.with(segment, inner);
  }
  if (!isObject(data)) return undefined;
  const inner = writeSegments(member(data, segment) ?? {}, rest, value);
  if (inner === undefined) return undefined;
  const copy: JsonObject = { ...data, [segment]: inner };
  return copy;
}
