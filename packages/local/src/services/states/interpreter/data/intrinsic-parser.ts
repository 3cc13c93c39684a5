import type { Json } from './json.js';

/** An argument of an intrinsic function. */
export type IntrinsicArgument =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'call'; readonly call: IntrinsicCall };

/** The syntax tree of a call such as `States.Format('{}', $.name)`. */
export interface IntrinsicCall {
  readonly name: string;
  readonly arguments: readonly IntrinsicArgument[];
}

const namePattern = /\s*(States\.[A-Za-z0-9]+)\s*\(/y;
const numberPattern = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?=\s*[,)])/y;
const wordPattern = /(?:true|false|null)(?=\s*[,)])/y;
const spacePattern = /\s*/y;
// AWS limits the nesting of intrinsic functions to 10.
const maximumNesting = 10;

class Parser {
  readonly #text: string;
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): IntrinsicCall {
    const call = this.#call();
    this.#match(spacePattern);
    if (this.#position < this.#text.length) throw this.#error('text after the closing parenthesis');
    return call;
  }

  #call(): IntrinsicCall {
    this.#depth += 1;
    if (this.#depth > maximumNesting) throw this.#error(`more than ${maximumNesting} nested functions`);
    const name = this.#match(namePattern)?.[1];
    if (name === undefined) throw this.#error('an intrinsic function was expected');
    const found: IntrinsicArgument[] = [];
    this.#match(spacePattern);
    if (!this.#take(')')) {
      do {
        this.#match(spacePattern);
        found.push(this.#argument());
        this.#match(spacePattern);
      } while (this.#take(','));
      if (!this.#take(')')) throw this.#error("',' or ')' was expected");
    }
    this.#depth -= 1;
    return { name, arguments: found };
  }

  #argument(): IntrinsicArgument {
    if (this.#text.startsWith("'", this.#position)) return { kind: 'value', value: this.#string() };
    if (this.#text.startsWith('$', this.#position)) return { kind: 'path', path: this.#path() };
    if (this.#text.startsWith('States.', this.#position)) return { kind: 'call', call: this.#call() };
    const literal = this.#match(numberPattern)?.[0] ?? this.#match(wordPattern)?.[0];
    if (literal === undefined) throw this.#error('a string, number, path or function was expected');
    return { kind: 'value', value: JSON.parse(literal) };
  }

  /**
   * Strings are enclosed in apostrophes; `\'`, `\{`, `\}` and `\\` are escapes (States Language, "Intrinsic
   * Functions").
   */
  #string(): string {
    this.#position += 1;
    let value = '';
    for (;;) {
      const char = this.#text[this.#position];
      if (char === undefined) throw this.#error('the string does not end');
      this.#position += 1;
      if (char === "'") return value;
      if (char === '\\') {
        const escaped = this.#text[this.#position] ?? '';
        this.#position += 1;
        // States.Format distinguishes escaped braces from placeholders, so they keep their backslash.
        value += escaped === '{' || escaped === '}' || escaped === '\\' ? `\\${escaped}` : escaped;
      } else value += char;
    }
  }

  /** A path ends at the first comma or parenthesis outside its own brackets and strings. */
  #path(): string {
    const start = this.#position;
    let depth = 0;
    let quote: string | undefined;
    for (; this.#position < this.#text.length; this.#position += 1) {
      const char = this.#text[this.#position] ?? '';
      if (quote !== undefined) {
        if (char === '\\') this.#position += 1;
        else if (char === quote) quote = undefined;
      } else if ((char === "'" || char === '"') && depth > 0) quote = char;
      else if (char === '[' || char === '(') depth += 1;
      else if (depth === 0 && (char === ',' || char === ')')) break;
      else if (char === ']' || char === ')') depth -= 1;
    }
    return this.#text.slice(start, this.#position).trimEnd();
  }

  #take(char: string): boolean {
    if (!this.#text.startsWith(char, this.#position)) return false;
    this.#position += char.length;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#position;
    const match = pattern.exec(this.#text);
    if (match === null) return undefined;
    this.#position += match[0].length;
    return match;
  }

  #error(what: string): SyntaxError {
    return new SyntaxError(`${what} at character ${this.#position + 1} of '${this.#text}'`);
  }
}

const cache = new Map<string, IntrinsicCall>();
const cacheLimit = 10_000;

/** @throws SyntaxError when the text is not a call of an intrinsic function */
export function parseIntrinsic(text: string): IntrinsicCall {
  const known = cache.get(text);
  if (known !== undefined) return known;
  const call = new Parser(text).whole();
  if (cache.size >= cacheLimit) cache.clear();
  cache.set(text, call);
  return call;
}
