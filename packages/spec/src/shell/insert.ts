import { unescapeGlob } from '../glob.js';

/** A value that is inserted into a script and must reach the program unchanged: file names, or a value of the job. */
export interface Insert {
  /** The reference as written in the template, for errors: `${reads}`. */
  readonly reference: string;
  /** Each is a separate word where the script allows words: none, one or several. */
  readonly words: readonly string[];
  /** The words are globs, for the shell to expand where it does so; see `escapeGlob`. */
  readonly areGlobs?: boolean;
}

/** Text of the script, or a value that is inserted into it. */
export type ScriptPiece = string | Insert;

/** Characters that mean the same to a shell with and without quotes. */
const plain = /^[\w./:-]+$/;

/** Reserved words of the shell, which would be interpreted as commands. */
const reserved = /^(?:if|then|elif|else|fi|do|done|case|esac|while|until|for|in|function|select|time|coproc)$/;

/** The readable text, joined by spaces. */
export function textOf({ words, areGlobs }: Insert): string {
  return (areGlobs ? words.map(unescapeGlob) : words).join(' ');
}

export const isPlain = (text: string): boolean => plain.test(text);

export const isWholeNumber = (text: string): boolean => /^-?\d+$/.test(text);

/** Outside of quotes: each word is quoted as a whole. @param force adds quotes even where they are not needed */
export function bare({ words, areGlobs }: Insert, force = false): string {
  return words.map((word) => (areGlobs ? bareGlob(word) : bareWord(word, force))).join(' ');
}

function bareWord(word: string, force: boolean): string {
  return !force && plain.test(word) && !reserved.test(word) ? word : `'${withinSingleQuotes(word)}'`;
}

function bareGlob(glob: string): string {
  let result = '';
  let last = 0;
  const literal = (end: number) => {
    if (end > last) result += bareWord(unescapeGlob(glob.slice(last, end)), false);
  };
  for (const { 0: token, index } of glob.matchAll(/[*?]|\[[^\]/]+\]/g)) {
    if (/^\[[*?[]\]$/.test(token)) continue;
    literal(index);
    result += token.replace(/[^\w[\]*?!^-]/g, (sign) => `'${withinSingleQuotes(sign)}'`);
    last = index + token.length;
  }
  literal(glob.length);
  return result;
}

export function withinSingleQuotes(text: string): string {
  return text.replaceAll("'", `'\\''`);
}

export function withinDoubleQuotes(text: string): string {
  return text.replace(/["$`\\]/g, '\\$&');
}

/** `"${x:-…}"`: as within double quotes, but the closing brace is special. */
export function withinQuotedDefault(text: string): string {
  return text.replace(/["$`\\}]/g, '\\$&');
}

/** A here-document whose delimiter is not quoted: a double quote is not special. */
export function withinHereDocument(text: string): string {
  return text.replace(/[$`\\]/g, '\\$&');
}

/** Adds one level of escaping for text between backticks. */
export function withinBackticks(text: string): string {
  return text.replace(/[$`\\]/g, '\\$&');
}

/** `$'…'` in bash. */
export function withinAnsiQuotes(text: string): string {
  return text.replace(/['\\]/g, '\\$&');
}
