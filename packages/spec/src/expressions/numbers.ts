import { bitLength } from './bit-length.js';
import type { Budget } from './budget.js';
import { EvaluationFailure } from './errors.js';

const divisionByZero = (message: string) => new EvaluationFailure('ZeroDivisionError', message);

/** An int as a float, rounded half to even; Python's OverflowError when it is too large. */
export function toFloat(value: bigint): number {
  const result = Number(value);
  if (!Number.isFinite(result)) throw new EvaluationFailure('OverflowError', 'int too large to convert to float');
  return result;
}

/** `a / b` of two ints: the float nearest to the exact quotient, even when the operands exceed 2^53. */
export function divideIntegers(left: bigint, right: bigint): number {
  if (right === 0n) throw divisionByZero('division by zero');
  if (bitLength(left) <= 53 && bitLength(right) <= 53) return Number(left) / Number(right);
  const negative = left < 0n !== right < 0n;
  const quotient = ratio(left < 0n ? -left : left, right < 0n ? -right : right);
  if (!Number.isFinite(quotient))
    throw new EvaluationFailure('OverflowError', 'integer division result too large for a float');
  return negative ? -quotient : quotient;
}

/** The float nearest to numerator / denominator (both positive, numerator perhaps 0), half to even. */
export function ratio(numerator: bigint, denominator: bigint): number {
  if (numerator === 0n) return 0;
  // 66 bits of quotient and a sticky bit: Number() then rounds only once, correctly. Subnormals get fewer bits for the
  // same reason.
  let shift = 66 - (bitLength(numerator) - bitLength(denominator));
  if (shift > 1074) shift = 1074;
  const scaled = shift >= 0 ? numerator << BigInt(shift) : numerator;
  const divisor = shift >= 0 ? denominator : denominator << BigInt(-shift);
  const quotient = scaled / divisor;
  if (shift === 1074) {
    const remainder = scaled % divisor;
    const twice = remainder * 2n;
    const up = twice > divisor || (twice === divisor && (quotient & 1n) === 1n);
    return scale(Number(up ? quotient + 1n : quotient), -1074);
  }
  const sticky = scaled % divisor === 0n ? 0n : 1n;
  return scale(Number((quotient << 1n) | sticky), -shift - 1);
}

/** value × 2^exponent in steps that neither overflow nor lose bits early. */
export function scale(value: number, exponent: number): number {
  let result = value;
  let left = exponent;
  while (left > 1000) {
    result *= 2 ** 1000;
    left -= 1000;
  }
  while (left < -1000) {
    result *= 2 ** -1000;
    left += 1000;
  }
  return result * 2 ** left;
}

export function floorDivideIntegers(left: bigint, right: bigint): bigint {
  if (right === 0n) throw divisionByZero('integer division or modulo by zero');
  const quotient = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
}

export function moduloIntegers(left: bigint, right: bigint): bigint {
  if (right === 0n) throw divisionByZero('integer modulo by zero');
  const remainder = left % right;
  return remainder !== 0n && remainder < 0n !== right < 0n ? remainder + right : remainder;
}

/** `%` of floats: the result has the sign of the divisor. */
export function moduloFloats(left: number, right: number): number {
  if (right === 0) throw divisionByZero('float modulo');
  const remainder = left % right;
  if (Number.isNaN(remainder)) return remainder;
  if (remainder === 0) return right < 0 || Object.is(right, -0) ? -0 : 0;
  return remainder < 0 !== right < 0 ? remainder + right : remainder;
}

/** `//` of floats, as CPython computes it: from the exact remainder. */
export function floorDivideFloats(left: number, right: number): number {
  if (right === 0) throw divisionByZero('float floor division by zero');
  let remainder = left % right;
  if (Number.isNaN(remainder)) return Number.NaN;
  let quotient = (left - remainder) / right;
  if (remainder !== 0 && remainder < 0 !== right < 0) {
    remainder += right;
    quotient -= 1;
  }
  if (quotient === 0) return left / right < 0 || Object.is(left / right, -0) ? -0 : 0;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

export function powerIntegers(base: bigint, exponent: bigint, budget: Budget): bigint | number {
  if (exponent < 0n) {
    if (base === 0n) throw divisionByZero('0.0 cannot be raised to a negative power');
    return powerFloats(toFloat(base), toFloat(exponent));
  }
  if (base === 0n || base === 1n) return exponent === 0n ? 1n : base;
  if (base === -1n) return exponent % 2n === 0n ? 1n : -1n;
  budget.bits(bitLength(base) * Number(exponent));
  return base ** exponent;
}

export function powerFloats(base: number, exponent: number): number {
  if (base === 0 && exponent < 0) throw divisionByZero('0.0 cannot be raised to a negative power');
  if (base < 0 && Number.isFinite(base) && Number.isFinite(exponent) && !Number.isInteger(exponent))
    throw new EvaluationFailure(
      'Unsupported',
      'a negative number raised to a fraction is complex, and complex numbers are not available',
    );
  // C's pow, and therefore Python's, returns 1 where JavaScript returns NaN.
  if (base === 1 || (base === -1 && !Number.isFinite(exponent) && !Number.isNaN(exponent))) return 1;
  const result = base ** exponent;
  if (!Number.isFinite(result) && !Number.isNaN(result) && Number.isFinite(base) && Number.isFinite(exponent))
    throw new EvaluationFailure('OverflowError', 'Numerical result out of range');
  return result;
}

/** `round(x, digits)` of an int: half to even for negative digits. */
export function roundInteger(value: bigint, digits: bigint, budget: Budget): bigint {
  if (digits >= 0n) return value;
  if (-digits > BigInt(bitLength(value))) return 0n;
  budget.bits(Number(-digits) * 4);
  const unit = 10n ** -digits;
  const floor = floorDivideIntegers(value, unit);
  const twice = (value - floor * unit) * 2n;
  const up = twice > unit || (twice === unit && (floor & 1n) === 1n);
  return (up ? floor + 1n : floor) * unit;
}

/** `round(x)` of a float: the nearest int, half to even. */
export function roundToInteger(value: number): bigint {
  if (Number.isNaN(value)) throw new EvaluationFailure('ValueError', 'cannot convert float NaN to integer');
  if (!Number.isFinite(value)) throw new EvaluationFailure('OverflowError', 'cannot convert float infinity to integer');
  const floor = Math.floor(value);
  const fraction = value - floor;
  const even = floor % 2 === 0 ? floor : floor + 1;
  return BigInt(fraction < 0.5 ? floor : fraction > 0.5 ? floor + 1 : even);
}

/** A finite float as numerator and denominator, exactly. */
export function exactRatio(value: number): readonly [bigint, bigint] {
  let scaled = value;
  let exponent = 0;
  while (!Number.isInteger(scaled)) {
    scaled *= 2;
    exponent += 1;
  }
  return [BigInt(scaled), 1n << BigInt(exponent)];
}

/** `round(x, digits)` of a float: the decimal nearest to the float's exact value, half to even, read back as a float. */
export function roundFloat(value: number, digits: bigint, budget: Budget): number {
  if (!Number.isFinite(value) || value === 0) return value;
  if (digits > 323n) return value;
  if (digits < -308n) return value < 0 ? -0 : 0;
  // The exact fraction of a float, and the power of ten, have a number of digits that follows from their exponents.
  budget.spend(8 + (Math.abs(Math.log2(Math.abs(value))) + Math.abs(Number(digits))) / 4);
  const [numerator, denominator] = exactRatio(Math.abs(value));
  const up = digits >= 0n ? 10n ** digits : 1n;
  const down = digits >= 0n ? 1n : 10n ** -digits;
  const dividend = numerator * up;
  const divisor = denominator * down;
  const floor = dividend / divisor;
  const twice = (dividend - floor * divisor) * 2n;
  const rounded = twice > divisor || (twice === divisor && (floor & 1n) === 1n) ? floor + 1n : floor;
  const result = ratio(rounded * down, up);
  if (!Number.isFinite(result)) throw new EvaluationFailure('OverflowError', 'rounded value too large to represent');
  return value < 0 ? -result : result;
}
