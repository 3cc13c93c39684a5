/** After these a command begins. */
const beforeCommand = new Set(['if', 'then', 'elif', 'else', 'do', 'while', 'until', '{', '!', 'time']);

/** Where in a `case` the reader is. */
type CaseState = 'subject' | 'in' | 'pattern' | 'body';

/**
 * As much of the shell's grammar as it takes to tell what a parenthesis and a `#` mean: which words begin a command, and
 * where the patterns of a `case` are, whose parentheses close nothing.
 */
export class CommandGrammar {
  /** The word so far; what is quoted or expanded is a NUL. */
  word = '';
  #beginsCommand = true;
  #lastWord = '';
  readonly #cases: CaseState[] = [];

  /** Whether the present word stands where a command's name would. */
  get beginsCommand(): boolean {
    return this.#beginsCommand && (this.#cases.at(-1) ?? 'body') === 'body';
  }

  /** Whether the present word assigns to a variable: the shell splits no such word. */
  get isAssignment(): boolean {
    return this.beginsCommand && /^[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=/.test(this.word);
  }

  /** Whether `((` is arithmetic here, where the shell knows that. */
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

  /** Whether a parenthesis belongs to the patterns of a `case`. */
  takesParenthesis(parenthesis: '(' | ')'): boolean {
    if (this.word === 'esac') this.endWord();
    if (this.#cases.at(-1) !== 'pattern') return false;
    if (parenthesis === '(') return this.word === '';
    this.word = '';
    this.#become('body');
    this.#beginsCommand = true;
    return true;
  }

  /** After the parenthesis that closes a group no command begins. */
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
