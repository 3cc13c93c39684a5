import type { BinaryOperator, ComparisonOperator } from './ast.js';

// The part of Python's grammar that the language accepts, and the messages for the rest.

/** Deeper than any condition that a person writes; CPython's own parser stops at 200 parentheses. */
export const maximumDepth = 100;
export const maximumLength = 20_000;
/** The maximum number of open brackets, including those in strings. */
export const maximumBrackets = 5 * maximumDepth;

export const refused: Readonly<Record<string, string>> = {
  AssignStatement: 'An expression may not assign; compare with `==`',
  NamedExpression: 'An expression may not assign with `:=`',
  LambdaExpression: '`lambda` is not available',
  AwaitExpression: '`await` is not available',
  YieldExpression: '`yield` is not available',
  YieldStatement: '`yield` is not available',
  ImportStatement: '`import` is not available; `math` and `re` are there already',
  FormatString: 'f-strings are not available; use `str(…)` and `+`',
  Ellipsis: '`...` is not available',
  BitOp: 'Bit operators are not available; for logic write `and`, `or`, `not`',
};

/** A float without digits between its point and its exponent, such as `1.e3`. */
export const dotBeforeExponent = /(?<![\w.])(\d[\d_]*)\.(?=[eE][+-]?\d)/g;

/** A float without digits after its point, such as `1.`. */
export const trailingDot = /(?<![\w.])(\d[\d_]*)\.(?![\w.])/g;

const binaryOperators: ReadonlySet<string> = new Set<BinaryOperator>(['+', '-', '*', '/', '//', '%', '**']);
export const isBinaryOperator = (text: string): text is BinaryOperator => binaryOperators.has(text);
const comparisonOperators: ReadonlySet<string> = new Set<ComparisonOperator>([
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '!=',
  'in',
  'not in',
  'is',
  'is not',
]);
export const isComparisonOperator = (text: string): text is ComparisonOperator => comparisonOperators.has(text);
