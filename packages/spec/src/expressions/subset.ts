import type { BinaryOperator, ComparisonOperator } from './ast.js';

// What of Python's grammar the language takes, and what it says of the rest.

/** Deeper than any condition that a person writes; CPython's own parser stops at 200 parentheses. */
export const maximumDepth = 100;
export const maximumLength = 20_000;
/** Brackets that may be open at once, those in strings included. */
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

/** A float without digits between its dot and its exponent, such as `1.e3`. */
export const dotBeforeExponent = /(?<![\w.])(\d[\d_]*)\.(?=[eE][+-]?\d)/g;

/** A float without digits behind its dot, such as `1.`. */
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
