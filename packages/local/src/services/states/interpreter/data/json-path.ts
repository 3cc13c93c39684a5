import type { Json, JsonObject } from './json.js';
import { refuseExpensive } from './path-price.js';
import { type PathRoot, parseReferencePath, parseRoot, readSegments } from './reference-path.js';
import { jsonPath } from './rfc9535.js';

/** What paths are read from. */
export interface PathScope {
  /** The data that `$` means at this point of the state. */
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
 * The path below its root in RFC 9535's words. Step Functions' dialect allows names such as `delivery-partner` after a
 * dot; RFC 9535 wants them in brackets.
 */
function standardised(rest: string): string {
  return rest.replace(
    /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|(\.\.?)([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*-[\w\u0080-\uffff-]*)/g,
    (whole, dots?: string, name?: string) =>
      name === undefined ? whole : `${dots === '..' ? '..' : ''}${bracketed(name)}`,
  );
}

/**
 * Reads a path: a path that names one node gives that node or undefined; one that can match several (wildcards, slices,
 * filters, `..`) gives the array of what it matched, which may be empty.
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
/** The library's type is JSON with mutable arrays; it only reads. */
const mutable = (data: Json): LibraryJson => data as LibraryJson;
const immutable = (data: LibraryJson): Json => data as Json;

/** Whether the text is a JSONPath of Step Functions' dialect. */
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
