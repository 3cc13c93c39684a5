import type { Budget } from './budget.js';
import { EvaluationFailure } from './errors.js';
import { representation } from './representation.js';
import {
  characters,
  PyDict,
  PyList,
  PyMatch,
  PyRange,
  PyTuple,
  typeError,
  typeName,
  type Value,
  valueError,
} from './values.js';

/** `object[key]`. */
export function index(object: Value, key: Value, budget: Budget): Value {
  if (object instanceof PyDict) {
    const value = object.get(key, budget);
    if (value === undefined) throw new EvaluationFailure('KeyError', representation(key, budget));
    return value;
  }
  if (object instanceof PyMatch) return group(object, key);
  if (object instanceof PyRange) {
    const at = position(key, object.length, 'range');
    return object.start + BigInt(at) * object.step;
  }
  const items = sequence(object, budget);
  if (items === undefined) throw typeError(`'${typeName(object)}' object is not subscriptable`);
  return items[position(key, BigInt(items.length), typeName(object))] ?? null;
}

function position(key: Value, length: bigint, type: string): number {
  const at = typeof key === 'boolean' ? BigInt(key) : key;
  if (typeof at !== 'bigint')
    throw typeError(
      `${type} indices must be integers${type === 'list' || type === 'tuple' || type === 'range' ? ' or slices' : ''}, not ${typeName(key)}`,
    );
  const absolute = at < 0n ? at + length : at;
  if (absolute < 0n || absolute >= length)
    throw new EvaluationFailure('IndexError', `${type === 'str' ? 'string' : type} index out of range`);
  return Number(absolute);
}

function sequence(object: Value, budget: Budget): readonly Value[] | undefined {
  if (object instanceof PyList || object instanceof PyTuple) return object.items;
  if (typeof object !== 'string') return undefined;
  budget.reserve(object.length);
  return characters(object);
}

/** `object[start:stop:step]`; an absent bound is None. */
export function slice(object: Value, start: Value, stop: Value, step: Value, budget: Budget): Value {
  if (object instanceof PyRange) {
    const { from, to, stride } = bounds(start, stop, step, object.length);
    return new PyRange(object.start + from * object.step, object.start + to * object.step, object.step * stride);
  }
  const items = sequence(object, budget);
  if (items === undefined) {
    if (object instanceof PyDict) throw typeError("unhashable type: 'slice'");
    throw typeError(`'${typeName(object)}' object is not subscriptable`);
  }
  const { from, to, stride } = bounds(start, stop, step, BigInt(items.length));
  const taken: Value[] = [];
  const [first, last, by] = [Number(from), Number(to), Number(stride)];
  for (let at = first; by > 0 ? at < last : at > last; at += by) taken.push(items[at] ?? null);
  budget.reserve(taken.length);
  if (object instanceof PyList) return new PyList(taken);
  return object instanceof PyTuple ? new PyTuple(taken) : taken.join('');
}

/** Source: the Python data model, `slice.indices`. */
function bounds(start: Value, stop: Value, step: Value, length: bigint): { from: bigint; to: bigint; stride: bigint } {
  const whole = (bound: Value): bigint | undefined => {
    if (bound === null) return undefined;
    if (typeof bound === 'boolean') return BigInt(bound);
    if (typeof bound !== 'bigint')
      throw typeError('slice indices must be integers or None or have an __index__ method');
    return bound;
  };
  const stride = whole(step) ?? 1n;
  if (stride === 0n) throw valueError('slice step cannot be zero');
  const [low, high] = stride > 0n ? [0n, length] : [-1n, length - 1n];
  const clamp = (bound: bigint | undefined, otherwise: bigint) => {
    if (bound === undefined) return otherwise;
    const absolute = bound < 0n ? bound + length : bound;
    return absolute < low ? low : absolute > high ? high : absolute;
  };
  return {
    from: clamp(whole(start), stride > 0n ? low : high),
    to: clamp(whole(stop), stride > 0n ? high : low),
    stride,
  };
}

/** `match[key]` and `match.group(key)`. */
export function group(match: PyMatch, key: Value): Value {
  const at =
    typeof key === 'string'
      ? match.names.get(key)
      : typeof key === 'bigint'
        ? Number(key)
        : typeof key === 'boolean'
          ? Number(key)
          : undefined;
  if (at === undefined || at < 0 || at >= match.groups.length)
    throw new EvaluationFailure('IndexError', 'no such group');
  return match.groups[at]?.text ?? null;
}
