import jsonata from 'jsonata';
import { hash } from './intrinsic-functions.js';
import { isArray, isObject, type Json, type JsonObject, parseJson } from './json.js';
import { type Randomness, seededRandom } from './randomness.js';
import { QueryEvaluationError, StateError } from './state-error.js';

/** The members of `$states`; `result` and `errorOutput` are set only where the States Language defines them. */
export interface JsonataData {
  readonly input: Json;
  readonly context: JsonObject;
  readonly variables: Readonly<Record<string, Json>>;
  readonly result?: Json | undefined;
  readonly errorOutput?: Json | undefined;
}

/** The data that is available to an expression. */
export interface JsonataScope extends JsonataData {
  readonly randomness: Randomness;
}

const delimited = /^\{%([\s\S]*)%\}$/;
// An expression must not block the process: JSONata recurses, and can loop by recursion.
const limits = { timeout: 5_000, stack: 1_000 };

/** Returns the text between `{%` and `%}`, or undefined for an ordinary string. */
export function expressionIn(text: string): string | undefined {
  return delimited.exec(text)?.[1]?.trim();
}

const compiled = new Map<string, jsonata.Expression>();
const cacheLimit = 2_000;

/** @throws the error of JSONata for an expression with a syntax error */
export function compileJsonata(source: string): jsonata.Expression {
  const known = compiled.get(source);
  if (known !== undefined) return known;
  const expression = jsonata(source, limits);
  if (compiled.size >= cacheLimit) compiled.clear();
  compiled.set(source, expression);
  return expression;
}

/** The message of any thrown value: JSONata's errors are plain objects. */
export const messageOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);

function range(start: number, end: number, step: number): Json {
  if (step === 0) throw new Error('the step must not be 0');
  const length = Math.max(0, Math.floor((end - start) / step) + 1);
  if (!(length <= 1000)) throw new Error('the range may have at most 1000 elements');
  // JSONata unwraps a sequence of one.
  return length === 1 ? start : Array.from({ length }, (_, index) => start + index * step);
}

function partition(items: Json, size: number): Json {
  if (!isArray(items) || !(size >= 1)) throw new Error('an array and a positive chunk size were expected');
  const length = Math.floor(size);
  return Array.from({ length: Math.ceil(items.length / length) }, (_, chunk) =>
    items.slice(chunk * length, (chunk + 1) * length),
  );
}

/** The functions that Step Functions adds to JSONata, and `$eval`, which it removes. */
function functions({ random, uuid }: Randomness) {
  return {
    partition,
    range,
    hash: (value: Json, algorithm: Json) => hash(value, algorithm),
    random: (seed?: number) => (seed === undefined ? random() : seededRandom(seed)()),
    uuid: () => uuid(),
    parse: (text: string) => parseJson(text),
    eval: () => {
      throw new Error('the function $eval is not supported; use $parse');
    },
  };
}

const isFunction = (value: unknown) =>
  typeof value === 'function' ||
  (typeof value === 'object' && value !== null && ('_jsonata_lambda' in value || '_jsonata_function' in value));

function plain(value: unknown): Json | undefined {
  if (isFunction(value)) throw new Error('A function is not JSON data.');
  const text = JSON.stringify(value);
  // Functions and undefined have no JSON representation; sequences have internal properties, which JSON drops.
  return text === undefined ? undefined : parseJson(text);
}

/** The prefix of every error message of an expression. */
export const expressionOf = (source: string, location: string): string =>
  `The JSONata expression '${source}' specified for the field '${location}'`;

async function evaluateExpression(source: string, location: string, scope: JsonataScope): Promise<Json> {
  const states = {
    input: scope.input,
    context: scope.context,
    ...(scope.result === undefined ? {} : { result: scope.result }),
    ...(scope.errorOutput === undefined ? {} : { errorOutput: scope.errorOutput }),
  };
  const bindings = { ...functions(scope.randomness), ...scope.variables, states };
  let value: Json | undefined;
  try {
    value = plain(await compileJsonata(source).evaluate(undefined, bindings));
  } catch (error) {
    const why = error instanceof StateError ? error.cause : messageOf(error);
    throw new QueryEvaluationError(
      `${expressionOf(source, location)} threw an error during evaluation. ${why}`,
      location,
    );
  }
  if (value === undefined)
    throw new QueryEvaluationError(`${expressionOf(source, location)} returned nothing (undefined).`, location);
  return value;
}

/**
 * Evaluates every `{% … %}` string in a template in the current process; see `jsonata.ts` for when this is allowed.
 *
 * @throws QueryEvaluationError when an expression fails or returns nothing
 */
export async function evaluateHere(template: Json, location: string, scope: JsonataScope): Promise<Json> {
  if (typeof template === 'string') {
    const source = expressionIn(template);
    return source === undefined ? template : evaluateExpression(source, location, scope);
  }
  if (isArray(template)) {
    const items: Json[] = [];
    for (const [index, item] of template.entries()) {
      items.push(await evaluateHere(item, `${location}[${index}]`, scope));
    }
    return items;
  }
  if (!isObject(template)) return template;
  const entries: [string, Json][] = [];
  for (const [key, value] of Object.entries(template)) {
    entries.push([key, await evaluateHere(value, `${location}/${key}`, scope)]);
  }
  return Object.fromEntries(entries);
}
