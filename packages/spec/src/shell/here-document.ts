import type { SymbolCursor } from './symbols.js';

/** A `<<` whose lines have not been read yet. */
export interface HereDocument {
  readonly delimiter: string;
  /** `<<-`: tabs at the beginning of lines are ignored. */
  readonly stripsTabs: boolean;
  /** The delimiter is quoted: no character in the lines is special. */
  readonly isQuoted: boolean;
}

/**
 * Parses `<<` or `<<-` and the delimiter.
 *
 * @returns undefined when the delimiter contains an insert
 */
export function readHereDocument(cursor: SymbolCursor): HereDocument | undefined {
  cursor.take(2);
  const stripsTabs = cursor.peek() === '-';
  if (stripsTabs) cursor.take();
  while (/^[ \t]$/.test(cursor.peek())) cursor.take();
  let delimiter = '';
  let isQuoted = false;
  for (;;) {
    if (cursor.insert() !== undefined) return undefined;
    const character = cursor.peek();
    if (character === '' || /[\s;&|<>()]/.test(character)) return { delimiter, stripsTabs, isQuoted };
    if (character === "'" || character === '"') {
      isQuoted = true;
      cursor.take();
      while (!cursor.atEnd && cursor.peek() !== character) {
        if (cursor.insert() !== undefined) return undefined;
        delimiter += cursor.take();
      }
      cursor.take();
    } else if (character === '\\') {
      isQuoted = true;
      cursor.take();
      delimiter += cursor.take();
    } else delimiter += cursor.take();
  }
}

/** Returns true if the current line ends the document. */
export function isDelimiterLine(cursor: SymbolCursor, { delimiter, stripsTabs }: HereDocument): boolean {
  let at = 0;
  if (stripsTabs) while (cursor.peek(at) === '\t') at += 1;
  for (let index = 0; index < delimiter.length; index += 1)
    if (cursor.peek(at + index) !== delimiter.charAt(index)) return false;
  return /^\n?$/.test(cursor.peek(at + delimiter.length));
}

/** Returns true if an inserted text creates lines that the document would lose, or that would end it. */
export function breaksLines(text: string, { delimiter, stripsTabs }: HereDocument): boolean {
  return text.split('\n').some((line) => (stripsTabs ? line.replace(/^\t+/, '') : line) === delimiter);
}
