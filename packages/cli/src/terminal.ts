import type { Writable } from 'node:stream';
import cliTruncate from 'cli-truncate';
import pc from 'picocolors';
import stringWidth from 'string-width';

/** The streams and the environment of a command. */
export interface Surroundings {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number; readonly rows?: number };
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Output of commands: data to standard output, everything else to standard error. */
export class Terminal {
  readonly #surroundings: Surroundings;
  /** Colours for data. */
  readonly dataStyle: ReturnType<typeof pc.createColors>;
  /** Colours for everything else. */
  readonly noteStyle: ReturnType<typeof pc.createColors>;
  /** True when standard error is a terminal: progress only makes sense then. */
  readonly isInteractive: boolean;
  /** The progress lines that the terminal shows. */
  #progress: readonly string[] = [];

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    const { env, stdout, stderr } = surroundings;
    // https://no-color.org: any value but the empty one.
    const wants = (isTTY: boolean | undefined) => !env['NO_COLOR'] && (Boolean(env['FORCE_COLOR']) || isTTY === true);
    this.dataStyle = pc.createColors(wants(stdout.isTTY));
    this.noteStyle = pc.createColors(wants(stderr.isTTY));
    this.isInteractive = stderr.isTTY === true && env['TERM'] !== 'dumb';
  }

  /** A line of data. */
  data(line: string): void {
    this.#surroundings.stdout.write(`${line}\n`);
  }

  /** Data for programs. */
  json(value: unknown): void {
    this.data(JSON.stringify(value, undefined, 2));
  }

  /** A message for the user. */
  note(line: string): void {
    this.endProgress();
    this.#surroundings.stderr.write(`${line}\n`);
  }

  warn(sentence: string): void {
    this.note(`${this.noteStyle.yellow('warning:')} ${sentence}`);
  }

  /** Columns and rows of the terminal. */
  get size(): { readonly columns: number; readonly rows: number } {
    const { columns = 80, rows = 24 } = this.#surroundings.stderr;
    // Some terminals without a size say that it is 0.
    return { columns: columns || 80, rows: rows || 24 };
  }

  /** Calls a function when the terminal has another size. @returns a function that ends this */
  onResize(listener: () => void): () => void {
    const { stderr } = this.#surroundings;
    stderr.on('resize', listener);
    return () => stderr.off('resize', listener);
  }

  /** Progress lines that the next ones replace, cut to the terminal's size; only on a terminal. */
  progress(...lines: readonly string[]): void {
    if (!this.isInteractive) return;
    const { columns, rows } = this.size;
    // A line that wrapped or scrolled away could not be erased.
    const shown = lines
      .slice(0, Math.max(1, rows - 1))
      .map((line) => cliTruncate(line.replaceAll('\n', ' '), columns - 1));
    this.#surroundings.stderr.write(`${this.#erasure()}${shown.join('\n')}`);
    this.#progress = shown;
  }

  /** Erases the progress lines. */
  endProgress(): void {
    if (this.#progress.length > 0) this.#surroundings.stderr.write(this.#erasure());
    this.#progress = [];
  }

  /** Takes the cursor back to where the progress lines begin, and erases them. */
  #erasure(): string {
    if (this.#progress.length === 0) return '';
    // A terminal that was made narrower since has wrapped them.
    const rows = this.#progress.reduce(
      (sum, line) => sum + Math.max(1, Math.ceil(stringWidth(line) / this.size.columns)),
      0,
    );
    return `\r${rows > 1 ? `\u001b[${rows - 1}A` : ''}\u001b[J`;
  }
}
