import type { SyntaxNode } from '@lezer/common';
import { parser as pythonParser } from '@lezer/python';
import type { Clause, ComparisonOperator, Expression, Target } from './ast.js';
import { ExpressionSyntaxError } from './errors.js';
import { numberLiteral } from './number-literal.js';
import { stringLiteral } from './string-literal.js';
import { isBinaryOperator, isComparisonOperator, maximumDepth, maximumLength, refused, trailingDot } from './subset.js';
import { children, flatten, inner, only, split } from './syntax-tree.js';

/**
 * Parses a condition of a template: one expression in bclaw's subset of Python.
 *
 * @param text the condition, e.g. `qc.reads < 1000 or qc.q30 < 0.8`
 * @returns its tree, for {@link evaluateExpression} and {@link freeNames}
 * @throws ExpressionSyntaxError where the text is not Python or not in the subset
 * @example
 * ```ts
 * const tree = parseExpression('len(samples) > 3');
 * ```
 */
export function parseExpression(text: string): Expression {
  if (text.trim() === '') throw new ExpressionSyntaxError('The expression is empty', 0);
  if (text.length > maximumLength)
    throw new ExpressionSyntaxError(
      `The expression has ${text.length} characters; at most ${maximumLength} are allowed`,
      0,
    );
  const start = text.length - text.trimStart().length;
  return new Reader(text, start).read();
}

class Reader {
  private readonly text: string;
  private readonly start: number;
  private depth = 0;

  constructor(text: string, start: number) {
    this.text = text;
    this.start = start;
  }

  read(): Expression {
    // The grammar knows no `1.`: it gets blanks for such dots, and number() reads the text itself.
    const source = this.text
      .slice(this.start)
      .trimEnd()
      .replaceAll(trailingDot, (_whole, digits: string) => `${digits} `);
    const tree = pythonParser.parse(source);
    tree.iterate({
      enter: (node) => {
        const reason = refused[node.name];
        if (reason !== undefined) throw this.error(reason, node.from);
        if (node.type.isError) throw this.error('This is not a valid expression', node.from);
        return undefined;
      },
    });
    const statements = children(tree.topNode);
    const [statement, next] = statements;
    if (statement === undefined) throw this.error('The expression is empty', 0);
    if (next !== undefined)
      throw this.error('An expression is one line; put it into parentheses to break it', next.from);
    if (statement.name !== 'ExpressionStatement')
      throw this.error('This is a statement, not an expression', statement.from);
    const parts = children(statement);
    if (parts.some((part) => part.name === ',')) return this.tuple(statement, parts);
    return this.expression(only(parts, () => this.error('This is not a valid expression', statement.from)));
  }

  private error(message: string, at: number, remedy?: string): ExpressionSyntaxError {
    return new ExpressionSyntaxError(message, at + this.start, remedy);
  }

  private source(node: SyntaxNode): string {
    return this.text.slice(node.from + this.start, node.to + this.start);
  }

  private place(node: SyntaxNode): { from: number; to: number } {
    return { from: node.from + this.start, to: node.to + this.start };
  }

  private expression(node: SyntaxNode): Expression {
    this.depth += 1;
    if (this.depth > maximumDepth)
      throw this.error(`The expression nests deeper than ${maximumDepth} levels`, node.from);
    try {
      return this.node(node);
    } finally {
      this.depth -= 1;
    }
  }

  private node(node: SyntaxNode): Expression {
    const place = this.place(node);
    switch (node.name) {
      case 'Number':
        return { kind: 'literal', value: this.number(node), ...place };
      case 'String':
        return { kind: 'literal', value: stringLiteral(this.source(node), place.from), ...place };
      case 'ContinuedString': {
        const value = children(node).map((part) => stringLiteral(this.source(part), part.from + this.start));
        return { kind: 'literal', value: value.join(''), ...place };
      }
      case 'Boolean':
        return { kind: 'literal', value: this.source(node) === 'True', ...place };
      case 'None':
        return { kind: 'literal', value: null, ...place };
      case 'VariableName':
        return { kind: 'name', name: this.name(node), ...place };
      case 'ParenthesizedExpression':
        return this.expression(this.inside(node));
      case 'UnaryExpression':
        return this.unary(node);
      case 'BinaryExpression':
        return this.binary(node);
      case 'ConditionalExpression':
        return this.conditional(node);
      case 'MemberExpression':
        return this.member(node);
      case 'CallExpression':
        return this.call(node);
      case 'ArrayExpression':
        return { kind: 'display', type: 'list', items: this.items(node, inner(node)), ...place };
      case 'SetExpression':
        return { kind: 'display', type: 'set', items: this.items(node, inner(node)), ...place };
      case 'TupleExpression':
        return this.tuple(node, inner(node));
      case 'DictionaryExpression':
        return this.dictionary(node);
      case 'ArrayComprehensionExpression':
        return this.comprehension(node, 'list', inner(node));
      case 'SetComprehensionExpression':
        return this.comprehension(node, 'set', inner(node));
      case 'ComprehensionExpression':
        return this.comprehension(node, 'generator', inner(node));
      case 'DictionaryComprehensionExpression':
        return this.dictionaryComprehension(node);
      default:
        throw this.error('This is not a valid expression', node.from);
    }
  }

  private number(node: SyntaxNode): bigint | number {
    return numberLiteral(this.source(node) + (this.isTrailingDot(node) ? '.' : ''), node.from + this.start);
  }

  private isTrailingDot(node: SyntaxNode): boolean {
    const before = this.text.slice(Math.max(0, node.from + this.start - 1), node.to + this.start + 2);
    return new RegExp(trailingDot.source).test(before) && this.text[node.to + this.start] === '.';
  }

  private name(node: SyntaxNode): string {
    const name = this.source(node);
    if (name.startsWith('_'))
      throw this.error(`The name ${name} begins with an underscore, which is not allowed`, node.from);
    return name;
  }

  private inside(node: SyntaxNode): SyntaxNode {
    return only(inner(node), () => this.error('This is not a valid expression', node.from));
  }

  private unary(node: SyntaxNode): Expression {
    const [operator, operand] = children(node);
    if (operator === undefined || operand === undefined) throw this.error('An operand is missing', node.from);
    if (operator.name === 'not') return this.logic(node);
    const sign = this.source(operator);
    if (sign !== '-' && sign !== '+') throw this.error(`The operator ${sign} is not available`, operator.from);
    return { kind: 'unary', operator: sign, operand: this.expression(operand), ...this.place(node) };
  }

  /**
   * `and`, `or` and `not`, bound anew: the grammar lets `not` take all of `a or b` in `not a or b`, where Python takes
   * only `a`.
   */
  private logic(node: SyntaxNode): Expression {
    const tokens = flatten(node);
    let at = 0;
    const negation = (): Expression => {
      const token = tokens[at];
      at += 1;
      if (token === undefined) throw this.error('An operand is missing', node.to);
      if (token.name !== 'not') return this.expression(token);
      this.depth += 1;
      if (this.depth > maximumDepth)
        throw this.error(`The expression nests deeper than ${maximumDepth} levels`, token.from);
      const operand = negation();
      this.depth -= 1;
      return { kind: 'unary', operator: 'not', operand, from: token.from + this.start, to: operand.to };
    };
    const joined = (operator: 'and' | 'or', next: () => Expression): Expression => {
      let left = next();
      while (tokens[at]?.name === operator) {
        at += 1;
        const right = next();
        left = { kind: 'boolean', operator, left, right, from: left.from, to: right.to };
      }
      return left;
    };
    return joined('or', () => joined('and', negation));
  }

  private binary(node: SyntaxNode): Expression {
    const parts = children(node);
    const left = parts[0];
    const right = parts.at(-1);
    if (left === undefined || right === undefined || parts.length < 3)
      throw this.error('An operand is missing', node.from);
    const operator = parts
      .slice(1, -1)
      .map((part) => this.source(part))
      .join(' ');
    if (operator === 'and' || operator === 'or') return this.logic(node);
    // Python's grammar has no `not` as an operand of anything tighter than `not` itself: `1 == not x` is an error there.
    if (right.name === 'UnaryExpression' && right.firstChild?.name === 'not')
      throw this.error('`not` needs parentheses here', right.from, 'Write `… == (not …)`.');
    if (operator.startsWith('is') && right.name !== 'None' && right.name !== 'Boolean')
      throw this.error(
        `\`${operator}\` compares with None only`,
        right.from,
        `Write \`${operator === 'is' ? '==' : '!='}\`.`,
      );
    if (isComparisonOperator(operator)) return this.comparison(node, left, operator, right);
    if (isBinaryOperator(operator))
      return {
        kind: 'binary',
        operator,
        left: this.expression(left),
        right: this.expression(right),
        ...this.place(node),
      };
    throw this.error(`The operator ${operator} is not available`, left.to);
  }

  /** `a < b < c` comes as `(a < b) < c`; Python means `a < b and b < c`, with b evaluated once. */
  private comparison(node: SyntaxNode, left: SyntaxNode, operator: ComparisonOperator, right: SyntaxNode): Expression {
    const first = this.expression(left);
    const link = { operator, operand: this.expression(right) };
    return left.name === 'BinaryExpression' && first.kind === 'comparison'
      ? { kind: 'comparison', first: first.first, rest: [...first.rest, link], ...this.place(node) }
      : { kind: 'comparison', first, rest: [link], ...this.place(node) };
  }

  private conditional(node: SyntaxNode): Expression {
    const parts = children(node).filter((part) => part.name !== 'if' && part.name !== 'else');
    const [whenTrue, test, whenFalse] = parts;
    if (whenTrue === undefined || test === undefined || whenFalse === undefined)
      throw this.error('`… if … else …` needs all three parts', node.from);
    return {
      kind: 'conditional',
      whenTrue: this.expression(whenTrue),
      test: this.expression(test),
      whenFalse: this.expression(whenFalse),
      ...this.place(node),
    };
  }

  private member(node: SyntaxNode): Expression {
    const [object, mark, ...rest] = children(node);
    if (object === undefined || mark === undefined) throw this.error('This is not a valid expression', node.from);
    if (mark.name === '.') {
      const property = only(rest, () => this.error('A name must follow the dot', mark.to));
      const name = this.source(property);
      if (name.startsWith('_'))
        throw this.error(`The attribute ${name} begins with an underscore, which is not allowed`, property.from);
      if (object.name === 'Number' && /^\d+$/.test(this.source(object)))
        throw this.error('A number has no attributes', object.from);
      return { kind: 'attribute', object: this.expression(object), name, ...this.place(node) };
    }
    return this.subscript(node, this.expression(object), rest.slice(0, -1));
  }

  private subscript(node: SyntaxNode, object: Expression, parts: readonly SyntaxNode[]): Expression {
    const place = this.place(node);
    if (!parts.some((part) => part.name === ':')) {
      if (parts.some((part) => part.name === ','))
        return { kind: 'index', object, index: this.tuple(node, parts), ...place };
      const index = only(parts, () => this.error('An index must stand between the brackets', node.from));
      return { kind: 'index', object, index: this.expression(index), ...place };
    }
    if (parts.some((part) => part.name === ',')) throw this.error('A slice has no commas', node.from);
    const bounds: (SyntaxNode | undefined)[] = [undefined];
    for (const part of parts) {
      if (part.name === ':') bounds.push(undefined);
      else bounds[bounds.length - 1] = part;
    }
    if (bounds.length > 3) throw this.error('A slice has at most three parts', node.from);
    const [start, stop, step] = bounds.map((bound) => (bound === undefined ? undefined : this.expression(bound)));
    return {
      kind: 'slice',
      object,
      ...(start === undefined ? {} : { start }),
      ...(stop === undefined ? {} : { stop }),
      ...(step === undefined ? {} : { step }),
      ...place,
    };
  }

  private call(node: SyntaxNode): Expression {
    const [callee, list] = children(node);
    if (callee === undefined || list === undefined) throw this.error('This is not a valid call', node.from);
    if (callee.name !== 'VariableName' && callee.name !== 'MemberExpression')
      throw this.error('Only functions and methods can be called', node.from);
    const parts = inner(list);
    const positional: Expression[] = [];
    const named: { name: string; value: Expression }[] = [];
    if (parts.some((part) => part.name === 'for' || part.name === 'async')) {
      positional.push(this.comprehension(list, 'generator', parts));
    } else {
      for (const argument of split(parts, () => this.error('An argument is missing', list.from))) {
        const [first, assign, value] = argument;
        if (first === undefined) continue;
        if (assign?.name === 'AssignOp' && value !== undefined) {
          const name = this.source(first);
          if (named.some((other) => other.name === name))
            throw this.error(`The argument ${name} is repeated`, first.from);
          named.push({ name, value: this.expression(value) });
        } else if (first.name === '*' || first.name === '**') {
          throw this.error('Arguments cannot be unpacked with *', first.from);
        } else {
          if (named.length > 0) throw this.error('A positional argument follows a named one', first.from);
          positional.push(
            this.expression(only(argument, () => this.error('This is not a valid argument', first.from))),
          );
        }
      }
    }
    return { kind: 'call', callee: this.expression(callee), positional, named, ...this.place(node) };
  }

  private items(node: SyntaxNode, parts: readonly SyntaxNode[]): Expression[] {
    return split(parts, () => this.error('An item is missing', node.from)).map((item) => {
      const first = item[0];
      if (first?.name === '*' || first?.name === '**') throw this.error('Items cannot be unpacked with *', first.from);
      return this.expression(only(item, () => this.error('This is not a valid item', node.from)));
    });
  }

  private tuple(node: SyntaxNode, parts: readonly SyntaxNode[]): Expression {
    return { kind: 'display', type: 'tuple', items: this.items(node, parts), ...this.place(node) };
  }

  private dictionary(node: SyntaxNode): Expression {
    const entries = split(inner(node), () => this.error('An entry is missing', node.from)).map((entry) => {
      const [key, colon, value, extra] = entry;
      if (key?.name === '**') throw this.error('Dictionaries cannot be unpacked with **', key.from);
      if (key === undefined || colon?.name !== ':' || value === undefined || extra !== undefined)
        throw this.error('An entry of a dictionary is `key: value`', node.from);
      return { key: this.expression(key), value: this.expression(value) };
    });
    return { kind: 'dict', entries, ...this.place(node) };
  }

  private comprehension(
    node: SyntaxNode,
    type: 'list' | 'set' | 'generator',
    parts: readonly SyntaxNode[],
  ): Expression {
    const [item, ...rest] = parts;
    if (item === undefined) throw this.error('This is not a valid comprehension', node.from);
    return {
      kind: 'comprehension',
      type,
      item: this.expression(item),
      clauses: this.clauses(node, rest),
      ...this.place(node),
    };
  }

  private dictionaryComprehension(node: SyntaxNode): Expression {
    const [key, colon, value, ...rest] = inner(node);
    if (key === undefined || colon?.name !== ':' || value === undefined)
      throw this.error('This is not a valid comprehension', node.from);
    return {
      kind: 'dict-comprehension',
      key: this.expression(key),
      value: this.expression(value),
      clauses: this.clauses(node, rest),
      ...this.place(node),
    };
  }

  private clauses(node: SyntaxNode, parts: readonly SyntaxNode[]): Clause[] {
    const clauses: { target: Target; iterable: Expression; conditions: Expression[] }[] = [];
    let index = 0;
    while (index < parts.length) {
      const keyword = parts[index];
      if (keyword?.name === 'for') {
        const at = parts.findIndex((part, position) => position > index && part.name === 'in');
        const iterable = parts[at + 1];
        if (at < 0 || iterable === undefined) throw this.error('`for` needs `in`', keyword.from);
        clauses.push({
          target: this.target(node, parts.slice(index + 1, at)),
          iterable: this.expression(iterable),
          conditions: [],
        });
        index = at + 2;
      } else if (keyword?.name === 'if') {
        const condition = parts[index + 1];
        const clause = clauses.at(-1);
        if (condition === undefined || clause === undefined) throw this.error('`if` needs a condition', keyword.from);
        clause.conditions.push(this.expression(condition));
        index += 2;
      } else {
        throw this.error('This is not a valid comprehension', keyword?.from ?? node.from);
      }
    }
    return clauses;
  }

  private target(node: SyntaxNode, parts: readonly SyntaxNode[]): Target {
    const [first] = parts;
    if (first === undefined) throw this.error('`for` needs a name', node.from);
    if (parts.length > 1 || parts.some((part) => part.name === ','))
      return {
        names: split(parts, () => this.error('A name is missing', node.from)).map((part) => this.target(node, part)),
      };
    if (first.name === 'VariableName') return { name: this.name(first) };
    if (first.name === 'TupleExpression' || first.name === 'ArrayExpression')
      return {
        names: split(inner(first), () => this.error('A name is missing', node.from)).map((part) =>
          this.target(node, part),
        ),
      };
    if (first.name === 'ParenthesizedExpression') return this.target(node, [this.inside(first)]);
    throw this.error('`for` binds names only', first.from);
  }
}
