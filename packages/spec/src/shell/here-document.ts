import type { SymbolCursor } from './symbols.js';

/** A `<<` whose lines are still to come. */
export interface HereDocument {
  readonly delimiter: string;
  /** `<<-`: tabs at the beginning of lines do not count. */
  readonly stripsTabs: boolean;
  /** The delimiter has quotes: nothing in the lines is special. */
  readonly isQuoted: boolean;
}

/**
 * Reads `<<` or `<<-` and the delimiter.
 *
 * @returns undefined when something is put into the delimiter
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

/** Whether the line that begins here ends the document. */
export function isDelimiterLine(cursor: SymbolCursor, { delimiter, stripsTabs }: HereDocument): boolean {
  let at = 0;
  if (stripsTabs) while (cursor.peek(at) === '\t') at += 1;
  for (let index = 0; index < delimiter.length; index += 1)
    if (cursor.peek(at + index) !== delimiter.charAt(index)) return false;
  return /^\n?$/.test(cursor.peek(at + delimiter.length));
}

/** Whether text that was put in has made lines of the document that it would lose, or end with. */
export function breaksLines(text: string, { delimiter, stripsTabs }: HereDocument): boolean {
  return text.split('\n').some((line) => (stripsTabs ? line.replace(/^\t+/, '') : line) === delimiter);
}
