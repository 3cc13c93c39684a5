/** A `${…}` in a text. */
export interface Reference {
  /** The text between the braces. */
  readonly content: string;
  /** Offset of the `$` and of the character after the closing brace. */
  readonly start: number;
  readonly end: number;
}

/** Maximum length of the text between the braces, and of unclosed ones in a text, so that the search is linear. */
const longest = 4096;
const mostUnclosed = 100;

const quotes = new Set(['"', "'", '`']);

/**
 * Every `${…}` of a text, in order. Nested and quoted braces belong to the reference; an unclosed one is not a
 * reference, nor is the shell's `${x:-${name}}`, which contains one.
 */
export function references(text: string): Reference[] {
  const found: Reference[] = [];
  let unclosed = 0;
  let start = text.indexOf('${');
  while (start !== -1 && unclosed < mostUnclosed) {
    const close = closingBrace(text, start + 2);
    const inner = text.indexOf('${', start + 2);
    if (inner !== -1 && inner < close && !isLanguage(text.slice(start + 2, start + 10))) {
      start = inner;
      continue;
    }
    if (close === -1) unclosed += 1;
    else found.push({ content: text.slice(start + 2, close), start, end: close + 1 });
    start = text.indexOf('${', close === -1 ? start + 2 : close + 1);
  }
  return found;
}

/** Returns true if a value is a text with a `${…}` in it. */
export function hasReference(value: unknown): boolean {
  return typeof value === 'string' && value.includes('${') && references(value).length > 0;
}

/** A text with every `${…}` replaced by `put(content)`; undefined keeps the reference as it is. */
export function replaceReferences(text: string, put: (content: string) => string | undefined): string {
  let result = '';
  let last = 0;
  for (const { content, start, end } of references(text)) {
    const value = put(content);
    if (value === undefined) continue;
    result += text.slice(last, start) + value;
    last = end;
  }
  return result + text.slice(last);
}

/** A text with every `${…}` replaced by a stand-in, so that the rest can be checked. */
export function withoutReferences(text: string, standIn = ''): string {
  return replaceReferences(text, () => standIn);
}

/**
 * Only the run-time forms contain a language (JMESPath) with quotes and braces; the shell's `${x:-'}` is left to the
 * shell.
 */
function isLanguage(content: string): boolean {
  return /^(?:!?(?:job|scatter|parent)[.[]|[a-z_]+\()/.test(content);
}

/** Offset of the brace that closes the reference whose content begins at `from`, or -1. */
function closingBrace(text: string, from: number): number {
  const window = text.slice(from, from + longest);
  const at = isLanguage(window) ? closingBraceOfPath(window) : window.indexOf('}');
  return at === -1 ? -1 : from + at;
}

function closingBraceOfPath(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === '{') depth += 1;
    else if (character === '}' && depth === 0) return at;
    else if (character === '}') depth -= 1;
    else if (quotes.has(character)) {
      at = endOfQuoted(text, at, character);
      if (at === -1) return -1;
    }
  }
  return -1;
}

function endOfQuoted(text: string, open: number, quote: string): number {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text.charAt(at) === '\\') at += 1;
    else if (text.charAt(at) === quote) return at;
  }
  return -1;
}
