import type { ComparisonOperator } from './ast.js';
import type { Budget } from './budget.js';
import { visit } from './iteration.js';
import {
  hashKey,
  iterate,
  PyDict,
  PyList,
  PyMatch,
  PyRange,
  PySet,
  PyTuple,
  PyView,
  typeError,
  typeName,
  type Value,
} from './values.js';

/** `left == right`, by value as Python does: `1 == 1.0 == True`. */
function equals(left: Value, right: Value, budget: Budget): boolean {
  budget.spend();
  if (typeof left === 'string' && typeof right === 'string' && left.length === right.length)
    budget.spend(left.length >>> 6);
  if (left === right) return !(typeof left === 'number' && Number.isNaN(left));
  const [a, b] = [numeric(left), numeric(right)];
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint and a number compare exactly only with ==
  if (a !== undefined && b !== undefined) return a == b;
  if (left instanceof PyList && right instanceof PyList) return sameItems(left.items, right.items, budget);
  if (left instanceof PyTuple && right instanceof PyTuple) return sameItems(left.items, right.items, budget);
  if (left instanceof PyDict && right instanceof PyDict) {
    if (left.entries.size !== right.entries.size) return false;
    for (const [hash, [, value]] of left.entries) {
      const other = right.entries.get(hash);
      if (other === undefined || !same(value, other[1], budget)) return false;
    }
    return true;
  }
  // Items need not be hashable to be compared.
  if (left instanceof PyView && right instanceof PyView && left.part === 'items' && right.part === 'items')
    return equals(left.dict, right.dict, budget);
  const [first, second] = [asSet(left, budget), asSet(right, budget)];
  if (first !== undefined && second !== undefined) {
    budget.spend(first.entries.size);
    return first.entries.size === second.entries.size && isSubset(first, second);
  }
  if (left instanceof PyRange && right instanceof PyRange) return hashKey(left) === hashKey(right);
  return false;
}

/** As in Python, a container contains an item that is the same object, even one that is not equal to itself (NaN). */
export function same(left: Value, right: Value, budget: Budget): boolean {
  if (!Object.is(left, right)) return equals(left, right, budget);
  budget.spend();
  return true;
}

function sameItems(left: readonly Value[], right: readonly Value[], budget: Budget): boolean {
  if (left.length !== right.length) return false;
  return left.every((item, index) => same(item, right[index] ?? null, budget));
}

/** Converts numbers and booleans to values that JavaScript compares exactly across int and float. */
export function numeric(value: Value): bigint | number | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  return typeof value === 'bigint' || typeof value === 'number' ? value : undefined;
}

function asSet(value: Value, budget: Budget): PySet | undefined {
  if (value instanceof PySet) return value;
  return value instanceof PyView && value.part !== 'values' ? PySet.of(visit(value, budget), budget) : undefined;
}

export function isSubset(left: PySet, right: PySet): boolean {
  for (const hash of left.entries.keys()) if (!right.entries.has(hash)) return false;
  return true;
}

/** `left < right` and the other order operators; a TypeError where Python defines no order. */
export function ordered(operator: '<' | '<=' | '>' | '>=', left: Value, right: Value, budget: Budget): boolean {
  budget.spend();
  const [a, b] = [numeric(left), numeric(right)];
  if (a !== undefined && b !== undefined)
    return holds(operator, a < b, a > b, Number.isNaN(Number(a)) || Number.isNaN(Number(b)));
  if (typeof left === 'string' && typeof right === 'string') {
    budget.spend(Math.ceil(Math.min(left.length, right.length) / 16));
    const order = compareText(left, right);
    return holds(operator, order < 0, order > 0, false);
  }
  if ((left instanceof PyList && right instanceof PyList) || (left instanceof PyTuple && right instanceof PyTuple)) {
    const at = left.items.findIndex(
      (item, index) => index >= right.items.length || !same(item, right.items[index] ?? null, budget),
    );
    const one = left.items[at];
    const other = right.items[at];
    if (at >= 0 && one !== undefined && other !== undefined) return ordered(operator, one, other, budget);
    const [m, n] = [left.items.length, right.items.length];
    return holds(operator, m < n, m > n, false);
  }
  const [first, second] = [asSet(left, budget), asSet(right, budget)];
  if (first !== undefined && second !== undefined) {
    budget.spend(first.entries.size + second.entries.size);
    const [m, n] = [first.entries.size, second.entries.size];
    switch (operator) {
      case '<':
        return m < n && isSubset(first, second);
      case '<=':
        return isSubset(first, second);
      case '>':
        return m > n && isSubset(second, first);
      case '>=':
        return isSubset(second, first);
    }
  }
  throw typeError(`'${operator}' not supported between instances of '${typeName(left)}' and '${typeName(right)}'`);
}

function holds(operator: '<' | '<=' | '>' | '>=', less: boolean, greater: boolean, unordered: boolean): boolean {
  if (unordered) return false;
  switch (operator) {
    case '<':
      return less;
    case '<=':
      return !greater;
    case '>':
      return greater;
    case '>=':
      return !less;
  }
}

/** Compares by code points; JavaScript's own order uses UTF-16 units. */
function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    if (left.charCodeAt(index) !== right.charCodeAt(index)) {
      // A low surrogate differs only after the same high one, so comparing code points here is enough.
      return (left.codePointAt(index) ?? 0) - (right.codePointAt(index) ?? 0);
    }
  }
  return left.length - right.length;
}

/** `item in container`. */
export function contains(container: Value, item: Value, budget: Budget): boolean {
  if (typeof container === 'string') {
    if (typeof item !== 'string')
      throw typeError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
    budget.spend(Math.ceil(container.length / 16));
    return container.includes(item);
  }
  if (container instanceof PyDict || container instanceof PySet) return container.entries.has(hashKey(item, budget));
  if (container instanceof PyView && container.part === 'keys')
    return container.dict.entries.has(hashKey(item, budget));
  if (container instanceof PyRange) {
    const number = numeric(item);
    if (number === undefined || (typeof number === 'number' && !Number.isInteger(number))) return false;
    const offset = BigInt(number) - container.start;
    return (
      offset % container.step === 0n && offset / container.step >= 0n && offset / container.step < container.length
    );
  }
  const items = iterate(container);
  if (items === undefined || container instanceof PyMatch)
    throw typeError(`argument of type '${typeName(container)}' is not iterable`);
  for (let next = items.next(); !next.done; next = items.next()) {
    budget.spend();
    if (same(next.value, item, budget)) return true;
  }
  return false;
}

/** One link of a comparison chain. */
export function compare(operator: ComparisonOperator, left: Value, right: Value, budget: Budget): boolean {
  switch (operator) {
    case '==':
      return equals(left, right, budget);
    case '!=':
      return !equals(left, right, budget);
    case '<':
    case '<=':
    case '>':
    case '>=':
      return ordered(operator, left, right, budget);
    case 'in':
      return contains(right, left, budget);
    case 'not in':
      return !contains(right, left, budget);
    case 'is':
      return identical(left, right);
    case 'is not':
      return !identical(left, right);
  }
}

/** `is` distinguishes None, True and False; any other use is rejected at parse time. */
function identical(left: Value, right: Value): boolean {
  return (left === null || typeof left === 'boolean') && left === right;
}

/** A stable sort by Python's order. */
export function sorted(items: readonly Value[], keys: readonly Value[], reverse: boolean, budget: Budget): Value[] {
  const order = items.map((_, index) => index);
  const key = (index: number): Value => keys[index] ?? null;
  const less = (a: number, b: number) => ordered('<', key(a), key(b), budget);
  order.sort((a, b) => (reverse ? (less(b, a) ? -1 : less(a, b) ? 1 : 0) : less(a, b) ? -1 : less(b, a) ? 1 : 0));
  return order.map((index) => items[index] ?? null);
}
