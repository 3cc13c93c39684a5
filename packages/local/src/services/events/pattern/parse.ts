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
  if (!isPlainObject(value)) throw problem(path, 'Filter is not an object');
  if (path.length > mostNesting) throw problem(path, `Filter is nested more than ${mostNesting} deep`);
  const entries = Object.entries(value);
  if (entries.length === 0) throw problem(path, 'Empty objects are not allowed');
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
  if (!Array.isArray(value)) throw problem(path, `"${path.at(-1) ?? ''}" must be an object or an array`);
  if (value.length === 0) throw problem(path, 'Empty arrays are not allowed');
  return { kind: 'leaf', tests: value.map((entry) => parseTest(entry, path)) };
}

function parseTest(value: unknown, path: readonly string[]): LeafTest {
  if (isScalar(value)) return { kind: 'exact', value };
  if (!isPlainObject(value)) throw problem(path, 'Match value must be String, number, true, false, or null');
  const [operator, operand] = onlyEntry(value, path);
  switch (operator) {
    case 'exists':
      if (typeof operand !== 'boolean') throw problem(path, 'exists match pattern must be either true or false.');
      return { kind: 'exists', expected: operand };
    case 'numeric':
      return { kind: 'numeric', bounds: parseNumeric(operand, path) };
    case 'cidr':
      return { kind: 'cidr', fits: parseCidr(operand, path) };
    case 'anything-but':
      return parseAnythingBut(operand, path);
    default:
      return { kind: 'text', fits: parseText(operator, operand, path) };
  }
}

function parseText(operator: string, operand: unknown, path: readonly string[]): TextTest {
  if ((operator === 'prefix' || operator === 'suffix') && isPlainObject(operand)) {
    const [inner, text] = onlyEntry(operand, path);
    if (inner !== 'equals-ignore-case') throw problem(path, `Unsupported anything-but pattern: ${inner}`);
    if (typeof text !== 'string') throw problem(path, 'equals-ignore-case match pattern must be a string');
    return operator === 'prefix' ? foldedPrefixTest(text) : foldedSuffixTest(text);
  }
  if (!isTextOperator(operator)) throw problem(path, `Unrecognized match type ${operator}`);
  if (typeof operand !== 'string') throw problem(path, `${operator} match pattern must be a string`);
  return textTests[operator](operand, path);
}

const textTests = {
  prefix: prefixTest,
  suffix: suffixTest,
  'equals-ignore-case': foldedTest,
  wildcard: parseWildcard,
} as const satisfies Readonly<Record<string, (operand: string, path: readonly string[]) => TextTest>>;

const isTextOperator = (name: string): name is keyof typeof textTests => Object.hasOwn(textTests, name);

function parseWildcard(pattern: string, path: readonly string[]): TextTest {
  const test = wildcardTest(pattern);
  if (typeof test === 'string') throw problem(path, test);
  return test;
}

function parseCidr(operand: unknown, path: readonly string[]): TextTest {
  // EventBridge's own wording.
  if (typeof operand !== 'string') throw problem(path, 'prefix match pattern must be a string');
  const test = cidrTest(operand);
  if (typeof test === 'string') throw problem(path, test);
  return test;
}

function parseAnythingBut(operand: unknown, path: readonly string[]): LeafTest {
  if (isPlainObject(operand)) {
    const [operator, inner] = onlyEntry(operand, path);
    const texts: readonly unknown[] = Array.isArray(inner) ? inner : [inner];
    if (texts.length === 0) throw problem(path, 'Empty arrays are not allowed');
    return { kind: 'anything-but', values: [], texts: texts.map((text) => parseUnlike(operator, text, path)) };
  }
  const values: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (values.length === 0) throw problem(path, 'Empty arrays are not allowed');
  const scalars = values.filter((value) => typeof value === 'string' || typeof value === 'number');
  if (scalars.length < values.length)
    throw problem(
      path,
      Array.isArray(operand) ? 'Inside anything but list, start|null|boolean is not supported.' : unlikeWhat,
    );
  return { kind: 'anything-but', values: scalars, texts: [] };
}

const unlikeWhat = 'Value of anything-but must be an array or single string/number value.';

/** One text of `{"anything-but": {"<operator>": …}}`. */
function parseUnlike(operator: string, text: unknown, path: readonly string[]): TextTest {
  if (isPlainObject(text)) throw problem(path, unlikeWhat);
  switch (operator) {
    case 'prefix':
    case 'suffix':
      if (typeof text !== 'string') throw problem(path, 'prefix/suffix match pattern must be a string');
      if (text === '') throw problem(path, 'Null prefix/suffix not allowed');
      break;
    case 'equals-ignore-case':
      if (typeof text !== 'string')
        throw problem(path, 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.');
      break;
    case 'wildcard':
      break;
    default:
      throw problem(path, `Unsupported anything-but pattern: ${operator}`);
  }
  return parseText(operator, text, path);
}

function parseNumeric(operand: unknown, path: readonly string[]): readonly NumericBound[] {
  if (!Array.isArray(operand)) throw problem(path, 'Value of numeric must be an array.');
  const [bound, limit] = [
    numericBound(operand, 0, path),
    operand.length > 2 ? numericBound(operand, 2, path) : undefined,
  ];
  if (limit === undefined) return [bound];
  // A range has a bottom and a top.
  if (bound.operator === '=' || limit.operator === '=' || bound.operator.startsWith(limit.operator.charAt(0)))
    throw problem(path, `Bad numeric range operator: ${limit.operator}`);
  if (operand.length > 4) throw problem(path, 'Too many terms in numeric range expression');
  const [bottom, top] = bound.operator.startsWith('>') ? [bound, limit] : [limit, bound];
  if (bottom.value >= top.value) throw problem(path, 'Bottom must be less than top');
  return [bound, limit];
}

function numericBound(operand: readonly unknown[], index: number, path: readonly string[]): NumericBound {
  const operator: unknown = operand[index];
  const value: unknown = operand[index + 1];
  if (typeof operator !== 'string') throw problem(path, `Invalid member in numeric match: ${String(operator)}`);
  if (!isOperator(operator)) throw problem(path, `Unrecognized numeric range operator: ${operator}`);
  if (typeof value !== 'number') throw problem(path, `Value of ${operator} must be numeric`);
  return { operator, value };
}

function onlyEntry(value: Readonly<Record<string, unknown>>, path: readonly string[]): readonly [string, unknown] {
  const [entry, ...more] = Object.entries(value);
  if (entry === undefined || more.length > 0) throw problem(path, 'Only one key allowed in match expression');
  return entry;
}

function isOperator(value: unknown): value is NumericBound['operator'] {
  return typeof value === 'string' && ['<', '<=', '=', '>', '>='].includes(value);
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

/** EventBridge's reason on the first line, and the place on the second, as in its own answers. */
function problem(path: readonly string[], reason: string): PatternError {
  return new PatternError(path.length === 0 ? reason : `${reason}\n at [Source: "${path.join('.')}"]`);
}
