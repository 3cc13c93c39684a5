import { type CST, Lexer, Parser } from 'yaml';
import { maxDepth, maxLexemes } from '../limits.js';
import { type Excess, excessOf } from './bounds.js';

/**
 * The syntax tree of a text, or the reason not to build it: the parser needs a second for each few hundred thousand
 * lexemes.
 */
export type Tokens = { readonly tokens: readonly CST.Token[]; readonly excess?: Excess };

/**
 * Maximum number of collections that the parser may have open: the document, the allowed depth, and those of an excess
 * level.
 */
const mostOpen = maxDepth + 10;

/** Parses a text to the YAML library's syntax tree; stops as soon as the text exceeds a limit. */
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
