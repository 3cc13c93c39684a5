/** A command begins after these words. */
const beforeCommand = new Set(['if', 'then', 'elif', 'else', 'do', 'while', 'until', '{', '!', 'time']);

/** The position of the reader in a `case`. */
type CaseState = 'subject' | 'in' | 'pattern' | 'body';

/**
 * The part of the shell's grammar that is needed to interpret a parenthesis and a `#`: which words begin a command, and
 * where the patterns of a `case` are, whose parentheses do not close a group.
 */
export class CommandGrammar {
  /** The current word so far; quoted or expanded parts are represented by a NUL. */
  word = '';
  #beginsCommand = true;
  #lastWord = '';
  readonly #cases: CaseState[] = [];

  /** True when the current word is in the position of a command's name. */
  get beginsCommand(): boolean {
    return this.#beginsCommand && (this.#cases.at(-1) ?? 'body') === 'body';
  }

  /** True when the current word assigns to a variable: the shell does not split such a word. */
  get isAssignment(): boolean {
    return this.beginsCommand && /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/.test(this.word);
  }

  /** True when `((` may be arithmetic at this position. */
  get mayBeArithmetic(): boolean {
    return this.word === '' && (this.beginsCommand || this.#lastWord === 'for');
  }

  endWord(): void {
    const { word } = this;
    if (word === '') return;
    const { isAssignment, beginsCommand } = this;
    this.word = '';
    this.#lastWord = word;
    switch (this.#cases.at(-1)) {
      case 'subject':
        this.#become('in');
        return;
      case 'in':
        if (word === 'in') this.#become('pattern');
        return;
      case 'pattern':
        if (word === 'esac') this.#endCase();
        return;
      case 'body':
        if (beginsCommand && word === 'esac') {
          this.#endCase();
          return;
        }
        break;
      case undefined:
        break;
    }
    if (beginsCommand && word === 'case') this.#cases.push('subject');
    else this.#beginsCommand = beginsCommand && (isAssignment || beforeCommand.has(word));
  }

  /** A newline, or an operator such as `;`, `&&` and `|`. */
  separator(operator: string): void {
    this.endWord();
    if (this.#cases.at(-1) === 'body' && /^;(?:;&?|&)$/.test(operator)) this.#become('pattern');
    this.#beginsCommand = true;
  }

  /** Returns true if a parenthesis belongs to the patterns of a `case`. */
  takesParenthesis(parenthesis: '(' | ')'): boolean {
    if (this.word === 'esac') this.endWord();
    if (this.#cases.at(-1) !== 'pattern') return false;
    if (parenthesis === '(') return this.word === '';
    this.word = '';
    this.#become('body');
    this.#beginsCommand = true;
    return true;
  }

  /** No command begins directly after the parenthesis that closes a group. */
  endGroup(): void {
    this.#beginsCommand = false;
  }

  #become(state: CaseState): void {
    this.#cases[this.#cases.length - 1] = state;
  }

  #endCase(): void {
    this.#cases.pop();
    this.#beginsCommand = false;
  }
}
