import type { BinaryOperator } from './ast.js';
import { bitLength } from './bit-length.js';
import type { Budget } from './budget.js';
import { numeric } from './comparison.js';
import { EvaluationFailure } from './errors.js';
import { visit } from './iteration.js';
import {
  divideIntegers,
  floorDivideFloats,
  floorDivideIntegers,
  moduloFloats,
  moduloIntegers,
  powerFloats,
  powerIntegers,
  toFloat,
} from './numbers.js';
import { hashKey, iterate, PyList, PySet, PyTuple, PyView, typeError, typeName, type Value } from './values.js';

/** `left operator right` with Python's semantics. */
export function binary(operator: BinaryOperator, left: Value, right: Value, budget: Budget): Value {
  const [a, b] = [numeric(left), numeric(right)];
  if (a !== undefined && b !== undefined) {
    return typeof a === 'bigint' && typeof b === 'bigint'
      ? integers(operator, a, b, budget)
      : floats(operator, typeof a === 'bigint' ? toFloat(a) : a, typeof b === 'bigint' ? toFloat(b) : b);
  }
  if (operator === '+') {
    const joined = concatenate(left, right, budget);
    if (joined !== undefined) return joined;
  }
  if (operator === '*') {
    const repeated =
      typeof b === 'bigint' ? repeat(left, b, budget) : typeof a === 'bigint' ? repeat(right, a, budget) : undefined;
    if (repeated !== undefined) return repeated;
  }
  if (operator === '-') {
    const difference = subtract(left, right, budget);
    if (difference !== undefined) return difference;
  }
  if (operator === '%' && typeof left === 'string')
    throw new EvaluationFailure('Unsupported', 'formatting with % is not available; use str(…) and +');
  throw typeError(
    `unsupported operand type(s) for ${operator === '**' ? '** or pow()' : operator}: '${typeName(left)}' and '${typeName(right)}'`,
  );
}

function integers(operator: BinaryOperator, left: bigint, right: bigint, budget: Budget): bigint | number {
  budget.read(left);
  budget.read(right);
  switch (operator) {
    case '+':
      budget.bits(Math.max(bitLength(left), bitLength(right)) + 1);
      return left + right;
    case '-':
      budget.bits(Math.max(bitLength(left), bitLength(right)) + 1);
      return left - right;
    case '*':
      budget.bits(bitLength(left) + bitLength(right));
      return left * right;
    case '/':
      return divideIntegers(left, right);
    case '//':
      return floorDivideIntegers(left, right);
    case '%':
      return moduloIntegers(left, right);
    case '**':
      return powerIntegers(left, right, budget);
  }
}

function floats(operator: BinaryOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      if (right === 0) throw new EvaluationFailure('ZeroDivisionError', 'float division by zero');
      return left / right;
    case '//':
      return floorDivideFloats(left, right);
    case '%':
      return moduloFloats(left, right);
    case '**':
      return powerFloats(left, right);
  }
}

function concatenate(left: Value, right: Value, budget: Budget): Value | undefined {
  if (typeof left === 'string' && typeof right === 'string') {
    budget.reserve(left.length + right.length);
    return left + right;
  }
  if (left instanceof PyList && right instanceof PyList) {
    budget.reserve(left.items.length + right.items.length);
    return new PyList([...left.items, ...right.items]);
  }
  if (left instanceof PyTuple && right instanceof PyTuple) {
    budget.reserve(left.items.length + right.items.length);
    return new PyTuple([...left.items, ...right.items]);
  }
  return undefined;
}

/** A set subtracts only sets; the keys and items of a dictionary subtract any iterable. */
function subtract(left: Value, right: Value, budget: Budget): Value | undefined {
  const isView = left instanceof PyView && left.part !== 'values';
  const from = left instanceof PySet ? left : isView ? PySet.of(visit(left, budget), budget) : undefined;
  const isSetLike = right instanceof PySet || (right instanceof PyView && right.part !== 'values');
  if (from === undefined || !(isView || isSetLike)) return undefined;
  if (iterate(right) === undefined) return undefined;
  budget.reserve(from.entries.size);
  const kept = new Map(from.entries);
  for (const item of visit(right, budget)) kept.delete(hashKey(item, budget));
  return new PySet(kept);
}

function repeat(value: Value, times: bigint, budget: Budget): Value | undefined {
  const count = times < 0n ? 0 : Number(times);
  const check = (length: number) => {
    budget.reserve(length * count);
    return length === 0 ? 0 : count;
  };
  if (typeof value === 'string') return value.repeat(check(value.length));
  if (value instanceof PyList) return new PyList(repeated(value.items, check(value.items.length)));
  if (value instanceof PyTuple) return new PyTuple(repeated(value.items, check(value.items.length)));
  return undefined;
}

function repeated(items: readonly Value[], times: number): Value[] {
  const all: Value[] = [];
  for (let round = 0; round < times; round += 1) for (const item of items) all.push(item);
  return all;
}

/** `-value` and `+value`. */
export function sign(operator: '-' | '+', value: Value): Value {
  const number = numeric(value);
  if (number === undefined) throw typeError(`bad operand type for unary ${operator}: '${typeName(value)}'`);
  return operator === '-' ? -number : number;
}
