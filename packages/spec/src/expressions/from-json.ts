import { parse } from 'lossless-json';
import { BclawError } from '../errors.js';
import { SpelledNumber } from '../scalars/spelled-number.js';
import { PyDict, PyList, type Value } from './values.js';

/** Deeper than any data file; both the JSON reader and the interpreter recurse. */
const maximumDepth = 500;

/**
 * Reads JSON text as Python's `json.load` would: `1` is an int of any size, `1.0` a float.
 *
 * @throws BclawError `not-json` when the text is not JSON
 */
export function valueFromJson(text: string): Value {
  let data: unknown;
  try {
    data = parse(text, null, {
      parseNumber: pythonNumber,
    });
  } catch (error) {
    throw new BclawError('not-json', `This is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return convert(data, 0, (number) => number);
}

/** Python reads a number as an int unless it is written with a point or an exponent. */
const pythonNumber = (text: string): bigint | number => (/^-?\d+$/.test(text) ? BigInt(text) : Number(text));

/**
 * Converts data that JavaScript has already parsed; whole numbers become ints.
 *
 * @throws BclawError `not-json` when the data contain something that is not a JSON value
 */
export function valueFrom(data: unknown): Value {
  return convert(data, 0, (number) => (Number.isSafeInteger(number) ? BigInt(number) : number));
}

function convert(data: unknown, depth: number, fromNumber: (number: number) => Value): Value {
  if (depth > maximumDepth) throw new BclawError('not-json', `The data nests deeper than ${maximumDepth} levels.`);
  if (data === null || typeof data === 'boolean' || typeof data === 'string' || typeof data === 'bigint') return data;
  if (typeof data === 'number') return fromNumber(data);
  if (data instanceof SpelledNumber) return pythonNumber(data.text);
  if (Array.isArray(data)) return new PyList(data.map((item) => convert(item, depth + 1, fromNumber)));
  if (typeof data === 'object')
    return PyDict.of(Object.entries(data).map(([key, value]) => [key, convert(value, depth + 1, fromNumber)] as const));
  throw new BclawError('not-json', `A ${typeof data} is not JSON data.`);
}

/**
 * The members of a JSON object as names for an expression.
 *
 * @throws BclawError `not-json` when the value is not an object
 * @example
 * ```ts
 * evaluateExpression('reads < 1000', namesOf(valueFromJson('{"reads": 12}'))); // true
 * ```
 */
export function namesOf(value: Value): ReadonlyMap<string, Value> {
  if (!(value instanceof PyDict)) throw new BclawError('not-json', 'This is not a JSON object.');
  return new Map([...value.entries.values()].map(([key, item]) => [String(key), item]));
}
