import { isBounded } from './bounded-expression.js';
import { isArray, isObject, type Json } from './json.js';
import { compileJsonata, evaluateHere, expressionIn, type JsonataScope, messageOf } from './jsonata-evaluation.js';
import { evaluateApart } from './jsonata-evaluators.js';

export { expressionIn, type JsonataScope } from './jsonata-evaluation.js';

/** Returns the syntax error of an expression, or undefined if it is valid. */
export function jsonataProblem(source: string): string | undefined {
  try {
    compileJsonata(source);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/**
 * Evaluates one JSONata expression.
 *
 * @param source the expression without `{%` and `%}`
 * @param location the field, for the error message
 * @throws QueryEvaluationError when the expression fails, returns nothing, or exceeds the limits on time or memory
 */
export function evaluateJsonata(source: string, location: string, scope: JsonataScope): Promise<Json> {
  return evaluateJsonataTemplate(`{%${source}%}`, location, scope);
}

/**
 * Evaluates every `{% … %}` string in a template.
 *
 * JSONata is a programming language: an expression of twenty characters can require gigabytes or hours in one call of a
 * library function that cannot be interrupted. Only expressions that are provably cheap are evaluated in the engine's
 * own process; all others run in a separate process that they can crash without harm.
 *
 * @throws QueryEvaluationError
 */
export function evaluateJsonataTemplate(template: Json, location: string, scope: JsonataScope): Promise<Json> {
  return isSafeHere(template) ? evaluateHere(template, location, scope) : evaluateApart(template, location, scope);
}

function isSafeHere(template: Json): boolean {
  if (typeof template === 'string') {
    const source = expressionIn(template);
    return source === undefined || isBounded(source);
  }
  if (isArray(template)) return template.every(isSafeHere);
  return !isObject(template) || Object.values(template).every(isSafeHere);
}
