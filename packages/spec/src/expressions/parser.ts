import { parser as pythonParser } from '@lezer/python';
import type { Expression } from './ast.js';
import { ExpressionSyntaxError } from './errors.js';
import { numberLiteral } from './number-literal.js';
import { call, member } from './parse-access.js';
import { comprehension, dictionaryComprehension } from './parse-comprehensions.js';
import { dictionary, items, tuple } from './parse-displays.js';
import { binary, conditional, unary } from './parse-operators.js';
import { Reading } from './reading.js';
import { stringLiteral } from './string-literal.js';
import { dotBeforeExponent, maximumBrackets, maximumDepth, maximumLength, refused, trailingDot } from './subset.js';
import { inner, nodesOf, only, type SyntaxNode } from './syntax-tree.js';

/**
 * Parses a condition of a template: one expression in bclaw's subset of Python.
 *
 * @param text the condition, e.g. `qc.reads < 1000 or qc.q30 < 0.8`
 * @returns its tree, for {@link evaluateExpression} and {@link freeNames}
 * @throws ExpressionSyntaxError when the text is not Python or not in the subset
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
  // The grammar's parser is slow for brackets nested by thousands; quotes are ignored here.
  if (brackets(text) > maximumBrackets)
    throw new ExpressionSyntaxError(`The expression nests deeper than ${maximumDepth} levels`, 0);
  const start = text.length - text.trimStart().length;
  return readAll(new Reading(text, start, read));
}

/** The maximum number of brackets that are open at once. */
function brackets(text: string): number {
  let open = 0;
  let most = 0;
  for (const character of text)
    if ('([{'.includes(character)) most = Math.max(most, ++open);
    else if (')]}'.includes(character)) open -= 1;
  return most;
}

function readAll(reading: Reading): Expression {
  // The grammar supports neither `1.` nor `1.e3`: such dots are replaced by blanks or zeros, and number() reads the
  // original text.
  const text = reading.text.slice(reading.start).trimEnd();
  const source = /[\d_]\./.test(text)
    ? text
        .replaceAll(trailingDot, (_whole, digits: string) => `${digits} `)
        .replaceAll(dotBeforeExponent, (_whole, digits: string) => `${digits}0`)
    : text;
  const script = nodesOf(pythonParser.parse(source), ({ type, from }) => {
    const reason = refused[type.name];
    if (reason !== undefined) throw reading.error(reason, from);
    if (type.isError) throw invalid(reading, from);
  });
  const [statement, next] = script.children;
  if (statement === undefined) throw reading.error('The expression is empty', 0);
  if (next !== undefined)
    throw reading.error('An expression is one line; put it into parentheses to break it', next.from);
  if (statement.name !== 'ExpressionStatement')
    throw reading.error('This is a statement, not an expression', statement.from);
  const parts = statement.children;
  if (parts.some((part) => part.name === ',')) return tuple(reading, statement, parts);
  return reading.expression(only(parts, () => reading.error('This is not a valid expression', statement.from)));
}

/** Describes a syntax error that the grammar found; recognizes common mistakes. */
function invalid(reading: Reading, at: number): ExpressionSyntaxError {
  const { text } = reading;
  const offset = at + reading.start;
  const reference = /\$\{([^{}]*)\}/.exec(text);
  if (reference !== null && reference.index <= offset)
    return reading.error(
      `\`${reference[0]}\` is not replaced in conditions`,
      reference.index - reading.start,
      `Write \`${reference[1]}\`: a condition uses names as they are.`,
    );
  if (text.charAt(offset) === '!') return reading.error('`!` is no operator', at, 'Write `not`.');
  if (text.trim().includes('\n'))
    return reading.error(
      'This is not a valid expression',
      at,
      'An expression is one line: put it into parentheses to break it, or fold it with ">-".',
    );
  return reading.error('This is not a valid expression', at);
}

/** Reads a node of any kind. */
function read(reading: Reading, node: SyntaxNode): Expression {
  const place = reading.place(node);
  switch (node.name) {
    case 'Number':
      return { kind: 'literal', value: number(reading, node), ...place };
    case 'String':
      return { kind: 'literal', value: stringLiteral(reading.source(node), place.from), ...place };
    case 'ContinuedString': {
      const value = node.children.map((part) => stringLiteral(reading.source(part), part.from + reading.start));
      return { kind: 'literal', value: value.join(''), ...place };
    }
    case 'Boolean':
      return { kind: 'literal', value: reading.source(node) === 'True', ...place };
    case 'None':
      return { kind: 'literal', value: null, ...place };
    case 'VariableName':
      return { kind: 'name', name: reading.name(node), ...place };
    case 'ParenthesizedExpression':
      return reading.expression(reading.inside(node));
    case 'UnaryExpression':
      return unary(reading, node);
    case 'BinaryExpression':
      return binary(reading, node);
    case 'ConditionalExpression':
      return conditional(reading, node);
    case 'MemberExpression':
      return member(reading, node);
    case 'CallExpression':
      return call(reading, node);
    case 'ArrayExpression':
      return { kind: 'display', type: 'list', items: items(reading, node, inner(node)), ...place };
    case 'SetExpression':
      return { kind: 'display', type: 'set', items: items(reading, node, inner(node)), ...place };
    case 'TupleExpression':
      return tuple(reading, node, inner(node));
    case 'DictionaryExpression':
      return dictionary(reading, node);
    case 'ArrayComprehensionExpression':
      return comprehension(reading, node, 'list', inner(node));
    case 'SetComprehensionExpression':
      return comprehension(reading, node, 'set', inner(node));
    case 'ComprehensionExpression':
      return comprehension(reading, node, 'generator', inner(node));
    case 'DictionaryComprehensionExpression':
      return dictionaryComprehension(reading, node);
    default:
      throw reading.error('This is not a valid expression', node.from);
  }
}

function number(reading: Reading, node: SyntaxNode): bigint | number {
  return numberLiteral(reading.source(node) + (isTrailingDot(reading, node) ? '.' : ''), node.from + reading.start);
}

function isTrailingDot(reading: Reading, node: SyntaxNode): boolean {
  if (reading.text[node.to + reading.start] !== '.') return false;
  const around = reading.text.slice(Math.max(0, node.from + reading.start - 1), node.to + reading.start + 2);
  return new RegExp(trailingDot.source).test(around);
}
