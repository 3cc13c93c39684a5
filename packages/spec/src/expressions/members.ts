import type { Expression } from './ast.js';
import { partsOf } from './parts.js';

/** A key that an expression reads from a value of the data. */
export interface NamedMember {
  readonly object: string;
  readonly member: string;
  /** Offsets of both together, in UTF-16 units. */
  readonly from: number;
  readonly to: number;
}

/**
 * Finds the keys that an expression reads from values with one of the given names: `name.key` and `name["key"]`.
 *
 * @example
 * ```ts
 * namedMembers(parseExpression('scatter.lane == job.lane'), new Set(['scatter'])); // [{ object: 'scatter', member: 'lane', … }]
 * ```
 */
export function namedMembers(expression: Expression, names: ReadonlySet<string>): NamedMember[] {
  const found: NamedMember[] = [];
  const visit = (node: Expression): void => {
    const member = memberOf(node);
    if (member !== undefined && names.has(member.object)) found.push(member);
    // The name of a method is not a key.
    for (const part of node.kind === 'call' && node.callee.kind === 'attribute'
      ? [node.callee.object, ...partsOf(node).slice(1)]
      : partsOf(node))
      visit(part);
  };
  visit(expression);
  return found;
}

function memberOf(node: Expression): NamedMember | undefined {
  const { from, to } = node;
  if (node.kind === 'attribute' && node.object.kind === 'name')
    return { object: node.object.name, member: node.name, from, to };
  if (node.kind !== 'index' || node.object.kind !== 'name' || node.index.kind !== 'literal') return undefined;
  const { value } = node.index;
  return typeof value === 'string' ? { object: node.object.name, member: value, from, to } : undefined;
}
