import { isBounded } from './bounded-expression.js';
import { isArray, isObject, type Json } from './json.js';
import { compileJsonata, evaluateHere, expressionIn, type JsonataScope, messageOf } from './jsonata-evaluation.js';
import { evaluateApart } from './jsonata-evaluators.js';

export { expressionIn, type JsonataScope } from './jsonata-evaluation.js';

/** The syntax error of an expression, or undefined. */
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
 * @param location the field, for the error
 * @throws QueryEvaluationError when the expression fails, gives nothing, or takes more time or memory than it may
 */
export function evaluateJsonata(source: string, location: string, scope: JsonataScope): Promise<Json> {
  return evaluateJsonataTemplate(`{%${source}%}`, location, scope);
}

/**
 * Replaces every `{% … %}` string in a template.
 *
 * JSONata is a programming language: an expression of twenty characters can ask for gigabytes or for hours, in one call of
 * a function of its library that nothing interrupts. Only expressions that plainly cannot are evaluated in the engine's
 * own process; all others are in a process of their own that may die of them.
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
