import type { Expression } from './ast.js';
import type { Reading } from './reading.js';
import { inner, only, type SyntaxNode, split } from './syntax-tree.js';

export function items(reading: Reading, node: SyntaxNode, parts: readonly SyntaxNode[]): Expression[] {
  return split(parts, () => reading.error('An item is missing', node.from)).map((item) => {
    const first = item[0];
    if (first?.name === '*' || first?.name === '**') throw reading.error('Items cannot be unpacked with *', first.from);
    return reading.expression(only(item, () => reading.error('This is not a valid item', node.from)));
  });
}

export function tuple(reading: Reading, node: SyntaxNode, parts: readonly SyntaxNode[]): Expression {
  return { kind: 'display', type: 'tuple', items: items(reading, node, parts), ...reading.place(node) };
}

export function dictionary(reading: Reading, node: SyntaxNode): Expression {
  const entries = split(inner(node), () => reading.error('An entry is missing', node.from)).map((entry) => {
    const [key, colon, value, extra] = entry;
    if (key?.name === '**') throw reading.error('Dictionaries cannot be unpacked with **', key.from);
    if (key === undefined || colon?.name !== ':' || value === undefined || extra !== undefined)
      throw reading.error('An entry of a dictionary is `key: value`', node.from);
    return { key: reading.expression(key), value: reading.expression(value) };
  });
  return { kind: 'dict', entries, ...reading.place(node) };
}
