import type { Budget } from './budget.js';
import { EvaluationFailure } from './errors.js';

/**
 * A Python value: None is null, an int is a bigint (exact at any size), a float is a number, str, bool and the classes
 * below.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | PyList
  | PyTuple
  | PyDict
  | PySet
  | PyRange
  | PyView
  | PyIterator
  | PyMatch
  | PyFunction
  | PyModule;

export class PyList {
  readonly items: readonly Value[];
  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

export class PyTuple {
  readonly items: readonly Value[];
  constructor(items: readonly Value[]) {
    this.items = items;
  }
}

/** A dict: keyed by {@link hashKey}, in insertion order. */
export class PyDict {
  readonly entries: ReadonlyMap<string, readonly [Value, Value]>;
  constructor(entries: ReadonlyMap<string, readonly [Value, Value]>) {
    this.entries = entries;
  }

  /** @param budget of the evaluation that creates it; not needed for values from JSON */
  static of(pairs: Iterable<readonly [Value, Value]>, budget?: Budget): PyDict {
    const entries = new Map<string, readonly [Value, Value]>();
    for (const [key, value] of pairs) {
      const hash = hashKey(key, budget);
      entries.set(hash, [entries.get(hash)?.[0] ?? key, value]);
    }
    return new PyDict(entries);
  }

  get(key: Value, budget?: Budget): Value | undefined {
    return this.entries.get(hashKey(key, budget))?.[1];
  }
}

export class PySet {
  readonly entries: ReadonlyMap<string, Value>;
  constructor(entries: ReadonlyMap<string, Value>) {
    this.entries = entries;
  }

  static of(items: Iterable<Value>, budget?: Budget): PySet {
    const entries = new Map<string, Value>();
    for (const item of items) {
      const hash = hashKey(item, budget);
      if (!entries.has(hash)) entries.set(hash, item);
    }
    return new PySet(entries);
  }
}

export class PyRange {
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;
  readonly length: bigint;

  constructor(start: bigint, stop: bigint, step: bigint) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    const span = step > 0n ? stop - start : start - stop;
    const stride = step > 0n ? step : -step;
    this.length = span <= 0n ? 0n : (span + stride - 1n) / stride;
  }
}

/** The result of `d.keys()`, `d.values()` and `d.items()`. */
export class PyView {
  readonly dict: PyDict;
  readonly part: 'keys' | 'values' | 'items';
  constructor(dict: PyDict, part: 'keys' | 'values' | 'items') {
    this.dict = dict;
    this.part = part;
  }

  *items(): Generator<Value, void> {
    for (const [key, value] of this.dict.entries.values())
      yield this.part === 'keys' ? key : this.part === 'values' ? value : new PyTuple([key, value]);
  }
}

/** A generator, `zip` or `enumerate`: lazy, and exhausted once read. */
export class PyIterator {
  readonly kind: 'generator' | 'zip' | 'enumerate';
  readonly source: Iterator<Value>;
  constructor(kind: 'generator' | 'zip' | 'enumerate', source: Iterator<Value>) {
    this.kind = kind;
    this.source = source;
  }
}

/** The result of `re.match`, `re.search` and `re.fullmatch`. */
export class PyMatch {
  /** Group 0 first; null for a group that did not take part. */
  readonly groups:
    | readonly { readonly text: string; readonly start: number; readonly end: number }[]
    | readonly (null | { readonly text: string; readonly start: number; readonly end: number })[];
  readonly names: ReadonlyMap<string, number>;
  constructor(groups: PyMatch['groups'], names: ReadonlyMap<string, number>) {
    this.groups = groups;
    this.names = names;
  }
}

/** The arguments of a call, already evaluated. */
export interface Arguments {
  readonly positional: readonly Value[];
  readonly named: ReadonlyMap<string, Value>;
}

export class PyFunction {
  readonly name: string;
  readonly call: (args: Arguments) => Value;
  /** True for the types that `isinstance` accepts. */
  readonly isType: boolean;
  constructor(name: string, call: (args: Arguments) => Value, isType = false) {
    this.name = name;
    this.call = call;
    this.isType = isType;
  }
}

export class PyModule {
  readonly name: string;
  readonly members: ReadonlyMap<string, Value>;
  constructor(name: string, members: ReadonlyMap<string, Value>) {
    this.name = name;
    this.members = members;
  }
}

/** The name of a value's type, as in Python. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float';
    case 'string':
      return 'str';
  }
  if (value instanceof PyList) return 'list';
  if (value instanceof PyTuple) return 'tuple';
  if (value instanceof PyDict) return 'dict';
  if (value instanceof PySet) return 'set';
  if (value instanceof PyRange) return 'range';
  if (value instanceof PyView) return `dict_${value.part}`;
  if (value instanceof PyIterator) return value.kind;
  if (value instanceof PyMatch) return 're.Match';
  if (value instanceof PyModule) return 'module';
  return value.isType ? 'type' : 'builtin_function_or_method';
}

export function typeError(message: string): EvaluationFailure {
  return new EvaluationFailure('TypeError', message);
}

export function valueError(message: string): EvaluationFailure {
  return new EvaluationFailure('ValueError', message);
}

/** Returns true if a value is truthy. */
export function truth(value: Value): boolean {
  if (value === null) return false;
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'bigint':
      return value !== 0n;
    case 'number':
      return value !== 0;
    case 'string':
      return value !== '';
  }
  if (value instanceof PyList || value instanceof PyTuple) return value.items.length > 0;
  if (value instanceof PyDict || value instanceof PySet) return value.entries.size > 0;
  if (value instanceof PyRange) return value.length > 0n;
  if (value instanceof PyView) return value.dict.entries.size > 0;
  return true;
}

/** Returns the same text for values that are equal as keys in Python: 1, 1.0 and True are one key. */
export function hashKey(value: Value, budget?: Budget): string {
  if (value === null) return 'None';
  switch (typeof value) {
    case 'boolean':
      return value ? 'i1' : 'i0';
    case 'bigint':
      budget?.read(value);
      return `i${value}`;
    case 'number':
      return Number.isInteger(value) ? `i${BigInt(value)}` : `f${value}`;
    case 'string':
      // The work for a key grows with its length.
      budget?.spend(value.length >>> 6);
      return `s${value}`;
  }
  if (value instanceof PyTuple) return tupleKey(value, budget);
  if (value instanceof PyRange)
    return value.length === 0n ? 'r' : `r${value.start},${value.length},${value.length === 1n ? 0n : value.step}`;
  if (value instanceof PyFunction || value instanceof PyModule) return `o${value.name}`;
  if (value instanceof PyMatch || value instanceof PyIterator) return `@${identity(value)}`;
  throw typeError(`unhashable type: '${typeName(value)}'`);
}

/** Prefixes each item's key with its length: quoting would double the escapes with every enclosing tuple. */
function tupleKey({ items }: PyTuple, budget: Budget | undefined): string {
  let key = 't';
  for (const item of items) {
    const part = hashKey(item, budget);
    key += `${part.length}:${part}`;
  }
  budget?.spend(items.length + (key.length >>> 6));
  return key;
}

/** Ids of objects that are equal only to themselves. */
const identities = new WeakMap<object, number>();
let lastIdentity = 0;

function identity(value: object): number {
  const known = identities.get(value);
  if (known !== undefined) return known;
  lastIdentity += 1;
  identities.set(value, lastIdentity);
  return lastIdentity;
}

/** The characters of a string as Python counts them: code points. */
export function characters(text: string): string[] {
  return Array.from(text);
}

/** The result of `len`; undefined for a value without a length. */
export function lengthOf(value: Value): bigint | undefined {
  if (typeof value === 'string') return BigInt(codePoints(value));
  if (value instanceof PyList || value instanceof PyTuple) return BigInt(value.items.length);
  if (value instanceof PyDict || value instanceof PySet) return BigInt(value.entries.size);
  if (value instanceof PyRange) return value.length;
  if (value instanceof PyView) return BigInt(value.dict.entries.size);
  return undefined;
}

/** Number of characters in a string, as Python counts them. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length - 1; at += 1)
    if ((text.charCodeAt(at) & 0xfc00) === 0xd800 && (text.charCodeAt(at + 1) & 0xfc00) === 0xdc00) {
      count -= 1;
      at += 1;
    }
  return count;
}

/**
 * Iterates over a value.
 *
 * @returns undefined when the value is not iterable
 */
export function iterate(value: Value): Iterator<Value> | undefined {
  if (typeof value === 'string') return value[Symbol.iterator]();
  if (value instanceof PyList || value instanceof PyTuple) return value.items[Symbol.iterator]();
  if (value instanceof PyDict) return new PyView(value, 'keys').items();
  if (value instanceof PySet) return value.entries.values();
  if (value instanceof PyView) return value.items();
  if (value instanceof PyRange) return rangeItems(value);
  if (value instanceof PyIterator) return value.source;
  return undefined;
}

function* rangeItems(range: PyRange): Generator<Value> {
  for (let index = 0n, item = range.start; index < range.length; index += 1n, item += range.step) yield item;
}
