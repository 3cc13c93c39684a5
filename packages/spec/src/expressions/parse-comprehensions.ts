import type { Clause, Expression, Target } from './ast.js';
import type { Reading } from './reading.js';
import { inner, type SyntaxNode, split } from './syntax-tree.js';

export function comprehension(
  reading: Reading,
  node: SyntaxNode,
  type: 'list' | 'set' | 'generator',
  parts: readonly SyntaxNode[],
): Expression {
  const [item, ...rest] = parts;
  if (item === undefined) throw reading.error('This is not a valid comprehension', node.from);
  return {
    kind: 'comprehension',
    type,
    item: reading.expression(item),
    clauses: clauses(reading, node, rest),
    ...reading.place(node),
  };
}

export function dictionaryComprehension(reading: Reading, node: SyntaxNode): Expression {
  const [key, colon, value, ...rest] = inner(node);
  if (key === undefined || colon?.name !== ':' || value === undefined)
    throw reading.error('This is not a valid comprehension', node.from);
  return {
    kind: 'dict-comprehension',
    key: reading.expression(key),
    value: reading.expression(value),
    clauses: clauses(reading, node, rest),
    ...reading.place(node),
  };
}

function clauses(reading: Reading, node: SyntaxNode, parts: readonly SyntaxNode[]): Clause[] {
  const clauses: { target: Target; iterable: Expression; conditions: Expression[] }[] = [];
  let index = 0;
  while (index < parts.length) {
    const keyword = parts[index];
    if (keyword?.name === 'for') {
      const at = parts.findIndex((part, position) => position > index && part.name === 'in');
      const iterable = parts[at + 1];
      if (at < 0 || iterable === undefined) throw reading.error('`for` needs `in`', keyword.from);
      clauses.push({
        target: target(reading, node, parts.slice(index + 1, at)),
        iterable: reading.expression(iterable),
        conditions: [],
      });
      index = at + 2;
    } else if (keyword?.name === 'if') {
      const condition = parts[index + 1];
      const clause = clauses.at(-1);
      if (condition === undefined || clause === undefined) throw reading.error('`if` needs a condition', keyword.from);
      clause.conditions.push(reading.expression(condition));
      index += 2;
    } else {
      throw reading.error('This is not a valid comprehension', keyword?.from ?? node.from);
    }
  }
  return clauses;
}

function target(reading: Reading, node: SyntaxNode, parts: readonly SyntaxNode[]): Target {
  const [first] = parts;
  if (first === undefined) throw reading.error('`for` needs a name', node.from);
  if (parts.some((part) => part.name === ','))
    return {
      names: split(parts, () => reading.error('A name is missing', node.from)).map((part) =>
        target(reading, node, part),
      ),
    };
  if (parts.length > 1) throw reading.error('`for` binds names only; they cannot be collected with *', first.from);
  if (first.name === 'VariableName') return { name: reading.name(first) };
  if (first.name === 'TupleExpression' || first.name === 'ArrayExpression')
    return {
      names: split(inner(first), () => reading.error('A name is missing', node.from)).map((part) =>
        target(reading, node, part),
      ),
    };
  if (first.name === 'ParenthesizedExpression') return target(reading, node, [reading.inside(first)]);
  throw reading.error('`for` binds names only', first.from);
}
