import { isPlainObject } from '../../../wire/message.js';
import type { FieldPattern, LeafTest, NumericBound, ObjectPattern } from './pattern.js';

/** Returns true if an event matches a pattern. */
export function matches(pattern: ObjectPattern, event: unknown): boolean {
  return objectFits(pattern, event);
}

function objectFits(pattern: ObjectPattern, value: unknown): boolean {
  // An array of objects matches if one of its elements matches the whole pattern.
  if (Array.isArray(value)) return value.some((element) => objectFits(pattern, element));
  const member = (name: string) => (isPlainObject(value) && Object.hasOwn(value, name) ? value[name] : undefined);
  return (
    pattern.fields.every(([name, field]) => fieldFits(field, member(name))) &&
    pattern.alternatives.every((group) => group.some((alternative) => objectFits(alternative, value)))
  );
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
