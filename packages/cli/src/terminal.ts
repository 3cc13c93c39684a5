import type { Writable } from 'node:stream';
import pc from 'picocolors';
import { fitLine } from './fit-line.js';

/** The streams and the environment of a command. */
export interface Surroundings {
  readonly stdout: Writable & { readonly isTTY?: boolean };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
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
  #progress = false;

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

  /** A progress line that the next one replaces, cut to the terminal's width; only on a terminal. */
  progress(line: string): void {
    if (!this.isInteractive) return;
    // A wrapped line could not be erased.
    const { columns = 80 } = this.#surroundings.stderr;
    this.#surroundings.stderr.write(`\r\u001b[K${fitLine(line, columns - 1)}`);
    this.#progress = true;
  }

  /** Erases the progress line. */
  endProgress(): void {
    if (this.#progress) this.#surroundings.stderr.write('\r\u001b[K');
    this.#progress = false;
  }
}
