import { jsonPath } from '@bclaw/spec/json-path';
import type { Json, JsonObject } from './json.js';
import { refuseExpensive } from './path-price.js';
import { type PathRoot, parseReferencePath, parseRoot, readSegments } from './reference-path.js';

/** The data that paths are evaluated against. */
export interface PathScope {
  /** The value of `$` at this point of the state. */
  readonly data: Json;
  /** The context object, `$$`. */
  readonly context: JsonObject;
  readonly variables: Readonly<Record<string, Json>>;
}

function rootOf(root: PathRoot, scope: PathScope): Json | undefined {
  switch (root.kind) {
    case 'data':
      return scope.data;
    case 'context':
      return scope.context;
    case 'variable':
      return Object.hasOwn(scope.variables, root.name) ? scope.variables[root.name] : undefined;
  }
}

const bracketed = (name: string) => `['${name.replaceAll("'", "\\'")}']`;

/**
 * Rewrites the path after its root to RFC 9535 syntax. Step Functions' dialect allows names such as `delivery-partner`
 * after a dot; RFC 9535 requires brackets for them.
 */
function standardised(rest: string): string {
  return withFunctions(rest).replace(
    /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|(\.\.?)([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*-[\w\u0080-\uffff-]*)/g,
    (whole, dots?: string, name?: string) =>
      name === undefined ? whole : `${dots === '..' ? '..' : ''}${bracketed(name)}`,
  );
}

const regularExpression = /(@(?:[^\s=&|()'"/]|'(?:[^'\\]|\\.)*')*)\s*=~\s*\/((?:[^/\\]|\\.)*)\/(i?)/g;

/** Step Functions' dialect compares with a regular expression by `=~ /…/`; RFC 9535 has the function match(). */
function withFunctions(rest: string): string {
  return rest.replace(regularExpression, (_, value: string, pattern: string, fold: string) => {
    const text = `${fold === 'i' ? '(?i)' : ''}${pattern.replaceAll('\\/', '/')}`;
    return `match(${value}, '${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}')`;
  });
}

/**
 * Evaluates a path. A path to a single node returns that node or undefined; a path that can match several nodes
 * (wildcards, slices, filters, `..`) returns the array of matches, which may be empty.
 *
 * @throws SyntaxError when the text is not a path
 */
export function readPath(text: string, scope: PathScope): Json | undefined {
  const reference = parseReferencePath(text);
  if (reference !== undefined) return readSegments(rootOf(reference.root, scope), reference.segments);
  const start = parseRoot(text);
  if (start === undefined) throw new SyntaxError(`'${text}' is not a JSONPath`);
  const data = rootOf(start.root, scope);
  if (data === undefined) return undefined;
  const path = jsonPath.compile(`$${standardised(text.slice(start.end))}`);
  refuseExpensive(path, data, text);
  return path.query(mutable(data)).values().map(immutable);
}

type LibraryJson = Parameters<typeof jsonPath.query>[1];
/** The library's type is JSON with mutable arrays, but the library only reads them. */
const mutable = (data: Json): LibraryJson => data as LibraryJson;
const immutable = (data: LibraryJson): Json => data as Json;

/** Returns true if the text is a JSONPath of Step Functions' dialect. */
export function isPath(text: string): boolean {
  if (parseReferencePath(text) !== undefined) return true;
  const start = parseRoot(text);
  if (start === undefined) return false;
  try {
    jsonPath.compile(`$${standardised(text.slice(start.end))}`);
    return true;
  } catch {
    return false;
  }
}
