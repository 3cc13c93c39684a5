import type { Expression, Target } from './ast.js';

/**
 * Finds the free names of an expression: those that no comprehension binds. Builtins are included when they are used;
 * the caller decides if a name is known.
 *
 * @example
 * ```ts
 * freeNames(parseExpression('any(x > limit for x in depths)')); // Map { 'any' → 0, 'limit' → 8, 'depths' → 23 }
 * ```
 * @returns each name with the offset of its first use
 */
export function freeNames(expression: Expression): Map<string, number> {
  const found = new Map<string, number>();
  visit(expression, new Set(), found);
  return found;
}

function visit(node: Expression, bound: ReadonlySet<string>, found: Map<string, number>): void {
  const walk = (child: Expression | undefined) => {
    if (child !== undefined) visit(child, bound, found);
  };
  switch (node.kind) {
    case 'literal':
      return;
    case 'name':
      if (!bound.has(node.name) && !found.has(node.name)) found.set(node.name, node.from);
      return;
    case 'attribute':
      walk(node.object);
      return;
    case 'index':
      walk(node.object);
      walk(node.index);
      return;
    case 'slice':
      for (const part of [node.object, node.start, node.stop, node.step]) walk(part);
      return;
    case 'unary':
      walk(node.operand);
      return;
    case 'binary':
    case 'boolean':
      walk(node.left);
      walk(node.right);
      return;
    case 'comparison':
      walk(node.first);
      for (const { operand } of node.rest) walk(operand);
      return;
    case 'conditional':
      for (const part of [node.whenTrue, node.test, node.whenFalse]) walk(part);
      return;
    case 'display':
      for (const item of node.items) walk(item);
      return;
    case 'dict':
      for (const { key, value } of node.entries) {
        walk(key);
        walk(value);
      }
      return;
    case 'call':
      walk(node.callee);
      for (const argument of node.positional) walk(argument);
      for (const { value } of node.named) walk(value);
      return;
    case 'comprehension':
    case 'dict-comprehension': {
      let inside: ReadonlySet<string> = bound;
      for (const { target, iterable, conditions } of node.clauses) {
        visit(iterable, inside, found);
        inside = new Set([...inside, ...targetNames(target)]);
        for (const condition of conditions) visit(condition, inside, found);
      }
      const results = node.kind === 'comprehension' ? [node.item] : [node.key, node.value];
      for (const result of results) visit(result, inside, found);
    }
  }
}

function targetNames(target: Target): string[] {
  return 'name' in target ? [target.name] : target.names.flatMap(targetNames);
}
