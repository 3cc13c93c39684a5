import type { Insert } from './insert.js';

/** One character of a script as the shell reads it, or an insert. */
export interface ScriptSymbol {
  /** NUL, which no script contains, for an insert. */
  readonly character: string;
  /** Its source in the script: within backticks, with an additional backslash. */
  readonly source: string;
  readonly insert?: Insert;
}

/** Reads symbols one by one and writes them to the output, with text in place of the inserts. */
export class SymbolCursor {
  readonly #symbols: readonly ScriptSymbol[];
  #at = 0;
  #line: number;
  #written = '';

  constructor(symbols: readonly ScriptSymbol[], line: number) {
    this.#symbols = symbols;
    this.#line = line;
  }

  get atEnd(): boolean {
    return this.#at >= this.#symbols.length;
  }

  /** Line of the script, from 1. */
  get line(): number {
    return this.#line;
  }

  get written(): string {
    return this.#written;
  }

  /** The character `ahead` symbols further on; empty at the end. */
  peek(ahead = 0): string {
    return this.#symbols[this.#at + ahead]?.character ?? '';
  }

  /** Returns true if the next characters are the given ones. */
  sees(text: string): boolean {
    for (let index = 0; index < text.length; index += 1) if (this.peek(index) !== text.charAt(index)) return false;
    return true;
  }

  insert(): Insert | undefined {
    return this.#symbols[this.#at]?.insert;
  }

  /** Reads the next symbol without writing it. */
  next(): ScriptSymbol | undefined {
    const symbol = this.#symbols[this.#at];
    this.#at += 1;
    if (symbol?.character === '\n') this.#line += 1;
    return symbol;
  }

  /** Copies the next characters to the output as they are in the script. */
  take(count = 1): string {
    let taken = '';
    for (let index = 0; index < count; index += 1) {
      const symbol = this.next();
      this.#written += symbol?.source ?? '';
      taken += symbol?.character ?? '';
    }
    return taken;
  }

  write(text: string): void {
    this.#written += text;
  }

  /** @returns a function that resets the cursor to its present position */
  mark(): () => void {
    const [at, line, written] = [this.#at, this.#line, this.#written];
    return () => {
      this.#at = at;
      this.#line = line;
      this.#written = written;
    };
  }
}
