import { bind, integer } from './arguments.js';
import type { Budget } from './budget.js';
import { numeric, ordered, sorted } from './comparison.js';
import { EvaluationFailure } from './errors.js';
import { visit } from './iteration.js';
import { mathModule } from './math-module.js';
import { roundFloat, roundInteger, roundToInteger, toFloat } from './numbers.js';
import { binary } from './operators.js';
import { reModule } from './re-module.js';
import { toText } from './representation.js';
import {
  type Arguments,
  iterate,
  lengthOf,
  PyDict,
  PyFunction,
  PyIterator,
  PyList,
  PyRange,
  PySet,
  PyTuple,
  truth,
  typeError,
  typeName,
  type Value,
  valueError,
} from './values.js';

type Implementation = (args: Arguments, budget: Budget) => Value;

function first(name: string, args: Arguments): Value {
  return bind(name, args, ['/x'])[0] ?? null;
}

const optional = (name: string, args: Arguments) => bind(name, args, ['/x?'])[0];

const abs: Implementation = (args) => {
  const value = numeric(first('abs', args));
  if (value === undefined) throw typeError(`bad operand type for abs(): '${typeName(first('abs', args))}'`);
  return typeof value === 'bigint' ? (value < 0n ? -value : value) : Math.abs(value);
};

const float: Implementation = (args) => {
  const value = optional('float', args);
  if (value === undefined) return 0;
  const number = numeric(value);
  if (number !== undefined) return typeof number === 'bigint' ? toFloat(number) : number;
  if (typeof value !== 'string')
    throw typeError(`float() argument must be a string or a real number, not '${typeName(value)}'`);
  const text = trimmed(value).toLowerCase();
  const special = /^([+-]?)(inf|infinity|nan)$/.exec(text);
  if (special)
    return special[2] === 'nan' ? Number.NaN : special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const digits = '\\d(?:_?\\d)*';
  if (!new RegExp(`^[+-]?(?:${digits}(?:\\.(?:${digits})?)?|\\.${digits})(?:e[+-]?${digits})?$`).test(text))
    throw valueError(`could not convert string to float: ${JSON.stringify(value)}`);
  return Number(text.replaceAll('_', ''));
};

const int: Implementation = (args, budget) => {
  const [value, baseArgument] = bind('int', args, ['/x?', 'base?']);
  if (value === undefined) {
    if (baseArgument !== undefined) throw typeError('int() missing string argument');
    return 0n;
  }
  if (typeof value === 'string')
    return parseInteger(value, baseArgument === undefined ? 10 : Number(integer(baseArgument)), budget);
  if (baseArgument !== undefined) throw typeError("int() can't convert non-string with explicit base");
  const number = numeric(value);
  if (number === undefined)
    throw typeError(`int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`);
  if (typeof number === 'bigint') return number;
  if (Number.isNaN(number)) throw valueError('cannot convert float NaN to integer');
  if (!Number.isFinite(number))
    throw new EvaluationFailure('OverflowError', 'cannot convert float infinity to integer');
  return BigInt(Math.trunc(number));
};

const prefixes: Readonly<Record<string, number>> = { '0x': 16, '0o': 8, '0b': 2 };

function parseInteger(text: string, base: number, budget: Budget): bigint {
  if (base !== 0 && (base < 2 || base > 36)) throw valueError('int() base must be >= 2 and <= 36, or 0');
  const bad = () => valueError(`invalid literal for int() with base ${base}: ${JSON.stringify(text)}`);
  const match = /^([+-]?)(0[xob])?_?([0-9a-z]+(?:_[0-9a-z]+)*)$/.exec(trimmed(text).toLowerCase());
  if (!match) throw bad();
  const [, sign = '', prefix = '', body = ''] = match;
  const prefixBase = prefixes[prefix];
  const radix = base === 0 ? (prefixBase ?? 10) : base;
  // In base 16 "0b1" is a number, not a prefix; in other bases a foreign prefix is not a digit.
  const digits = (prefix !== '' && prefixBase !== radix ? prefix + body : body).replaceAll('_', '');
  if (prefix === '' && /_/.test(text.replace(/^\s*[+-]?/, '').charAt(0))) throw bad();
  if (base === 0 && prefix === '' && /^0+[1-9]/.test(digits)) throw bad();
  if (radix === 10 && digits.length > 4300)
    throw valueError('Exceeds the limit (4300 digits) for integer string conversion');
  budget.bits(digits.length * Math.log2(radix));
  budget.spend(digits.length);
  for (let at = 0; at < digits.length; at += 1) if (!(Number.parseInt(digits.charAt(at), 36) < radix)) throw bad();
  const value = integerOf(digits, radix);
  return sign === '-' ? -value : value;
}

/** Returns the integer that the digits represent, parsed in chunks where JavaScript cannot read them at once. */
function integerOf(digits: string, radix: number): bigint {
  if (radix === 10) return BigInt(digits);
  const size = Math.floor(53 / Math.log2(radix));
  const unit = BigInt(radix ** size);
  let value = 0n;
  for (let at = 0; at < digits.length; at += size) {
    const part = digits.slice(at, at + size);
    const weight = part.length === size ? unit : BigInt(radix ** part.length);
    value = value * weight + BigInt(Number.parseInt(part, radix));
  }
  return value;
}

/**
 * A number's text as `int` and `float` read it: without surrounding white space, with digits of any script as ASCII.
 */
function trimmed(text: string): string {
  const isSpace = (at: number) => /[\s\x1c-\x1f\x85]/.test(text.charAt(at));
  let [from, to] = [0, text.length];
  while (from < to && isSpace(from)) from += 1;
  while (to > from && isSpace(to - 1)) to -= 1;
  return text.slice(from, to).replaceAll(/[^\P{Nd}0-9]/gu, (digit) => String(digitValue(digit.codePointAt(0) ?? 0)));
}

/**
 * The value of a decimal digit: Unicode has the ten digits of each script in a row, 0 first, and no others beside them.
 */
function digitValue(code: number): number {
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before += 1;
  return before % 10;
}

const len: Implementation = (args) => {
  const value = first('len', args);
  const length = lengthOf(value);
  if (length === undefined) throw typeError(`object of type '${typeName(value)}' has no len()`);
  return length;
};

const extreme =
  (name: 'min' | 'max'): Implementation =>
  (args, budget) => {
    for (const given of args.named.keys())
      if (given !== 'key' && given !== 'default')
        throw typeError(`${name}() got an unexpected keyword argument '${given}'`);
    const [only, ...more] = args.positional;
    if (only === undefined) throw typeError(`${name} expected at least 1 argument, got 0`);
    const otherwise = args.named.get('default');
    if (more.length > 0 && otherwise !== undefined)
      throw typeError(`Cannot specify a default for ${name}() with multiple positional arguments`);
    const key = keyFunction(args.named.get('key'));
    let best: { item: Value; key: Value } | undefined;
    for (const item of more.length > 0 ? args.positional : visit(only, budget)) {
      const rank = key(item);
      if (best === undefined || ordered(name === 'min' ? '<' : '>', rank, best.key, budget)) best = { item, key: rank };
    }
    if (best !== undefined) return best.item;
    if (otherwise !== undefined) return otherwise;
    throw valueError(`${name}() arg is an empty sequence`);
  };

function keyFunction(key: Value | undefined): (item: Value) => Value {
  if (key === undefined || key === null) return (item) => item;
  if (!(key instanceof PyFunction)) throw typeError(`'${typeName(key)}' object is not callable`);
  return (item) => key.call({ positional: [item], named: new Map() });
}

const sort: Implementation = (args, budget) => {
  const [iterable = null, key, reverse] = bind('sorted', args, ['/iterable', '*key?', '*reverse?']);
  const items = [...visit(iterable, budget)];
  budget.reserve(items.length);
  const rank = keyFunction(key);
  return new PyList(sorted(items, items.map(rank), reverse !== undefined && truth(reverse), budget));
};

const sum: Implementation = (args, budget) => {
  const [iterable = null, start] = bind('sum', args, ['/iterable', 'start?']);
  if (typeof start === 'string') throw typeError("sum() can't sum strings [use ''.join(seq) instead]");
  let total: Value = start ?? 0n;
  for (const item of visit(iterable, budget)) total = binary('+', total, item, budget);
  return total;
};

const round: Implementation = (args, budget) => {
  const [value = null, digitsArgument] = bind('round', args, ['number', 'ndigits?']);
  const number = numeric(value);
  if (number === undefined) throw typeError(`type ${typeName(value)} doesn't define __round__ method`);
  if (digitsArgument === undefined || digitsArgument === null)
    return typeof number === 'bigint' ? number : roundToInteger(number);
  const digits = integer(digitsArgument);
  return typeof number === 'bigint' ? roundInteger(number, digits, budget) : roundFloat(number, digits, budget);
};

const range: Implementation = (args) => {
  if (args.named.size > 0) throw typeError('range() takes no keyword arguments');
  const [a, b, c, extra] = args.positional.map(integer);
  if (a === undefined) throw typeError('range expected at least 1 argument, got 0');
  if (extra !== undefined) throw typeError(`range expected at most 3 arguments, got ${args.positional.length}`);
  if (c === 0n) throw valueError('range() arg 3 must not be zero');
  return b === undefined ? new PyRange(0n, a, 1n) : new PyRange(a, b, c ?? 1n);
};

const zip: Implementation = (args, budget) => {
  for (const given of args.named.keys())
    if (given !== 'strict') throw typeError(`zip() got an unexpected keyword argument '${given}'`);
  const strict = truth(args.named.get('strict') ?? false);
  const sources = args.positional.map((value, index) => {
    const items = iterate(value);
    if (items === undefined) throw typeError(`zip argument #${index + 1} must support iteration`);
    return items;
  });
  return new PyIterator('zip', zipped(sources, strict, budget));
};

function* zipped(sources: readonly Iterator<Value>[], strict: boolean, budget: Budget): Generator<Value, void> {
  while (sources.length > 0) {
    budget.spend(2 * sources.length);
    const row: Value[] = [];
    for (const [index, source] of sources.entries()) {
      const next = source.next();
      if (next.done) {
        if (strict && index > 0)
          throw valueError(
            `zip() argument ${index + 1} is shorter than argument${index === 1 ? '' : 's'} 1${index === 1 ? '' : `-${index}`}`,
          );
        if (strict && sources.slice(1).some((other) => !other.next().done))
          throw valueError('zip() argument 2 is longer than argument 1');
        return;
      }
      row.push(next.value);
    }
    yield new PyTuple(row);
  }
}

const enumerate: Implementation = (args, budget) => {
  const [iterable = null, start] = bind('enumerate', args, ['iterable', 'start?']);
  const items = iterate(iterable);
  if (items === undefined) throw typeError(`'${typeName(iterable)}' object is not iterable`);
  return new PyIterator('enumerate', numbered(items, start === undefined ? 0n : integer(start), budget));
};

function* numbered(items: Iterator<Value>, start: bigint, budget: Budget): Generator<Value, void> {
  let index = start;
  for (let next = items.next(); !next.done; next = items.next()) {
    budget.spend(2);
    yield new PyTuple([index, next.value]);
    index += 1n;
  }
}

const dict: Implementation = (args, budget) => {
  const [only, ...more] = args.positional;
  if (more.length > 0) throw typeError(`dict expected at most 1 argument, got ${args.positional.length}`);
  const pairs: (readonly [Value, Value])[] = [];
  if (only instanceof PyDict) {
    budget.spend(2 * only.entries.size);
    for (const pair of only.entries.values()) pairs.push(pair);
  } else if (only !== undefined) {
    for (const item of visit(only, budget)) {
      const [key, value, ...extra] = [...visit(item, budget)];
      if (key === undefined || value === undefined || extra.length > 0)
        throw valueError('dictionary update sequence elements must have length 2');
      pairs.push([key, value]);
    }
  }
  budget.reserve(pairs.length);
  return PyDict.of([...pairs, ...args.named], budget);
};

const collection =
  (name: string, make: (items: Value[], budget: Budget) => Value): Implementation =>
  (args, budget) => {
    const value = optional(name, args);
    const items = value === undefined ? [] : [...visit(value, budget)];
    budget.reserve(items.length);
    return make(items, budget);
  };

const isinstance: Implementation = (args) => {
  const [value = null, types = null] = bind('isinstance', args, ['/object', '/classes']);
  const matches = (type: Value): boolean => {
    if (type instanceof PyTuple) return type.items.some(matches);
    if (!(type instanceof PyFunction) || !type.isType)
      throw typeError('isinstance() arg 2 must be a type, a tuple of types, or a union');
    return type.name === typeName(value) || (type.name === 'int' && typeof value === 'boolean');
  };
  return matches(types);
};

/** `any` and `all` stop at the first item that decides the result. */
const quantifier =
  (name: 'any' | 'all'): Implementation =>
  (args, budget) => {
    for (const item of visit(first(name, args), budget)) if (truth(item) === (name === 'any')) return name === 'any';
    return name === 'all';
  };

const functions: Readonly<Record<string, Implementation>> = {
  abs,
  all: quantifier('all'),
  any: quantifier('any'),
  isinstance,
  len,
  max: extreme('max'),
  min: extreme('min'),
  round,
  sorted: sort,
  sum,
};

const types: Readonly<Record<string, Implementation>> = {
  bool: (args) => truth(optional('bool', args) ?? false),
  dict,
  enumerate,
  float,
  int,
  list: collection('list', (items) => new PyList(items)),
  range,
  set: collection('set', (items, budget) => PySet.of(items, budget)),
  str: (args, budget) => {
    const value = optional('str', args);
    return value === undefined ? '' : toText(value, budget);
  },
  tuple: collection('tuple', (items) => new PyTuple(items)),
  zip,
};

/** The names that every expression knows besides its data. */
export const builtinNames: ReadonlySet<string> = new Set([
  ...Object.keys(functions),
  ...Object.keys(types),
  'math',
  're',
]);

/** A builtin by its name, tied to the budget of one evaluation. */
export function builtin(name: string, budget: Budget): Value | undefined {
  if (name === 'math') return mathModule(budget);
  if (name === 're') return reModule(budget);
  const type = Object.hasOwn(types, name) ? types[name] : undefined;
  const implementation = type ?? (Object.hasOwn(functions, name) ? functions[name] : undefined);
  return implementation === undefined
    ? undefined
    : new PyFunction(name, (args) => implementation(args, budget), type !== undefined);
}
