import type { Expression } from './ast.js';
import { Interpreter } from './interpreter.js';
import { parseExpression } from './parser.js';
import { truth, type Value } from './values.js';

export type { Expression } from './ast.js';
export { builtinNames } from './builtins.js';
export { type HopelessCall, hopelessCalls } from './calls.js';
export { ExpressionError, type ExpressionFailure, ExpressionSyntaxError } from './errors.js';
export { namesOf, valueFrom, valueFromJson } from './from-json.js';
export { type NamedMember, namedMembers } from './members.js';
export { freeNames } from './names.js';
export { parseExpression } from './parser.js';
export type { Value } from './values.js';

/**
 * Evaluates a condition over data, with Python's semantics and within a bounded amount of work.
 *
 * @param text the condition as written in the template
 * @param data its names; values from {@link valueFromJson} or {@link valueFrom}
 * @returns the value; use {@link conditionHolds} to get its truth
 * @throws ExpressionSyntaxError when the text is not in the language
 * @throws ExpressionError when a name or key is missing, a type is wrong or the work exceeds its bounds
 * @example
 * ```ts
 * evaluateExpression('reads // 2 > limit', new Map([['reads', 9n], ['limit', 3n]])); // true
 * ```
 */
export function evaluateExpression(text: string, data: ReadonlyMap<string, Value>): Value {
  return evaluateParsed(text, parseExpression(text), data);
}

/** Evaluates a tree that {@link parseExpression} returned for the text. */
export function evaluateParsed(text: string, expression: Expression, data: ReadonlyMap<string, Value>): Value {
  return new Interpreter(text, data).run(expression);
}

/**
 * Evaluates a condition and returns true if the result is truthy.
 *
 * @param expression the parsed text, when the condition is evaluated for many items
 */
export function conditionHolds(
  text: string,
  data: ReadonlyMap<string, Value>,
  expression: Expression = parseExpression(text),
): boolean {
  return truth(evaluateParsed(text, expression, data));
}
