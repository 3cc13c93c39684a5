import { type CST, Lexer, Parser } from 'yaml';
import { maxDepth, maxLexemes } from '../limits.js';
import { type Excess, excessOf } from './bounds.js';

/** The syntax tree of a text, or why it must not be made: the parser needs a second for each few hundred thousand pieces. */
export type Tokens = { readonly tokens: readonly CST.Token[]; readonly excess?: Excess };

/** Collections that the parser may have open: a document and the deepest one that is allowed, with those that one too many opens. */
const mostOpen = maxDepth + 10;

/** The YAML library's syntax tree of a text, given up as soon as the text turns out to be too much. */
export function tokensOf(text: string): Tokens {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    lexemes += 1;
    if (lexemes > maxLexemes)
      return {
        tokens: [],
        excess: {
          code: 'limit-exceeded',
          offset: 0,
          message: `The template has more than ${maxLexemes} words and signs.`,
        },
      };
    if (parser.stack.length > mostOpen) break;
  }
  for (const token of parser.end()) tokens.push(token);
  const excess = excessOf(tokens);
  return excess === undefined ? { tokens } : { tokens, excess };
}
