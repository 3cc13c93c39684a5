import { withinExtent } from './extent.js';
import { applyIntrinsic } from './intrinsic-functions.js';
import { type IntrinsicArgument, type IntrinsicCall, parseIntrinsic } from './intrinsic-parser.js';
import { isArray, isObject, type Json } from './json.js';
import { type PathScope, readPath } from './json-path.js';
import type { Randomness } from './randomness.js';
import { parseReferencePath, readSegments } from './reference-path.js';
import { runtimeError } from './state-error.js';

/** The data that a JSONPath field is evaluated against. */
export interface TemplateScope extends PathScope {
  readonly randomness: Randomness;
}

/**
 * Returns the value of a path that must exist.
 *
 * @param field the field that contains the path, for the error message
 * @throws StateError States.Runtime, with the message of Step Functions
 */
export function requirePath(path: string, field: string, scope: TemplateScope): Json {
  let value: Json | undefined;
  try {
    value = readPath(path, scope);
  } catch {
    throw runtimeError(`Invalid path '${path}' specified for the field '${field}'`);
  }
  if (value !== undefined) return value;
  const data = path.startsWith('$$') ? scope.context : scope.data;
  throw runtimeError(
    ownPaths.has(field)
      ? `Invalid path '${path}' : ${noResults(path, scope)}`
      : `The JSONPath '${path}' specified for the field '${field}' could not be found in the input '${JSON.stringify(data)}'`,
  );
}

/** The fields of a state whose missing paths Step Functions reports in the words of its JSONPath library. */
const ownPaths: ReadonlySet<string> = new Set([
  'InputPath',
  'OutputPath',
  'TimeoutSecondsPath',
  'HeartbeatSecondsPath',
]);

function noResults(path: string, scope: TemplateScope): string {
  const reference = parseReferencePath(path);
  if (reference === undefined) return `No results for path: ${path}`;
  const { segments } = reference;
  const bracketed = (end: number) =>
    segments
      .slice(0, end)
      .map((segment) => (typeof segment === 'number' ? `[${segment}]` : `['${segment}']`))
      .join('');
  for (let end = 1; end < segments.length; end += 1) {
    if (readSegments(scope.data, segments.slice(0, end)) === undefined)
      return `Missing property in path $${bracketed(end)}`;
  }
  return `No results for path: $${bracketed(segments.length)}`;
}

function argumentValue(argument: IntrinsicArgument, field: string, scope: TemplateScope): Json {
  switch (argument.kind) {
    case 'value':
      return argument.value;
    case 'path':
      return requirePath(argument.path, field, scope);
    case 'call':
      return call(argument.call, field, scope);
  }
}

/** Removes backslash escapes: only States.Format needs the backslash before braces. */
const unescaped = (value: Json): Json => (typeof value === 'string' ? value.replace(/\\([{}\\])/g, '$1') : value);

function call(tree: IntrinsicCall, field: string, scope: TemplateScope): Json {
  const given = tree.arguments.map((argument, index) => {
    const value = argumentValue(argument, field, scope);
    return argument.kind === 'value' && !(tree.name === 'States.Format' && index === 0) ? unescaped(value) : value;
  });
  return applyIntrinsic(tree.name, given, scope.randomness);
}

/** Evaluates a path or an intrinsic function, the value of a field whose name ends in `.$` or `Path`. */
export function evaluateReference(text: string, field: string, scope: TemplateScope): Json {
  if (text.startsWith('$')) return requirePath(text, field, scope);
  let tree: IntrinsicCall;
  try {
    tree = parseIntrinsic(text);
  } catch (error) {
    throw runtimeError(
      `The value for the field '${field}' must be a valid JSONPath or a valid intrinsic function call: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return call(tree, field, scope);
}

/**
 * Evaluates each field whose name ends in `.$` (States Language, "Payload Template").
 *
 * @throws StateError States.Runtime, States.DataLimitExceeded
 */
export function evaluateTemplate(template: Json, scope: TemplateScope): Json {
  return withinExtent(replaced(template, scope), 'The payload template');
}

function replaced(template: Json, scope: TemplateScope): Json {
  if (isArray(template)) return template.map((item) => replaced(item, scope));
  if (!isObject(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([key, value]) => {
      if (!key.endsWith('.$')) return [key, replaced(value, scope)];
      if (typeof value !== 'string') {
        throw runtimeError(`The value for the field '${key}' must be a STRING that holds a JSONPath`);
      }
      return [key.slice(0, -2), evaluateReference(value, key, scope)];
    }),
  );
}
