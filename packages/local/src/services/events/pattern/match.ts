import { isPlainObject } from '../../../wire/message.js';
import type { FieldPattern, LeafTest, NumericBound, ObjectPattern } from './pattern.js';

/** Returns true if an event matches a pattern. */
export function matches(pattern: ObjectPattern, event: unknown): boolean {
  return objectFits(pattern, event);
}

function objectFits(pattern: ObjectPattern, value: unknown): boolean {
  // An array of objects matches if one of its elements matches the whole pattern.
  if (Array.isArray(value)) return value.some((element) => objectFits(pattern, element));
  return (
    pattern.fields.every(([name, field]) => fieldFits(field, memberAt(value, name))) &&
    pattern.alternatives.every((group) => group.some((alternative) => objectFits(alternative, value)))
  );
}

/**
 * EventBridge joins the names of nested fields with dots, in events and in patterns: `a.b` in a pattern is also `b` in
 * `a`, and the other way round.
 */
function memberAt(value: unknown, name: string): unknown {
  if (Array.isArray(value)) {
    const found = value.map((element) => memberAt(element, name)).filter((member) => member !== undefined);
    return found.length === 0 ? undefined : found;
  }
  if (!isPlainObject(value)) return undefined;
  const own = Object.hasOwn(value, name) ? value[name] : undefined;
  const joined = joinedMembers(value, `${name}.`);
  if (own !== undefined) return isPlainObject(own) && joined !== undefined ? { ...joined, ...own } : own;
  if (joined !== undefined) return joined;
  for (let dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
    const head = name.slice(0, dot);
    const inner = Object.hasOwn(value, head) ? memberAt(value[head], name.slice(dot + 1)) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function joinedMembers(value: Readonly<Record<string, unknown>>, prefix: string) {
  const members = Object.entries(value).filter(([name]) => name.startsWith(prefix));
  if (members.length === 0) return undefined;
  return Object.fromEntries(members.map(([name, member]) => [name.slice(prefix.length), member]));
}

function fieldFits(pattern: FieldPattern, value: unknown): boolean {
  if (pattern.kind === 'object') return objectFits(pattern, value);
  const scalars = scalarsOf(value);
  return pattern.tests.some((test) => testFits(test, scalars));
}

/** The values that a leaf is compared with: the value, or the elements of an array; objects are not leaves. */
function scalarsOf(value: unknown): readonly unknown[] {
  if (value === undefined || isPlainObject(value)) return [];
  return Array.isArray(value) ? value.flatMap(scalarsOf) : [value];
}

function testFits(test: LeafTest, scalars: readonly unknown[]): boolean {
  switch (test.kind) {
    case 'exists':
      return test.expected === scalars.length > 0;
    case 'exact':
      return scalars.includes(test.value);
    case 'text':
    case 'cidr':
      return scalars.some((scalar) => typeof scalar === 'string' && test.fits(scalar));
    case 'numeric':
      return scalars.some(
        (scalar) => typeof scalar === 'number' && test.bounds.every((bound) => inBound(scalar, bound)),
      );
    case 'anything-but':
      return scalars.some(
        (scalar) =>
          !test.values.some((value) => value === scalar) &&
          !test.texts.some((fits) => typeof scalar === 'string' && fits(scalar)),
      );
  }
}

function inBound(number: number, { operator, value }: NumericBound): boolean {
  switch (operator) {
    case '<':
      return number < value;
    case '<=':
      return number <= value;
    case '=':
      return number === value;
    case '>':
      return number > value;
    case '>=':
      return number >= value;
  }
}
