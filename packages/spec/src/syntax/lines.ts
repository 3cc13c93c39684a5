import type { SourcePosition, SourceRange } from '../diagnostics.js';

/** The offsets of the lines of a text. (The YAML library's own counter loses lines within broken scalars.) */
export class Lines {
  readonly #text: string;
  /** Created at the first use: a template without mistakes does not need it. */
  #starts: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** The line and column of an offset; an offset outside the text is moved to its nearer end. */
  position(offset: number): SourcePosition {
    this.#starts ??= lineStarts(this.#text);
    const inside = Math.min(Math.max(0, offset), this.#text.length);
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= inside) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: inside - (this.#starts[low] ?? 0) + 1, offset: inside };
  }

  /** The range of two offsets. */
  range(start: number, end: number): SourceRange {
    return { start: this.position(start), end: this.position(Math.max(start, end)) };
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
