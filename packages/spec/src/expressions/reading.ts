import type { Expression } from './ast.js';
import { ExpressionSyntaxError } from './errors.js';
import { maximumDepth } from './subset.js';
import { inner, only, type SyntaxNode } from './syntax-tree.js';

/** The state of reading one expression: its text, and the current depth in its tree. */
export class Reading {
  readonly text: string;
  /** Offset in the text where the syntax tree begins: white space before it belongs to no node. */
  readonly start: number;
  readonly #read: (reading: Reading, node: SyntaxNode) => Expression;
  #depth = 0;

  /** @param read reads a node of any kind; its recursion depth is limited here */
  constructor(text: string, start: number, read: (reading: Reading, node: SyntaxNode) => Expression) {
    this.text = text;
    this.start = start;
    this.#read = read;
  }

  expression(node: SyntaxNode): Expression {
    this.#enter(node);
    const expression = this.#read(this, node);
    this.#depth -= 1;
    return expression;
  }

  /** Reads a nested part. */
  deeper(node: SyntaxNode, read: () => Expression): Expression {
    this.#enter(node);
    const expression = read();
    this.#depth -= 1;
    return expression;
  }

  /** An error ends the reading as a whole, so the depth is only decremented after success. */
  #enter(node: SyntaxNode): void {
    this.#depth += 1;
    if (this.#depth > maximumDepth)
      throw this.error(`The expression nests deeper than ${maximumDepth} levels`, node.from);
  }

  /** Creates the error to throw. */
  error(message: string, at: number, hint?: string): ExpressionSyntaxError {
    return new ExpressionSyntaxError(message, at + this.start, hint);
  }

  source(node: SyntaxNode): string {
    return this.text.slice(node.from + this.start, node.to + this.start);
  }

  place(node: SyntaxNode): { from: number; to: number } {
    return { from: node.from + this.start, to: node.to + this.start };
  }

  name(node: SyntaxNode): string {
    const name = this.source(node);
    if (name.startsWith('_'))
      throw this.error(`The name ${name} begins with an underscore, which is not allowed`, node.from);
    return name;
  }

  /** Returns the node between parentheses. */
  inside(node: SyntaxNode): SyntaxNode {
    return only(inner(node), () => this.error('This is not a valid expression', node.from));
  }
}
