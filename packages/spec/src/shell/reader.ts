import { BclawError } from '../errors.js';
import { CommandGrammar } from './grammar.js';
import { breaksLines, type HereDocument, isDelimiterLine, readHereDocument } from './here-document.js';
import {
  bare,
  type Insert,
  isPlain,
  isWholeNumber,
  textOf,
  withinAnsiQuotes,
  withinBackticks,
  withinDoubleQuotes,
  withinHereDocument,
  withinQuotedDefault,
  withinSingleQuotes,
} from './insert.js';
import { type ScriptSymbol, SymbolCursor } from './symbols.js';

/** The context of an expansion. */
type Surroundings = 'bare' | 'double' | 'here-document' | 'arithmetic';

interface ReaderOptions {
  readonly shell: 'sh' | 'bash';
  /** Encodes text for the enclosing script, as backticks require. */
  readonly encode: (text: string) => string;
  readonly line: number;
  /** True within double quotes and backticks, whose quotes bash ignores in brace expansion. */
  readonly isInQuotedBackticks: boolean;
  /** True when the reader only looks for the end of something: it never fails. */
  readonly isProbe: boolean;
}

/**
 * Reads a script as a POSIX shell does, as far as is necessary to know in which quotes each insert is, and writes it
 * with the inserts' text. It fails where shells differ, or where a character cannot be preserved.
 */
export class ScriptReader {
  readonly #cursor: SymbolCursor;
  readonly #options: ReaderOptions;
  #probes: number;
  #hereDocuments: HereDocument[] = [];
  /** Length of the output after the last `$x`, which a letter would continue, and after the last backslash. */
  #variableEnd = -1;
  #backslashEnd = -1;
  /** The reason why the rest cannot be interpreted, in a script that shells read in different ways. */
  #doubt: string | undefined;

  constructor(symbols: readonly ScriptSymbol[], options: ReaderOptions) {
    this.#cursor = new SymbolCursor(symbols, options.line);
    this.#options = options;
    this.#probes = options.isProbe ? 1 : 0;
  }

  read(): string {
    while (!this.#cursor.atEnd) {
      this.#commands();
      // An unmatched closing parenthesis.
      this.#cursor.take();
    }
    return this.#cursor.written;
  }

  /** Reads commands up to the parenthesis that closes them, which is not consumed. */
  #commands(): void {
    const cursor = this.#cursor;
    const grammar = new CommandGrammar();
    while (!cursor.atEnd) {
      const insert = cursor.insert();
      if (insert !== undefined) {
        this.#insertBare(insert, grammar);
        grammar.word += '\0';
        continue;
      }
      const character = cursor.peek();
      switch (character) {
        case ')':
          if (!grammar.takesParenthesis(')')) return;
          cursor.take();
          break;
        case '(':
          this.#group(grammar);
          break;
        case '#':
          if (grammar.word === '') this.#comment();
          else grammar.word += cursor.take();
          break;
        case '\n':
          grammar.separator('\n');
          cursor.take();
          this.#hereDocumentLines();
          break;
        case ';':
        case '&':
        case '|':
          grammar.separator(this.#takeWhile(/[;&|]/));
          break;
        case '<':
        case '>':
          grammar.endWord();
          this.#redirection();
          break;
        case ' ':
        case '\t':
          grammar.endWord();
          cursor.take();
          break;
        default:
          grammar.word += this.#wordPart(character);
      }
    }
  }

  /** @returns the part to add to a word: the character, or a NUL for a quoted or expanded part */
  #wordPart(character: string): string {
    switch (character) {
      case "'":
        this.#singleQuotes();
        return '\0';
      case '"':
        this.#doubleQuotes();
        return '\0';
      case '`':
        this.#backticks(false);
        return '\0';
      case '$':
        this.#dollar('bare');
        return '\0';
      case '\\':
        // A line continuation is not part of a word.
        return this.#backslash() === '\n' ? '' : '\0';
      default:
        return this.#cursor.take();
    }
  }

  #group(grammar: CommandGrammar): void {
    const cursor = this.#cursor;
    if (grammar.takesParenthesis('(')) {
      cursor.take();
      return;
    }
    if (this.#options.shell === 'bash' && cursor.sees('((') && grammar.mayBeArithmetic && this.#arithmetic()) {
      grammar.word = '\0';
      return;
    }
    const { word } = grammar;
    const isFunction = word !== '' && cursor.sees('()');
    grammar.endWord();
    cursor.take();
    this.#commands();
    cursor.take();
    // After `f()` its body follows; after `a=(…)` and `@(…)` the word continues.
    if (isFunction) grammar.separator('');
    else if (word === '') grammar.endGroup();
    else grammar.word = '\0';
  }

  #takeWhile(part: RegExp): string {
    let taken = '';
    while (part.test(this.#cursor.peek())) taken += this.#cursor.take();
    return taken;
  }

  #redirection(): void {
    const cursor = this.#cursor;
    if (cursor.sees('<<<')) cursor.take(3);
    else if (cursor.sees('<<')) {
      const document = readHereDocument(cursor);
      if (document !== undefined) this.#hereDocuments.push(document);
      else this.#fail(cursor.insert(), 'in the delimiter of a here-document');
      if (document === undefined) cursor.next();
    } else {
      const first = cursor.take();
      // `>&`, `>|`, `<>`: not operators between commands.
      if (/[&|>]/.test(cursor.peek()) && (first === '>' || cursor.peek() !== '|')) cursor.take();
    }
  }

  #comment(): void {
    const cursor = this.#cursor;
    while (!cursor.atEnd && cursor.peek() !== '\n') {
      const insert = cursor.insert();
      if (insert === undefined) cursor.take();
      else this.#put(textOf(insert).replaceAll('\n', ' '));
    }
  }

  #singleQuotes(): void {
    this.#quoted("'", (insert) => withinSingleQuotes(textOf(insert)));
  }

  /** `$'…'`: bash interprets backslashes in it, other shells may treat the dollar sign as literal. */
  #ansiQuotes(): void {
    const cursor = this.#cursor;
    if (this.#options.shell === 'bash') {
      this.#quoted("'", (insert) => withinAnsiQuotes(textOf(insert)), true);
      return;
    }
    cursor.take();
    while (!cursor.atEnd && cursor.peek() !== "'") {
      const insert = cursor.insert();
      if (cursor.sees("\\'")) this.#doubt = "after a $'…' with a quote in it, which not every sh knows";
      if (insert === undefined) cursor.take();
      else if (/['\\]/.test(textOf(insert))) this.#fail(insert, "in $'…', which not every sh knows");
      else this.#put(textOf(insert));
    }
    cursor.take();
  }

  #quoted(quote: string, write: (insert: Insert) => string, hasEscapes = false): void {
    const cursor = this.#cursor;
    cursor.take();
    while (!cursor.atEnd && cursor.peek() !== quote) {
      const insert = cursor.insert();
      if (insert !== undefined) this.#insertQuoted(insert, write, undefined);
      else if (hasEscapes && cursor.peek() === '\\') this.#backslash();
      else cursor.take();
    }
    cursor.take();
  }

  #doubleQuotes(): void {
    const cursor = this.#cursor;
    cursor.take();
    while (!cursor.atEnd && cursor.peek() !== '"') {
      const insert = cursor.insert();
      if (insert !== undefined) this.#insertQuoted(insert, (one) => withinDoubleQuotes(textOf(one)), '""');
      else this.#expandable('double');
    }
    cursor.take();
  }

  /** Reads one character or an expansion between double quotes or in a here-document. */
  #expandable(surroundings: Surroundings): void {
    const character = this.#cursor.peek();
    if (character === '\\') this.#backslash();
    else if (character === '$') this.#dollar(surroundings);
    else if (character === '`') this.#backticks(true);
    else this.#cursor.take();
  }

  /** @returns the character after the backslash; nothing if an insert follows */
  #backslash(): string {
    const cursor = this.#cursor;
    cursor.take();
    if (cursor.insert() === undefined) return cursor.take();
    this.#backslashEnd = cursor.written.length;
    return '';
  }

  #dollar(surroundings: Surroundings): void {
    const cursor = this.#cursor;
    cursor.take();
    const insert = cursor.insert();
    const character = cursor.peek();
    if (insert !== undefined) {
      this.#fail(insert, 'after a dollar sign');
      cursor.next();
    } else if (character === '(') {
      if (cursor.sees('((') && this.#arithmetic()) return;
      cursor.take();
      this.#commands();
      cursor.take();
    } else if (character === '{') this.#parameter(surroundings);
    else if (character === '[' && this.#options.shell === 'bash') this.#bracketArithmetic();
    else if (character === "'" && surroundings === 'bare') this.#ansiQuotes();
    else if (/[A-Za-z_]/.test(character)) {
      this.#takeWhile(/\w/);
      this.#variableEnd = cursor.written.length;
    } else if (/[\d?!#@*$-]/.test(character)) cursor.take();
  }

  /** `((…))`; nothing is consumed when it turns out to be nested parentheses. */
  #arithmetic(): boolean {
    const reset = this.#cursor.mark();
    this.#probes += 1;
    const isArithmetic = this.#readArithmetic();
    this.#probes -= 1;
    if (isArithmetic && this.#probes > 0) return true;
    reset();
    return isArithmetic && this.#readArithmetic();
  }

  #readArithmetic(): boolean {
    const cursor = this.#cursor;
    cursor.take(2);
    for (let depth = 0; !cursor.atEnd; ) {
      if (depth === 0 && cursor.sees('))')) {
        cursor.take(2);
        return true;
      }
      const character = cursor.peek();
      if (character === ')' && depth === 0) return false;
      if (character === '(') depth += 1;
      else if (character === ')') depth -= 1;
      this.#arithmeticPart();
    }
    return false;
  }

  #bracketArithmetic(): void {
    while (!this.#cursor.atEnd && this.#cursor.peek() !== ']') this.#arithmeticPart();
    this.#cursor.take();
  }

  #arithmeticPart(): void {
    const insert = this.#cursor.insert();
    if (insert === undefined) this.#expandable('arithmetic');
    else this.#insertNumber(insert, 'in arithmetic');
  }

  /** `${…}` */
  #parameter(surroundings: Surroundings): void {
    const cursor = this.#cursor;
    cursor.take();
    if (/[!#]/.test(cursor.peek()) && /[\w@*]/.test(cursor.peek(1))) cursor.take();
    if (this.#takeWhile(/\w/) === '' && cursor.insert() === undefined && cursor.peek() !== '}') cursor.take();
    const isPattern = !/^:?[-=?+]/.test(cursor.peek() + cursor.peek(1));
    for (let isNested = false; !cursor.atEnd && (isNested || cursor.peek() !== '}'); ) {
      const insert = cursor.insert();
      const character = cursor.peek();
      if (insert !== undefined) this.#insertIntoParameter(insert, surroundings, isPattern || isNested);
      else if (surroundings === 'bare') this.#wordPart(character);
      else {
        if (character === '"') isNested = !isNested;
        this.#expandable(surroundings);
      }
    }
    cursor.take();
  }

  #insertIntoParameter(insert: Insert, surroundings: Surroundings, isPlainOnly: boolean): void {
    if (surroundings === 'arithmetic') this.#insertNumber(insert, 'in arithmetic');
    else if (isPlainOnly || surroundings === 'here-document')
      this.#insertQuoted(insert, (one) => this.#plainOnly(one, '${…}'), undefined);
    else if (surroundings === 'bare') this.#insertQuoted({ ...insert, areGlobs: false }, (one) => bare(one), "''");
    else {
      // In "${x:-…}" some shells interpret these as they do outside of quotes.
      if (/['()<>]/.test(textOf(insert))) this.#fail(insert, 'within "${…}"');
      this.#insertQuoted(insert, (one) => withinQuotedDefault(textOf(one)), undefined);
    }
  }

  #plainOnly(insert: Insert, where: string): string {
    const text = textOf(insert);
    if (!isPlain(text) || text.includes('/')) this.#fail(insert, `within ${where}`);
    return text;
  }

  #backticks(isQuoted: boolean): void {
    const cursor = this.#cursor;
    cursor.take();
    const { line } = cursor;
    const symbols: ScriptSymbol[] = [];
    while (!cursor.atEnd && cursor.peek() !== '`') {
      const symbol = cursor.next();
      if (symbol === undefined) break;
      const escaped = symbol.character === '\\' && (isQuoted ? /[`\\$"]/ : /[`\\$]/).test(cursor.peek());
      const next = escaped ? cursor.next() : undefined;
      symbols.push(next === undefined ? symbol : { character: next.character, source: symbol.source + next.source });
    }
    const encode = (text: string) => this.#options.encode(withinBackticks(text));
    const reader = new ScriptReader(symbols, {
      ...this.#options,
      encode,
      line,
      isInQuotedBackticks: isQuoted || this.#options.isInQuotedBackticks,
      isProbe: this.#probes > 0,
    });
    cursor.write(reader.read());
    cursor.take();
  }

  #hereDocumentLines(): void {
    const cursor = this.#cursor;
    const documents = this.#hereDocuments;
    this.#hereDocuments = [];
    for (const document of documents) {
      while (!cursor.atEnd && !isDelimiterLine(cursor, document)) this.#hereDocumentLine(document);
      while (!cursor.atEnd && cursor.peek() !== '\n') cursor.take();
      cursor.take();
    }
  }

  #hereDocumentLine(document: HereDocument): void {
    const cursor = this.#cursor;
    const from = cursor.written.length;
    let last: Insert | undefined;
    while (!cursor.atEnd && cursor.peek() !== '\n') {
      const insert = cursor.insert();
      if (insert === undefined) {
        if (document.isQuoted) cursor.take();
        else this.#expandable('here-document');
        continue;
      }
      last = insert;
      const text = textOf(insert);
      const isAtStart = /^\t*$/.test(cursor.written.slice(from));
      if (document.stripsTabs && ((isAtStart && text.startsWith('\t')) || text.includes('\n\t')))
        this.#fail(insert, 'in a here-document that loses the tabs at the beginning of its lines');
      this.#insertQuoted(insert, () => (document.isQuoted ? text : withinHereDocument(text)), undefined);
    }
    if (last !== undefined && breaksLines(cursor.written.slice(from), document))
      this.#fail(last, `in a here-document, which would end at a line ${document.delimiter}`);
    cursor.take();
  }

  #insertBare(insert: Insert, grammar: CommandGrammar): void {
    const cursor = this.#cursor;
    const next = cursor.peek(1);
    if (this.#options.shell === 'bash' && /^[A-Za-z_]\w*\[$/.test(grammar.word))
      this.#insertNumber(insert, 'in an index');
    else if (insert.words.length === 0) this.#put(next === '#' ? "''" : '');
    else {
      const whole = grammar.isAssignment && insert.words.length > 1;
      const one: Insert = whole ? { reference: insert.reference, words: [textOf(insert)] } : insert;
      // Digits before a redirection would be a file descriptor.
      const isDescriptor = /[<>]/.test(next) && grammar.word === '' && isWholeNumber(insert.words.at(-1) ?? '');
      this.#insertQuoted(one, (words) => bare(words, isDescriptor), "''");
    }
  }

  #insertNumber(insert: Insert, where: string): void {
    if (!isWholeNumber(textOf(insert))) this.#fail(insert, where);
    this.#insertQuoted(insert, textOf, undefined);
  }

  /**
   * @param breaker a text without effect that ends the name of a variable directly before; undefined where there is
   * none
   */
  #insertQuoted(insert: Insert, write: (insert: Insert) => string, breaker: string | undefined): void {
    const { written } = this.#cursor;
    const text = write(insert);
    if (this.#backslashEnd === written.length && !insert.words.every(isPlain)) this.#fail(insert, 'after a backslash');
    const continuesVariable = this.#variableEnd === written.length && /^\w/.test(text);
    if (continuesVariable && breaker === undefined)
      this.#fail(insert, 'after a variable, whose name it would continue: write the variable as ${name}');
    this.#put(continuesVariable ? `${breaker}${text}` : text);
  }

  /** Writes text in place of the next insert. */
  #put(text: string): void {
    const insert = this.#cursor.insert();
    if (this.#doubt !== undefined && !isPlain(text)) this.#fail(insert, this.#doubt);
    if (this.#options.isInQuotedBackticks && /[{}(),<>]|\.\./.test(text))
      this.#fail(insert, 'in backticks within double quotes (write $(…) instead)');
    this.#cursor.next();
    this.#cursor.write(this.#options.encode(text));
  }

  #fail(insert: Insert | undefined, where: string): void {
    if (this.#probes > 0 || insert === undefined) return;
    throw new BclawError(
      'unquotable-value',
      `${insert.reference} stands ${where} (line ${this.#cursor.line} of the commands), where the shell would not leave "${textOf(insert)}" as it is.`,
      { hint: `Put it into a variable on a line of its own, x=${insert.reference}, and use "$x" there.` },
    );
  }
}
