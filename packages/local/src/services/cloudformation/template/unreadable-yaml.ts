import { CST, Lexer } from 'yaml';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const foreign = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]/;

/** Tokens of the YAML library that do not represent text. */
const marks: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

/**
 * Finds text that YAML 1.1 rejects but the YAML library, made for 1.2, accepts: some characters, tabs between words,
 * the escape of a slash.
 */
export function unreadable(text: string): { readonly offset: number; readonly reason: string } | undefined {
  const character = foreign.exec(text);
  if (character !== null) return { offset: character.index, reason: 'special characters are not allowed' };
  return /\t|\\\//.test(text) ? tabOrEscape(text) : undefined;
}

function tabOrEscape(text: string): { readonly offset: number; readonly reason: string } | undefined {
  let offset = 0;
  let isUnquoted = false;
  let isBlock = false;
  for (const lexeme of new Lexer().lex(text)) {
    if (marks.has(lexeme)) {
      isUnquoted = lexeme === CST.SCALAR;
      continue;
    }
    const type = isUnquoted ? (isBlock ? 'block' : 'plain') : CST.tokenType(lexeme);
    if ((type === 'plain' || type === 'space') && lexeme.includes('\t'))
      return {
        offset: offset + lexeme.indexOf('\t'),
        reason: "found character '\\t(TAB)' that cannot start any token",
      };
    if (type === 'double-quoted-scalar' && /^(?:[^\\]|\\[^/])*\\\//.test(lexeme))
      return { offset, reason: 'found unknown escape character /' };
    if (type === 'block-scalar-header') isBlock = true;
    else if (isUnquoted) isBlock = false;
    isUnquoted = false;
    offset += lexeme.length;
  }
  return undefined;
}
