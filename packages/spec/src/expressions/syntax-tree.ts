import type { SyntaxNode } from '@lezer/common';

/** A node's children without comments. */
export function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (child.name !== 'Comment') found.push(child);
  return found;
}

/** What stands between a node's brackets. */
export function inner(node: SyntaxNode): SyntaxNode[] {
  return children(node).slice(1, -1);
}

/** A run of `and`, `or` and `not` as a row of operands and operators, as written; parentheses stay whole. */
export function flatten(node: SyntaxNode): SyntaxNode[] {
  const parts = children(node);
  const isLogic =
    parts.length > 0 &&
    (node.name === 'UnaryExpression'
      ? parts[0]?.name === 'not'
      : node.name === 'BinaryExpression' && (parts[1]?.name === 'and' || parts[1]?.name === 'or'));
  if (!isLogic) return [node];
  return parts.flatMap((part) =>
    part.name === 'and' || part.name === 'or' || part.name === 'not' ? [part] : flatten(part),
  );
}

/** The one node there is; else the error. */
export function only(nodes: readonly SyntaxNode[], otherwise: () => Error): SyntaxNode {
  const [node] = nodes;
  if (node === undefined || nodes.length > 1) throw otherwise();
  return node;
}

/** The runs between commas; one comma may trail. */
export function split(nodes: readonly SyntaxNode[], empty: () => Error): SyntaxNode[][] {
  const runs: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === ',') runs.push([]);
    else runs.at(-1)?.push(node);
  }
  if (runs.at(-1)?.length === 0) runs.pop();
  if (runs.some((run) => run.length === 0)) throw empty();
  return runs;
}
