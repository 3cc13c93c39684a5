import type { Condition } from '../../definition/model.js';
import type { Json } from './json.js';
import { readPath } from './json-path.js';
import { requirePath, type TemplateScope } from './payload-template.js';
import { runtimeError } from './state-error.js';

// ISO 8601 with the restrictions of RFC 3339, `T` and `Z` in capitals (States Language, "Timestamps").
const timestampPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** Returns milliseconds since 1970, or undefined if the value is not a timestamp of the States Language. */
export function timestampOf(value: Json | undefined): number | undefined {
  if (typeof value !== 'string' || !timestampPattern.test(value)) return undefined;
  const time = Date.parse(value);
  // Date.parse takes the 30th of February for the 1st of March.
  const date = value.slice(0, 10);
  if (Number.isNaN(time) || !new Date(Date.parse(date)).toISOString().startsWith(date)) return undefined;
  return time;
}

/**
 * `*` matches any run of characters; `\*` and `\\` match literally. Takes time linear in the product of both lengths;
 * no regular expression.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  const tokens: (string | null)[] = [];
  for (let index = 0; index < pattern.length; index += 1) {
    const char = pattern.charAt(index);
    if (char === '*') tokens.push(null);
    else if (char === '\\' && index + 1 < pattern.length) {
      index += 1;
      tokens.push(pattern.charAt(index));
    } else tokens.push(char);
  }
  let [at, token, star, resume] = [0, 0, -1, 0];
  while (at < text.length) {
    if (token < tokens.length && tokens[token] === text.charAt(at)) {
      at += 1;
      token += 1;
    } else if (tokens[token] === null) {
      star = token;
      resume = at;
      token += 1;
    } else if (star >= 0) {
      token = star + 1;
      resume += 1;
      at = resume;
    } else return false;
  }
  return tokens.slice(token).every((rest) => rest === null);
}

/** Compares strings by UTF-16 code units, as Step Functions does (Java). */
function order(operator: string, a: string | number, b: string | number): boolean {
  switch (operator) {
    case 'Equals':
      return a === b;
    case 'LessThan':
      return a < b;
    case 'GreaterThan':
      return a > b;
    case 'LessThanEquals':
      return a <= b;
    case 'GreaterThanEquals':
      return a >= b;
    default:
      throw runtimeError(`The comparison operator '${operator}' does not exist`);
  }
}

/** Returns false for values of different types. */
function compares(operator: string, value: Json, operand: Json): boolean {
  if (operator === 'BooleanEquals') return typeof value === 'boolean' && value === operand;
  if (operator === 'StringMatches') {
    return typeof value === 'string' && typeof operand === 'string' && matchesPattern(value, operand);
  }
  if (operator.startsWith('String')) {
    return typeof value === 'string' && typeof operand === 'string' && order(operator.slice(6), value, operand);
  }
  if (operator.startsWith('Numeric')) {
    return typeof value === 'number' && typeof operand === 'number' && order(operator.slice(7), value, operand);
  }
  const [left, right] = [timestampOf(value), timestampOf(operand)];
  return left !== undefined && right !== undefined && order(operator.slice(9), left, right);
}

function isOfType(operator: string, value: Json | undefined): boolean {
  switch (operator) {
    case 'IsPresent':
      return value !== undefined;
    case 'IsNull':
      return value === null;
    case 'IsNumeric':
      return typeof value === 'number';
    case 'IsString':
      return typeof value === 'string';
    case 'IsBoolean':
      return typeof value === 'boolean';
    default:
      return timestampOf(value) !== undefined;
  }
}

type Comparison = Extract<Condition, { readonly kind: 'comparison' }>;

function comparisonHolds({ variable, operator, operand, byPath }: Comparison, scope: TemplateScope): boolean {
  const value = readPath(variable, scope);
  if (operator === 'IsPresent') return isOfType(operator, value) === operand;
  if (value === undefined) {
    throw runtimeError(`Invalid path '${variable}': The choice state's condition path references an invalid value.`);
  }
  if (operator.startsWith('Is')) return isOfType(operator, value) === operand;
  const right = byPath && typeof operand === 'string' ? requirePath(operand, `${operator}Path`, scope) : operand;
  return compares(operator, value, right);
}

/**
 * Returns true if a JSONPath condition is met.
 *
 * @throws StateError States.Runtime when a path in the condition does not exist
 */
export function conditionHolds(condition: Condition, scope: TemplateScope): boolean {
  switch (condition.kind) {
    case 'and':
      return condition.conditions.every((each) => conditionHolds(each, scope));
    case 'or':
      return condition.conditions.some((each) => conditionHolds(each, scope));
    case 'not':
      return !conditionHolds(condition.condition, scope);
    case 'comparison':
      return comparisonHolds(condition, scope);
    case 'jsonata':
      throw runtimeError('A JSONata condition cannot stand in a JSONPath state');
  }
}
