import type { Terminal } from '../terminal.js';

/** Maximum line length of running text. */
const width = 100;

/** Prints the story: chapters, explanations, the commands that a user would type, and their results. */
export class Narrator {
  readonly #terminal: Terminal;
  #chapter = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  get style(): Terminal['dataStyle'] {
    return this.#terminal.dataStyle;
  }

  chapter(title: string, why: string): void {
    this.#chapter += 1;
    this.#terminal.data('');
    this.#terminal.data(this.style.bold(this.style.cyan(`${this.#chapter}. ${title}`)));
    for (const line of wrap(why)) this.#terminal.data(this.style.dim(line));
  }

  /** The command for the next action. */
  command(line: string): void {
    this.#terminal.data('');
    this.#terminal.data(`  ${this.style.bold(`$ ${line}`)}`);
  }

  /** The result. */
  result(text: string): void {
    for (const line of text.split('\n')) this.#terminal.data(line === '' ? '' : `  ${line}`);
  }

  /** A temporary line. */
  waiting(line: string): void {
    this.#terminal.progress(`  ${line}`);
  }

  waited(): void {
    this.#terminal.endProgress();
  }
}

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > width) {
      lines.push(line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
