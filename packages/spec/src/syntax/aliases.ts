import { type Alias, type Document, type Node, visit } from 'yaml';

/**
 * What the aliases of a document stand for: the last node with the anchor before it. `Alias.resolve` of the YAML library goes through
 * the document each time, which for many aliases takes hours; this goes through it once, when the first is asked for.
 */
export class Aliases {
  readonly #document: Document;
  #targets: ReadonlyMap<Alias, Node> | undefined;

  constructor(document: Document) {
    this.#document = document;
  }

  /** @returns undefined when there is no such anchor before the alias */
  target(alias: Alias): Node | undefined {
    this.#targets ??= targetsOf(this.#document);
    return this.#targets.get(alias);
  }
}

function targetsOf(document: Document): ReadonlyMap<Alias, Node> {
  const anchored = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const anchor = (_: unknown, node: Node & { anchor?: string }): void => {
    if (node.anchor !== undefined) anchored.set(node.anchor, node);
  };
  visit(document, {
    Alias: (_, alias) => {
      const target = anchored.get(alias.source);
      if (target !== undefined) targets.set(alias, target);
    },
    Map: anchor,
    Seq: anchor,
    Scalar: anchor,
  });
  return targets;
}
