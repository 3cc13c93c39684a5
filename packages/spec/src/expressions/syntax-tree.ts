import type { SyntaxNodeRef, Tree } from '@lezer/common';

/**
 * A node of the grammar's tree, without comments; stored because the tree creates its own nodes anew on each access.
 */
export interface SyntaxNode {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly children: readonly SyntaxNode[];
}

/**
 * The nodes of a tree.
 *
 * @param check may throw; it is called with every node, parents before children
 */
export function nodesOf(tree: Tree, check: (node: SyntaxNodeRef) => void): SyntaxNode {
  const top = { name: '', from: 0, to: 0, children: [] as SyntaxNode[] };
  const open = [top];
  tree.iterate({
    enter: (node) => {
      check(node);
      const { name, from, to } = node;
      if (name === 'Comment') return false;
      const made = { name, from, to, children: [] };
      open.at(-1)?.children.push(made);
      open.push(made);
      return undefined;
    },
    leave: () => {
      open.pop();
    },
  });
  return top.children[0] ?? top;
}

/** The nodes between a node's brackets. */
export function inner(node: SyntaxNode): readonly SyntaxNode[] {
  return node.children.slice(1, -1);
}

/** Flattens a run of `and`, `or` and `not` to a list of operands and operators, as written; parentheses stay whole. */
export function flatten(node: SyntaxNode): SyntaxNode[] {
  const parts = node.children;
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

/** Returns the only node; throws the error unless there is exactly one. */
export function only(nodes: readonly SyntaxNode[], otherwise: () => Error): SyntaxNode {
  const [node] = nodes;
  if (node === undefined || nodes.length > 1) throw otherwise();
  return node;
}

/** Splits at commas; a trailing comma is allowed. */
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
