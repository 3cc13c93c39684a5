import type { ComparisonOperator, Expression } from './ast.js';
import type { Reading } from './reading.js';
import { isBinaryOperator, isComparisonOperator } from './subset.js';
import { flatten, type SyntaxNode } from './syntax-tree.js';

export function unary(reading: Reading, node: SyntaxNode): Expression {
  const [operator, operand] = node.children;
  if (operator === undefined || operand === undefined) throw reading.error('An operand is missing', node.from);
  if (operator.name === 'not') return logic(reading, node);
  const sign = reading.source(operator);
  if (sign !== '-' && sign !== '+') throw reading.error(`The operator ${sign} is not available`, operator.from);
  return { kind: 'unary', operator: sign, operand: reading.expression(operand), ...reading.place(node) };
}

export function binary(reading: Reading, node: SyntaxNode): Expression {
  const parts = node.children;
  const left = parts[0];
  const right = parts.at(-1);
  if (left === undefined || right === undefined || parts.length < 3)
    throw reading.error('An operand is missing', node.from);
  const operator = parts
    .slice(1, -1)
    .map((part) => reading.source(part))
    .join(' ');
  if (operator === 'and' || operator === 'or') return logic(reading, node);
  // In Python's grammar, `not` cannot be an operand of anything that binds tighter than `not`: `1 == not x` is an
  // error.
  if (right.name === 'UnaryExpression' && right.children[0]?.name === 'not')
    throw reading.error('`not` needs parentheses here', right.from, 'Write `… == (not …)`.');
  if (operator.startsWith('is') && right.name !== 'None' && right.name !== 'Boolean')
    throw reading.error(
      `\`${operator}\` compares with None only`,
      right.from,
      /^(?:null|none|nil)$/i.test(reading.source(right))
        ? `Write \`${operator} None\`.`
        : `Write \`${operator === 'is' ? '==' : '!='}\`.`,
    );
  if (isComparisonOperator(operator)) return comparison(reading, node, left, operator, right);
  if (isBinaryOperator(operator))
    return {
      kind: 'binary',
      operator,
      left: reading.expression(left),
      right: reading.expression(right),
      ...reading.place(node),
    };
  throw reading.error(`The operator ${operator} is not available`, left.to);
}

/**
 * Regroups `and`, `or` and `not`: in `not a or b`, the grammar applies `not` to all of `a or b`, Python only to `a`.
 */
function logic(reading: Reading, node: SyntaxNode): Expression {
  const tokens = flatten(node);
  let at = 0;
  const negation = (): Expression => {
    const token = tokens[at];
    at += 1;
    if (token === undefined) throw reading.error('An operand is missing', node.to);
    if (token.name !== 'not') return reading.expression(token);
    const operand = reading.deeper(token, negation);
    return { kind: 'unary', operator: 'not', operand, from: token.from + reading.start, to: operand.to };
  };
  const joined = (operator: 'and' | 'or', next: () => Expression): Expression => {
    let left = next();
    while (tokens[at]?.name === operator) {
      at += 1;
      const right = next();
      left = { kind: 'boolean', operator, left, right, from: left.from, to: right.to };
    }
    return left;
  };
  return joined('or', () => joined('and', negation));
}

/** The grammar parses `a < b < c` as `(a < b) < c`; Python means `a < b and b < c`, with b evaluated once. */
function comparison(
  reading: Reading,
  node: SyntaxNode,
  left: SyntaxNode,
  operator: ComparisonOperator,
  right: SyntaxNode,
): Expression {
  const first = reading.expression(left);
  const link = { operator, operand: reading.expression(right) };
  return left.name === 'BinaryExpression' && first.kind === 'comparison'
    ? { kind: 'comparison', first: first.first, rest: [...first.rest, link], ...reading.place(node) }
    : { kind: 'comparison', first, rest: [link], ...reading.place(node) };
}

export function conditional(reading: Reading, node: SyntaxNode): Expression {
  const parts = node.children.filter((part) => part.name !== 'if' && part.name !== 'else');
  const [whenTrue, test, whenFalse] = parts;
  if (whenTrue === undefined || test === undefined || whenFalse === undefined)
    throw reading.error('`… if … else …` needs all three parts', node.from);
  return {
    kind: 'conditional',
    whenTrue: reading.expression(whenTrue),
    test: reading.expression(test),
    whenFalse: reading.expression(whenFalse),
    ...reading.place(node),
  };
}
