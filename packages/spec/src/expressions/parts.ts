import type { Expression } from './ast.js';

/** The direct subexpressions of an expression. */
export function partsOf(node: Expression): readonly Expression[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'attribute':
      return [node.object];
    case 'index':
      return [node.object, node.index];
    case 'slice':
      return [node.object, node.start, node.stop, node.step].filter((part) => part !== undefined);
    case 'unary':
      return [node.operand];
    case 'binary':
    case 'boolean':
      return [node.left, node.right];
    case 'comparison':
      return [node.first, ...node.rest.map(({ operand }) => operand)];
    case 'conditional':
      return [node.whenTrue, node.test, node.whenFalse];
    case 'display':
      return node.items;
    case 'dict':
      return node.entries.flatMap(({ key, value }) => [key, value]);
    case 'call':
      return [node.callee, ...node.positional, ...node.named.map(({ value }) => value)];
    case 'comprehension':
    case 'dict-comprehension': {
      const clauses = node.clauses.flatMap(({ iterable, conditions }) => [iterable, ...conditions]);
      return node.kind === 'comprehension' ? [node.item, ...clauses] : [node.key, node.value, ...clauses];
    }
  }
}
