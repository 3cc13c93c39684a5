import { given } from '../given.js';
import type { Expression } from './ast.js';
import { comprehension } from './parse-comprehensions.js';
import { tuple } from './parse-displays.js';
import type { Reading } from './reading.js';
import { inner, only, type SyntaxNode, split } from './syntax-tree.js';

export function member(reading: Reading, node: SyntaxNode): Expression {
  const [object, mark, ...rest] = node.children;
  if (object === undefined || mark === undefined) throw reading.error('This is not a valid expression', node.from);
  if (mark.name === '.') {
    const property = only(rest, () => reading.error('A name must follow the dot', mark.to));
    const name = reading.source(property);
    if (name.startsWith('_'))
      throw reading.error(`The attribute ${name} begins with an underscore, which is not allowed`, property.from);
    if (object.name === 'Number' && /^\d+$/.test(reading.source(object)))
      throw reading.error('A number has no attributes', object.from);
    return { kind: 'attribute', object: reading.expression(object), name, ...reading.place(node) };
  }
  return subscript(reading, node, reading.expression(object), rest.slice(0, -1));
}

function subscript(reading: Reading, node: SyntaxNode, object: Expression, parts: readonly SyntaxNode[]): Expression {
  const place = reading.place(node);
  if (!parts.some((part) => part.name === ':')) {
    if (parts.some((part) => part.name === ','))
      return { kind: 'index', object, index: tuple(reading, node, parts), ...place };
    const index = only(parts, () => reading.error('An index must stand between the brackets', node.from));
    return { kind: 'index', object, index: reading.expression(index), ...place };
  }
  if (parts.some((part) => part.name === ',')) throw reading.error('A slice has no commas', node.from);
  const bounds: (SyntaxNode | undefined)[] = [undefined];
  for (const part of parts) {
    if (part.name === ':') bounds.push(undefined);
    else bounds[bounds.length - 1] = part;
  }
  if (bounds.length > 3) throw reading.error('A slice has at most three parts', node.from);
  const [start, stop, step] = bounds.map((bound) => (bound === undefined ? undefined : reading.expression(bound)));
  return {
    kind: 'slice',
    object,
    ...given({ start, stop, step }),
    ...place,
  };
}

export function call(reading: Reading, node: SyntaxNode): Expression {
  const [callee, list] = node.children;
  if (callee === undefined || list === undefined) throw reading.error('This is not a valid call', node.from);
  if (callee.name !== 'VariableName' && callee.name !== 'MemberExpression')
    throw reading.error('Only functions and methods can be called', node.from);
  const parts = inner(list);
  const positional: Expression[] = [];
  const named: { name: string; value: Expression }[] = [];
  if (parts.some((part) => part.name === 'for' || part.name === 'async')) {
    positional.push(comprehension(reading, list, 'generator', parts));
  } else {
    for (const argument of split(parts, () => reading.error('An argument is missing', list.from))) {
      const [first, assign, value] = argument;
      if (first === undefined) continue;
      if (assign?.name === 'AssignOp' && value !== undefined) {
        const name = reading.source(first);
        if (named.some((other) => other.name === name))
          throw reading.error(`The argument ${name} is repeated`, first.from);
        named.push({ name, value: reading.expression(value) });
      } else if (first.name === '*' || first.name === '**') {
        throw reading.error('Arguments cannot be unpacked with *', first.from);
      } else {
        if (named.length > 0) throw reading.error('A positional argument follows a named one', first.from);
        positional.push(
          reading.expression(only(argument, () => reading.error('This is not a valid argument', first.from))),
        );
      }
    }
  }
  return { kind: 'call', callee: reading.expression(callee), positional, named, ...reading.place(node) };
}
