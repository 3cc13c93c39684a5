import { bind, integer } from './arguments.js';
import { bitLength } from './bit-length.js';
import type { Budget } from './budget.js';
import { numeric } from './comparison.js';
import { EvaluationFailure } from './errors.js';
import { visit } from './iteration.js';
import { exactRatio, powerFloats, ratio, scale, toFloat } from './numbers.js';
import { binary } from './operators.js';
import {
  type Arguments,
  PyFunction,
  PyModule,
  PyTuple,
  typeError,
  typeName,
  type Value,
  valueError,
} from './values.js';

const domain = () => valueError('math domain error');
const range = () => new EvaluationFailure('OverflowError', 'math range error');

/** An argument as a float. */
function float(value: Value): number {
  const number = numeric(value);
  if (number === undefined) throw typeError(`must be real number, not ${typeName(value)}`);
  return typeof number === 'bigint' ? toFloat(number) : number;
}

/** In Python, a NaN or infinite result is an error unless an argument was NaN or infinite. */
function checked(result: number, ...args: readonly number[]): number {
  if (Number.isNaN(result) && !args.some(Number.isNaN)) throw domain();
  if (!Number.isFinite(result) && !Number.isNaN(result) && args.every(Number.isFinite)) throw range();
  return result;
}

type Implementation = (args: Arguments, budget: Budget) => Value;

const unary = (name: string, compute: (x: number) => number): [string, Implementation] => [
  name,
  (args) => {
    const [x = null] = bind(name, args, ['/x']);
    const value = float(x);
    return checked(compute(value), value);
  },
];

const twoFloats = (name: string, compute: (x: number, y: number) => number): [string, Implementation] => [
  name,
  (args) => {
    const [x = null, y = null] = bind(name, args, ['/x', '/y']);
    return compute(float(x), float(y));
  },
];

const test = (name: string, holds: (x: number) => boolean): [string, Implementation] => [
  name,
  (args) => {
    const [x = null] = bind(name, args, ['/x']);
    return holds(float(x));
  },
];

const rounding = (name: string, compute: (x: number) => number): [string, Implementation] => [
  name,
  (args) => {
    const [x = null] = bind(name, args, ['/x']);
    const number = numeric(x);
    if (typeof number === 'bigint') return number;
    const value = float(x);
    if (Number.isNaN(value)) throw valueError('cannot convert float NaN to integer');
    if (!Number.isFinite(value))
      throw new EvaluationFailure('OverflowError', 'cannot convert float infinity to integer');
    return BigInt(compute(value));
  },
];

function wholeArguments(name: string, args: Arguments): bigint[] {
  if (args.named.size > 0) throw typeError(`math.${name}() takes no keyword arguments`);
  return args.positional.map(integer);
}

function greatestCommonDivisor(left: bigint, right: bigint, budget: Budget): bigint {
  let [a, b] = [left < 0n ? -left : left, right < 0n ? -right : right];
  // In the worst case, Euclid's algorithm needs one round for nearly every bit, and each round reads all bits.
  const bits = bitLength(a < b ? a : b);
  budget.spend(bits + ((bits * bits) >>> 14));
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

/** Exact for whole numbers of any size: log(m × 2^e) = log(m) + e × log(2). */
function logarithm(value: Value, log: (x: number) => number, log2: number): number {
  const number = numeric(value);
  if (typeof number === 'bigint') {
    if (number <= 0n) throw domain();
    const excess = Math.max(0, bitLength(number) - 1000);
    return excess === 0 ? log(Number(number)) : log(Number(number >> BigInt(excess))) + excess * log2;
  }
  const x = float(value);
  if (x <= 0) throw domain();
  return log(x);
}

const log: Implementation = (args) => {
  const [x = null, base] = bind('log', args, ['/x', '/base?']);
  const value = logarithm(x, Math.log, Math.LN2);
  if (base === undefined) return value;
  const divisor = logarithm(base, Math.log, Math.LN2);
  if (divisor === 0) throw new EvaluationFailure('ZeroDivisionError', 'float division by zero');
  return value / divisor;
};

/** The exact sum of finite floats, rounded once. */
function exactSum(values: readonly number[]): number {
  if (values.some((value) => !Number.isFinite(value))) {
    const sum = values.reduce((left, right) => left + right, 0);
    if (Number.isNaN(sum) && !values.some(Number.isNaN)) throw valueError('-inf + inf in fsum');
    return sum;
  }
  let [numerator, shift] = [0n, 0n];
  for (const value of values) {
    const [top, bottom] = exactRatio(value);
    const bits = BigInt(bitLength(bottom) - 1);
    if (bits > shift) {
      numerator <<= bits - shift;
      shift = bits;
    }
    numerator += top << (shift - bits);
  }
  const result = ratio(numerator < 0n ? -numerator : numerator, 1n << shift);
  if (!Number.isFinite(result)) throw new EvaluationFailure('OverflowError', 'intermediate overflow in fsum');
  return numerator < 0n ? -result : result;
}

const items = (value: Value, budget: Budget): Value[] => [...visit(value, budget)];

const product: Implementation = (args, budget) => {
  const [iterable = null, start] = bind('prod', args, ['/iterable', '*start?']);
  return items(iterable, budget).reduce((left, right) => binary('*', left, right, budget), start ?? 1n);
};

const factorial: Implementation = (args, budget) => {
  const [x = null] = bind('factorial', args, ['/x']);
  const n = integer(x);
  if (n < 0n) throw valueError('factorial() not defined for negative values');
  budget.bits(Number(n) * Math.log2(Number(n) + 1));
  budget.spend(Number(n));
  let result = 1n;
  for (let factor = 2n; factor <= n; factor += 1n) result *= factor;
  return result;
};

/** n! / (n - k)!, divided by k! for combinations. */
const choose =
  (name: 'comb' | 'perm'): Implementation =>
  (args, budget) => {
    const [nArgument = null, kArgument] = bind(name, args, name === 'comb' ? ['/n', '/k'] : ['/n', '/k?']);
    const n = integer(nArgument);
    const k = kArgument === undefined || (name === 'perm' && kArgument === null) ? n : integer(kArgument);
    if (n < 0n) throw valueError('n must be a non-negative integer');
    if (k < 0n) throw valueError('k must be a non-negative integer');
    if (k > n) return 0n;
    const times = name === 'comb' && n - k < k ? n - k : k;
    budget.bits(Number(times) * bitLength(n));
    budget.spend(4 * Number(times));
    let result = 1n;
    for (let index = 0n; index < times; index += 1n)
      result = name === 'comb' ? (result * (n - index)) / (index + 1n) : result * (n - index);
    return result;
  };

const squareRoot: Implementation = (args, budget) => {
  const [x = null] = bind('isqrt', args, ['/n']);
  const n = integer(x);
  if (n < 0n) throw valueError('isqrt() argument must be nonnegative');
  if (n === 0n) return 0n;
  budget.spend(bitLength(n));
  let guess = 1n << BigInt((bitLength(n) + 1) >> 1);
  for (;;) {
    const better = (guess + n / guess) >> 1n;
    if (better >= guess) return guess;
    guess = better;
  }
};

const isClose: Implementation = (args) => {
  const [a = null, b = null, relative, absolute] = bind('isclose', args, ['a', 'b', '*rel_tol?', '*abs_tol?']);
  const [x, y] = [float(a), float(b)];
  const [rel, abs] = [relative === undefined ? 1e-9 : float(relative), absolute === undefined ? 0 : float(absolute)];
  if (rel < 0 || abs < 0) throw valueError('tolerances must be non-negative');
  if (x === y) return true;
  if (!Number.isFinite(x) || !Number.isFinite(y)) return false;
  const difference = Math.abs(x - y);
  return difference <= Math.abs(rel * y) || difference <= Math.abs(rel * x) || difference <= abs;
};

function split(x: number): readonly [number, number] {
  if (x === 0 || !Number.isFinite(x)) return [x, 0];
  let exponent = Math.max(-1023, Math.floor(Math.log2(Math.abs(x))) + 1);
  let mantissa = scale(x, -exponent);
  while (Math.abs(mantissa) < 0.5) {
    mantissa *= 2;
    exponent -= 1;
  }
  while (Math.abs(mantissa) >= 1) {
    mantissa /= 2;
    exponent += 1;
  }
  return [mantissa, exponent];
}

const loadExponent: Implementation = (args) => {
  const [x = null, i = null] = bind('ldexp', args, ['/x', '/i']);
  const [value, exponent] = [float(x), integer(i)];
  const bounded = Number(exponent > 5000n ? 5000n : exponent < -5000n ? -5000n : exponent);
  // Uses an exact fraction, so that a subnormal result is rounded once.
  if (value === 0 || !Number.isFinite(value)) return value;
  const [top, bottom] = exactRatio(Math.abs(value));
  const result = bounded >= 0 ? ratio(top << BigInt(bounded), bottom) : ratio(top, bottom << BigInt(-bounded));
  if (!Number.isFinite(result)) throw range();
  return value < 0 ? -result : result;
};

function remainder(x: number, y: number): number {
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  if (!Number.isFinite(x) || y === 0) throw domain();
  if (!Number.isFinite(y)) return x;
  const size = Math.abs(y);
  const rest = Math.abs(x) % size;
  const other = size - rest;
  const nearest = rest < other ? rest : rest > other ? -other : rest - 2 * ((0.5 * (Math.abs(x) - rest)) % size);
  return (x < 0 || Object.is(x, -0) ? -1 : 1) * nearest;
}

const functions: readonly [string, Implementation][] = [
  rounding('ceil', Math.ceil),
  rounding('floor', Math.floor),
  rounding('trunc', Math.trunc),
  unary('acos', Math.acos),
  unary('acosh', Math.acosh),
  unary('asin', Math.asin),
  unary('asinh', Math.asinh),
  unary('atan', Math.atan),
  unary('atanh', (x) => (Math.abs(x) === 1 ? Number.NaN : Math.atanh(x))),
  unary('cbrt', Math.cbrt),
  unary('cos', Math.cos),
  unary('cosh', Math.cosh),
  unary('degrees', (x) => x * (180 / Math.PI)),
  unary('exp', Math.exp),
  unary('exp2', (x) => 2 ** x),
  unary('expm1', Math.expm1),
  unary('fabs', Math.abs),
  unary('log1p', (x) => (x === -1 ? Number.NaN : Math.log1p(x))),
  unary('radians', (x) => x * (Math.PI / 180)),
  unary('sin', Math.sin),
  unary('sinh', Math.sinh),
  unary('sqrt', Math.sqrt),
  unary('tan', Math.tan),
  unary('tanh', Math.tanh),
  twoFloats('atan2', Math.atan2),
  twoFloats('copysign', (x, y) => (y < 0 || Object.is(y, -0) ? -Math.abs(x) : Math.abs(x))),
  twoFloats('fmod', (x, y) => checked(x % y, x, y)),
  twoFloats('pow', (x, y) => {
    if (x === 0 && y < 0) throw domain();
    if (x < 0 && Number.isFinite(x) && Number.isFinite(y) && !Number.isInteger(y)) throw domain();
    return powerFloats(x, y);
  }),
  twoFloats('remainder', remainder),
  test('isfinite', Number.isFinite),
  test('isinf', (x) => !Number.isFinite(x) && !Number.isNaN(x)),
  test('isnan', Number.isNaN),
  ['log', log],
  ['log2', (args) => logarithm(bind('log2', args, ['/x'])[0] ?? null, Math.log2, 1)],
  ['log10', (args) => logarithm(bind('log10', args, ['/x'])[0] ?? null, Math.log10, Math.log10(2))],
  ['fsum', (args, budget) => exactSum(items(bind('fsum', args, ['/seq'])[0] ?? null, budget).map(float))],
  ['prod', product],
  ['factorial', factorial],
  ['comb', choose('comb')],
  ['perm', choose('perm')],
  ['isqrt', squareRoot],
  ['isclose', isClose],
  [
    'gcd',
    (args, budget) =>
      wholeArguments('gcd', args).reduce((left, right) => greatestCommonDivisor(left, right, budget), 0n),
  ],
  [
    'lcm',
    (args, budget) =>
      wholeArguments('lcm', args).reduce((left, right) => {
        if (left === 0n || right === 0n) return 0n;
        budget.bits(bitLength(left) + bitLength(right));
        const multiple = (left / greatestCommonDivisor(left, right, budget)) * right;
        return multiple < 0n ? -multiple : multiple;
      }, 1n),
  ],
  [
    'hypot',
    (args) => {
      if (args.named.size > 0) throw typeError('math.hypot() takes no keyword arguments');
      return Math.hypot(...args.positional.map(float));
    },
  ],
  [
    'dist',
    (args, budget) => {
      const [p = null, q = null] = bind('dist', args, ['/p', '/q']);
      const [from, to] = [items(p, budget).map(float), items(q, budget).map(float)];
      if (from.length !== to.length) throw valueError('both points must have the same number of dimensions');
      return Math.hypot(...from.map((x, index) => x - (to[index] ?? 0)));
    },
  ],
  [
    'modf',
    (args) => {
      const x = float(bind('modf', args, ['/x'])[0] ?? null);
      if (!Number.isFinite(x)) return new PyTuple(Number.isNaN(x) ? [x, x] : [x > 0 ? 0 : -0, x]);
      const whole = Math.trunc(x);
      const fraction = x - whole;
      return new PyTuple([fraction === 0 && (x < 0 || Object.is(x, -0)) ? -0 : fraction, whole]);
    },
  ],
  [
    'frexp',
    (args) => {
      const [mantissa, exponent] = split(float(bind('frexp', args, ['/x'])[0] ?? null));
      return new PyTuple([mantissa, BigInt(exponent)]);
    },
  ],
  ['ldexp', loadExponent],
];

/** The module `math`. */
export function mathModule(budget: Budget): PyModule {
  const constants: [string, Value][] = [
    ['pi', Math.PI],
    ['e', Math.E],
    ['tau', 2 * Math.PI],
    ['inf', Number.POSITIVE_INFINITY],
    ['nan', Number.NaN],
  ];
  return new PyModule(
    'math',
    new Map<string, Value>([
      ...constants,
      ...functions.map(([name, implementation]): [string, Value] => [
        name,
        new PyFunction(name, (args) => implementation(args, budget)),
      ]),
    ]),
  );
}
