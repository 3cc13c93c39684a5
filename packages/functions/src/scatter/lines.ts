/**
 * Splits text that arrives in pieces into lines: a line ends with `\n`, `\r\n` or `\r`, an empty line is a line, and
 * the end of the file ends the last one.
 *
 * @example
 * ```ts
 * const splitter = new LineSplitter();
 * splitter.push('a\r'); // []: the next piece may begin with the `\n`
 * splitter.push('\n\nb'); // ['a', '']
 * splitter.end(); // ['b']
 * ```
 */
export class LineSplitter {
  #rest = '';

  /** The lines that are complete now. */
  push(piece: string): string[] {
    const text = this.#rest + piece;
    const open = text.endsWith('\r') ? text.length - 1 : text.length;
    const lines = text.includes('\r') ? text.slice(0, open).split(/\r\n|\n|\r/) : text.split('\n');
    this.#rest = (lines.pop() ?? '') + text.slice(open);
    return lines;
  }

  /** The text after the last line ending. */
  end(): string[] {
    const last = this.#rest.endsWith('\r') ? [this.#rest.slice(0, -1)] : this.#rest === '' ? [] : [this.#rest];
    this.#rest = '';
    return last;
  }
}

/** The lines of a complete text, see {@link LineSplitter}. */
export function linesOf(text: string): string[] {
  const splitter = new LineSplitter();
  return [...splitter.push(text), ...splitter.end()];
}
