import { isPlainObject } from '../../../wire/message.js';
import type { FieldPattern, LeafTest, NumericBound, ObjectPattern, Scalar, TextTest } from './pattern.js';
import {
  cidrTest,
  foldedPrefixTest,
  foldedSuffixTest,
  foldedTest,
  prefixTest,
  suffixTest,
  wildcardTest,
} from './text-tests.js';

/** An invalid event pattern; the message names the problem and its position. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

const mostNesting = 50;

/**
 * Parses an event pattern.
 *
 * @throws PatternError
 *
 * @example
 * ```ts
 * const pattern = parsePattern({ source: ['aws.s3'], detail: { object: { key: [{ prefix: 'wf/' }] } } });
 * matches(pattern, event);
 * ```
 */
export function parsePattern(value: unknown): ObjectPattern {
  return parseObject(value, []);
}

function parseObject(value: unknown, path: readonly string[]): ObjectPattern {
  if (!isPlainObject(value)) throw problem(path, 'must be an object');
  if (path.length > mostNesting) throw problem(path, `is nested more than ${mostNesting} deep`);
  const entries = Object.entries(value);
  if (entries.length === 0) throw problem(path, 'must not be an empty object');
  const fields: (readonly [string, FieldPattern])[] = [];
  const alternatives: (readonly ObjectPattern[])[] = [];
  for (const [name, member] of entries) {
    const at = [...path, name];
    // A field may really be named $or: only a list of two or more objects is the operator.
    if (name === '$or' && Array.isArray(member) && member.length > 1 && member.every(isPlainObject))
      alternatives.push(member.map((alternative) => parseObject(alternative, at)));
    else fields.push([name, parseField(member, at)]);
  }
  return { kind: 'object', fields, alternatives };
}

function parseField(value: unknown, path: readonly string[]): FieldPattern {
  if (isPlainObject(value)) return parseObject(value, path);
  if (!Array.isArray(value)) throw problem(path, 'must be an object or an array');
  if (value.length === 0) throw problem(path, 'must not be an empty array');
  return { kind: 'leaf', tests: value.map((entry) => parseTest(entry, path)) };
}

function parseTest(value: unknown, path: readonly string[]): LeafTest {
  if (isScalar(value)) return { kind: 'exact', value };
  if (!isPlainObject(value)) throw problem(path, 'must hold values or comparisons, not arrays');
  const [operator, operand] = onlyEntry(value, path);
  switch (operator) {
    case 'exists':
      if (typeof operand !== 'boolean') throw problem(path, 'exists must be true or false');
      return { kind: 'exists', expected: operand };
    case 'numeric':
      return { kind: 'numeric', bounds: parseNumeric(operand, path) };
    case 'cidr': {
      const fits = typeof operand === 'string' ? cidrTest(operand) : undefined;
      if (fits === undefined) throw problem(path, 'cidr must be an address range such as "10.0.0.0/24"');
      return { kind: 'cidr', fits };
    }
    case 'anything-but':
      return parseAnythingBut(operand, path);
    default:
      return { kind: 'text', fits: parseText(operator, operand, path) };
  }
}

function parseText(operator: string, operand: unknown, path: readonly string[]): TextTest {
  if ((operator === 'prefix' || operator === 'suffix') && isPlainObject(operand)) {
    const [inner, text] = onlyEntry(operand, path);
    if (inner !== 'equals-ignore-case' || typeof text !== 'string')
      throw problem(path, `${operator} takes a string or {"equals-ignore-case": string}`);
    return operator === 'prefix' ? foldedPrefixTest(text) : foldedSuffixTest(text);
  }
  if (typeof operand !== 'string') throw problem(path, `${operator} must be a string`);
  switch (operator) {
    case 'prefix':
      return prefixTest(operand);
    case 'suffix':
      return suffixTest(operand);
    case 'equals-ignore-case':
      return foldedTest(operand);
    case 'wildcard': {
      const test = wildcardTest(operand);
      if (test === undefined)
        throw problem(path, `"${operand}" is no wildcard: write \\* and \\\\, and no two * in a row`);
      return test;
    }
    default:
      throw problem(path, `has an unrecognized match type ${operator}`);
  }
}

function parseAnythingBut(operand: unknown, path: readonly string[]): LeafTest {
  if (isPlainObject(operand)) {
    const [operator, inner] = onlyEntry(operand, path);
    const texts: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
    if (texts.length === 0) throw problem(path, `anything-but ${operator} must not be empty`);
    return { kind: 'anything-but', values: [], texts: texts.map((text) => parseText(operator, text, path)) };
  }
  const values: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  const scalars = values.filter((value) => typeof value === 'string' || typeof value === 'number');
  if (values.length === 0 || scalars.length < values.length)
    throw problem(path, 'anything-but takes strings or numbers, or a comparison of strings');
  return { kind: 'anything-but', values: scalars, texts: [] };
}

function parseNumeric(operand: unknown, path: readonly string[]): readonly NumericBound[] {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4))
    throw problem(path, 'numeric must be [operator, number] or a range of two of them');
  const bounds: NumericBound[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const operator: unknown = operand[index];
    const value: unknown = operand[index + 1];
    if (!isOperator(operator)) throw problem(path, 'numeric knows the operators <, <=, =, > and >=');
    if (typeof value !== 'number') throw problem(path, 'numeric compares with numbers');
    bounds.push({ operator, value });
  }
  return bounds;
}

function onlyEntry(value: Readonly<Record<string, unknown>>, path: readonly string[]): readonly [string, unknown] {
  const [entry, ...more] = Object.entries(value);
  if (entry === undefined || more.length > 0)
    throw problem(path, 'must have exactly one comparison in each object of its list');
  return entry;
}

function isOperator(value: unknown): value is NumericBound['operator'] {
  return typeof value === 'string' && ['<', '<=', '=', '>', '>='].includes(value);
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function problem(path: readonly string[], message: string): PatternError {
  return new PatternError(`${path.length === 0 ? 'The pattern' : `"${path.join('.')}"`} ${message}.`);
}
