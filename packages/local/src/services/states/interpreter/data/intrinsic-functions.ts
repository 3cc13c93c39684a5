import { createHash } from 'node:crypto';
import { maximumExtent, withinExtent } from './extent.js';
import { canonicalJson, equalJson, isArray, isObject, type Json, type JsonObject, parseJson } from './json.js';
import { printed } from './printed.js';
import { type Randomness, seededRandom } from './randomness.js';
import { runtimeError, type StateError } from './state-error.js';

type Arguments = readonly Json[];
type Intrinsic = (given: Arguments, randomness: Randomness) => Json;

interface Signature {
  readonly least: number;
  readonly most: number;
  readonly apply: Intrinsic;
}

const invalid = (name: string, why: string): StateError => runtimeError(`Invalid arguments in ${name}: ${why}`);

function text(name: string, value: Json | undefined): string {
  if (typeof value !== 'string') throw invalid(name, 'a string was expected');
  return value;
}

function list(name: string, value: Json | undefined): readonly Json[] {
  if (!isArray(value)) throw invalid(name, 'an array was expected');
  return value;
}

function integer(name: string, value: Json | undefined): number {
  if (typeof value !== 'number') throw invalid(name, 'an integer was expected');
  // AWS rounds non-integer numbers to the nearest integer.
  return Math.round(value);
}

function object(name: string, value: Json | undefined): JsonObject {
  if (!isObject(value)) throw invalid(name, 'a JSON object was expected');
  return value;
}

function format([template, ...values]: Arguments): string {
  let next = 0;
  let length = 0;
  const formatted = text('States.Format', template).replace(/\\([{}\\])|\{\}/g, (_, escaped?: string) => {
    if (escaped !== undefined) return escaped;
    if (next >= values.length) throw invalid('States.Format', 'there are more place-holders than values');
    next += 1;
    const inserted = printed(values[next - 1] ?? null);
    length += inserted.length;
    if (length > maximumExtent) throw invalid('States.Format', 'the text would be too long');
    return inserted;
  });
  if (next < values.length) throw invalid('States.Format', 'there are more values than place-holders');
  return formatted;
}

function partition([items, size]: Arguments): Json {
  const name = 'States.ArrayPartition';
  const from = list(name, items);
  const length = integer(name, size);
  if (length < 1) throw invalid(name, 'the chunk size must be a positive integer');
  return Array.from({ length: Math.ceil(from.length / length) }, (_, chunk) =>
    from.slice(chunk * length, (chunk + 1) * length),
  );
}

function range([first, last, step]: Arguments): Json {
  const name = 'States.ArrayRange';
  const [start, end, by] = [integer(name, first), integer(name, last), integer(name, step)];
  if (by === 0) throw invalid(name, 'the increment must not be 0');
  const length = Math.max(0, Math.floor((end - start) / by) + 1);
  if (!(length <= 1000)) throw invalid(name, 'the array may have at most 1000 elements');
  return Array.from({ length }, (_, index) => start + index * by);
}

function item([items, index]: Arguments): Json {
  const name = 'States.ArrayGetItem';
  const found = list(name, items)[integer(name, index)];
  if (found === undefined) throw invalid(name, 'the index is outside of the array');
  return found;
}

/** Keeps the first of several equal values. */
const unique: Intrinsic = ([items]) => {
  const first = new Map<string, Json>();
  for (const value of list('States.ArrayUnique', items)) {
    const key = canonicalJson(value);
    if (!first.has(key)) first.set(key, value);
  }
  return [...first.values()];
};

// AWS: strings of at most 10,000 characters.
function codedText(name: string, value: Json | undefined): string {
  const given = text(name, value);
  if (given.length > 10_000) throw invalid(name, 'the string may have at most 10,000 characters');
  return given;
}

const algorithms: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/** `States.Hash` and JSONata's `$hash`: the hexadecimal digest of a value's JSON (of a string, its text). */
export function hash(value: Json | undefined, algorithm: Json | undefined): string {
  const name =
    typeof algorithm === 'string' && Object.hasOwn(algorithms, algorithm) ? algorithms[algorithm] : undefined;
  if (name === undefined)
    throw invalid('States.Hash', `the algorithm must be one of ${Object.keys(algorithms).join(', ')}`);
  return createHash(name)
    .update(codedText('States.Hash', typeof value === 'string' ? value : JSON.stringify(value)))
    .digest('hex');
}

function merge([left, right, deep]: Arguments): Json {
  const name = 'States.JsonMerge';
  if (deep !== false) throw invalid(name, 'only the shallow merging mode (false) is supported');
  return { ...object(name, left), ...object(name, right) };
}

function random([first, last, seed]: Arguments, randomness: Randomness): Json {
  const name = 'States.MathRandom';
  const [start, end] = [integer(name, first), integer(name, last)];
  if (start >= end) throw invalid(name, 'the start must be less than the end');
  const source = seed === undefined ? randomness.random : seededRandom(integer(name, seed));
  return start + Math.floor(source() * (end - start));
}

function split([value, separators]: Arguments): Json {
  const name = 'States.StringSplit';
  const chars = new Set(text(name, separators));
  const parts: string[] = [];
  let part = '';
  for (const char of text(name, value)) {
    if (!chars.has(char)) part += char;
    else {
      if (part !== '') parts.push(part);
      part = '';
    }
  }
  return part === '' ? parts : [...parts, part];
}

/** Returns null for text without content, as Step Functions does. */
function fromText(value: Json | undefined): Json {
  const content = text('States.StringToJson', value);
  try {
    return content.trim() === '' ? null : parseJson(content);
  } catch (error) {
    throw error instanceof SyntaxError ? invalid('States.StringToJson', 'the string is not JSON') : error;
  }
}

const exactly = (count: number, apply: Intrinsic): Signature => ({ least: count, most: count, apply });
const atLeast = (count: number, apply: Intrinsic): Signature => ({
  least: count,
  most: Number.POSITIVE_INFINITY,
  apply,
});

/** The intrinsic functions of the Amazon States Language, by name. */
const intrinsics: Readonly<Record<string, Signature>> = {
  'States.Format': atLeast(1, format),
  'States.StringToJson': exactly(1, ([value]) => fromText(value)),
  'States.JsonToString': exactly(1, ([value]) => JSON.stringify(value)),
  'States.Array': atLeast(0, (values) => values),
  'States.ArrayPartition': exactly(2, partition),
  'States.ArrayContains': exactly(2, ([items, value]) =>
    list('States.ArrayContains', items).some((each) => equalJson(each, value)),
  ),
  'States.ArrayRange': exactly(3, range),
  'States.ArrayGetItem': exactly(2, item),
  'States.ArrayLength': exactly(1, ([items]) => list('States.ArrayLength', items).length),
  'States.ArrayUnique': exactly(1, unique),
  'States.Base64Encode': exactly(1, ([value]) =>
    Buffer.from(codedText('States.Base64Encode', value), 'utf8').toString('base64'),
  ),
  'States.Base64Decode': exactly(1, ([value]) =>
    Buffer.from(codedText('States.Base64Decode', value), 'base64').toString('utf8'),
  ),
  'States.Hash': exactly(2, ([value, algorithm]) => hash(value, algorithm)),
  'States.JsonMerge': exactly(3, merge),
  'States.MathRandom': { least: 2, most: 3, apply: random },
  'States.MathAdd': exactly(2, ([a, b]) => integer('States.MathAdd', a) + integer('States.MathAdd', b)),
  'States.StringSplit': exactly(2, split),
  'States.UUID': exactly(0, (_, randomness) => randomness.uuid()),
};

/**
 * Applies an intrinsic function.
 *
 * @throws StateError States.Runtime when the function does not exist or the arguments are invalid
 */
export function applyIntrinsic(name: string, given: Arguments, randomness: Randomness): Json {
  const found = Object.hasOwn(intrinsics, name) ? intrinsics[name] : undefined;
  if (found === undefined) throw runtimeError(`The intrinsic function '${name}' does not exist`);
  if (given.length < found.least || given.length > found.most) {
    throw invalid(name, `it does not take ${given.length} argument${given.length === 1 ? '' : 's'}`);
  }
  return withinExtent(found.apply(given, randomness), name);
}
