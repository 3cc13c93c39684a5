import { query } from 'jsonpath-rfc9535';
import parseQuery from 'jsonpath-rfc9535/parser';
import type { Json, JsonObject } from './json.js';
import { type PathRoot, parseReferencePath, parseRoot, readSegments } from './reference-path.js';

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
  // The library's type is JSON with mutable arrays; it only reads.
  return query(structuredJson(data), `$${standardised(text.slice(start.end))}`);
}

const structuredJson = (data: Json): Parameters<typeof query>[0] => data as Parameters<typeof query>[0];

/** Whether the text is a JSONPath of Step Functions' dialect. */
export function isPath(text: string): boolean {
  if (parseReferencePath(text) !== undefined) return true;
  const start = parseRoot(text);
  if (start === undefined) return false;
  try {
    parseQuery(`$${standardised(text.slice(start.end))}`);
    return true;
  } catch {
    return false;
  }
}
