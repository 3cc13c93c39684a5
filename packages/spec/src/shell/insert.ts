import { unescapeGlob } from '../glob.js';

/** Something that is put into a script and must arrive as it is: the names of files, or a value of the job's. */
export interface Insert {
  /** As the template names it, for errors: `${reads}`. */
  readonly reference: string;
  /** Each is one word where the script lets them be words: none, one or several. */
  readonly words: readonly string[];
  /** The words are globs, for the shell to expand where it would; see `escapeGlob`. */
  readonly areGlobs?: boolean;
}

/** Text for the shell to read, and what is put into it. */
export type ScriptPiece = string | Insert;

/** What means the same to a shell with and without quotes. */
const plain = /^[\w./:-]+$/;

/** Words of the shell's grammar, which would be commands of their own. */
const reserved = /^(?:if|then|elif|else|fi|do|done|case|esac|while|until|for|in|function|select|time|coproc)$/;

/** As people read them, one after the other. */
export function textOf({ words, areGlobs }: Insert): string {
  return (areGlobs ? words.map(unescapeGlob) : words).join(' ');
}

export const isPlain = (text: string): boolean => plain.test(text);

export const isWholeNumber = (text: string): boolean => /^-?\d+$/.test(text);

/** Outside of quotes: each word whole. @param force quotes where none are needed */
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

/** `"${x:-…}"`: as within double quotes, and the brace closes. */
export function withinQuotedDefault(text: string): string {
  return text.replace(/["$`\\}]/g, '\\$&');
}

/** A here-document whose delimiter has no quotes: a double quote is nothing special. */
export function withinHereDocument(text: string): string {
  return text.replace(/[$`\\]/g, '\\$&');
}

/** One more level of what a shell reads between backticks. */
export function withinBackticks(text: string): string {
  return text.replace(/[$`\\]/g, '\\$&');
}

/** `$'…'` in bash. */
export function withinAnsiQuotes(text: string): string {
  return text.replace(/['\\]/g, '\\$&');
}
