import { BclawError } from '../errors.js';
import { given } from '../given.js';

/**
 * An expression that is not in bclaw's subset of Python, found when the template is checked.
 *
 * @example
 * ```ts
 * try {
 *   parseExpression('x = 1');
 * } catch (error) {
 *   if (error instanceof ExpressionSyntaxError) console.log(error.offset, error.message);
 * }
 * ```
 */
export class ExpressionSyntaxError extends BclawError {
  override readonly name = 'ExpressionSyntaxError';
  /** Offset in the expression, in UTF-16 units from 0. */
  readonly offset: number;

  constructor(message: string, offset: number, hint?: string) {
    super('bad-expression', message, given({ hint }));
    this.offset = offset;
  }
}

/**
 * The kinds of failure that an expression can have at run time: Python's names, and `BudgetExceeded` for too much work.
 */
export type ExpressionFailure =
  | 'AttributeError'
  | 'BudgetExceeded'
  | 'IndexError'
  | 'KeyError'
  | 'NameError'
  | 'OverflowError'
  | 'TypeError'
  | 'ValueError'
  | 'ZeroDivisionError'
  | 'Unsupported';

/** A failure during the evaluation of an expression, before it is tied to the expression's text. */
export class EvaluationFailure extends Error {
  readonly failure: ExpressionFailure;

  constructor(failure: ExpressionFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}

/**
 * An expression that could not be evaluated: a missing name or key, a wrong type, too much work. It is never silently
 * false.
 *
 * Its message quotes the expression and the part of it that failed.
 */
export class ExpressionError extends BclawError {
  override readonly name = 'ExpressionError';
  readonly failure: ExpressionFailure;
  readonly expression: string;

  constructor(expression: string, part: string, failure: EvaluationFailure) {
    const where = part === expression ? '' : `, at \`${shorten(part)}\``;
    super(
      'expression-failed',
      `The expression \`${shorten(expression)}\` failed${where}: ${failure.failure}: ${shorten(failure.message)}`,
    );
    this.failure = failure.failure;
    this.expression = expression;
  }
}

const shorten = (text: string) => (text.length > 200 ? `${text.slice(0, 197)}...` : text);
