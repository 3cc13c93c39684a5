import { maxDepth, maxNodes } from '../../limits.js';
import { character } from './characters.js';

/** Thrown at the first thing that only the YAML library can judge. */
export class NotSimple extends Error {}

const spaces = / */y;
/** What may stand after a value on its line. */
const restOfLine = / *(?: #[^\n]*)?(?:\n|$)/y;

/** A place in a text, and how much has been read up to it. */
export class Cursor {
  readonly text: string;
  at = 0;
  /** Column of the content at `at` after {@link nextContent}; -1 at the end of the text. */
  indent = -1;
  #nodes = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** Goes on to the first content at or after `at`, which is the beginning of a line. */
  nextContent(): void {
    const { text } = this;
    for (let line = this.at; line < text.length; ) {
      let content = line;
      while (text.charCodeAt(content) === character.space) content += 1;
      const code = text.charCodeAt(content);
      if (code !== character.newline && code !== character.hash && content < text.length) {
        this.at = content;
        this.indent = content - line;
        return;
      }
      const end = text.indexOf('\n', content);
      line = end === -1 ? text.length : end + 1;
    }
    this.at = text.length;
    this.indent = -1;
  }

  isAtEnd(): boolean {
    return this.indent === -1;
  }

  /** Whether this character is here. */
  isAt(code: number): boolean {
    return this.text.charCodeAt(this.at) === code;
  }

  /** Whether a word has ended before this place. */
  isBlankAt(at: number): boolean {
    const code = this.text.charCodeAt(at);
    return code === character.space || code === character.newline || at >= this.text.length;
  }

  /** Whether a sticky pattern fits here; `at` stays. */
  fits(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    return pattern.test(this.text);
  }

  /** Takes what a sticky pattern fits. */
  take(pattern: RegExp): string {
    const start = this.at;
    if (!this.fits(pattern)) throw new NotSimple();
    this.at = pattern.lastIndex;
    return this.text.slice(start, this.at);
  }

  skipSpaces(): void {
    this.fits(spaces);
    this.at = spaces.lastIndex;
  }

  /** Goes to the next line when only a comment is left of this one. */
  skipRestOfLine(): boolean {
    if (!this.fits(restOfLine)) return false;
    this.at = restOfLine.lastIndex;
    return true;
  }

  /** Counts a node; too many, or too deep ones, are for the reader of the library's nodes to tell. */
  count(depth: number): void {
    this.#nodes += 1;
    if (depth > maxDepth || this.#nodes > maxNodes) throw new NotSimple();
  }
}
