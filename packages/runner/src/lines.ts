import { StringDecoder } from 'node:string_decoder';

/**
 * A longer line is split, so that output without newlines needs no memory and fits a log event (CloudWatch Logs: 1
 * MiB).
 */
const maxLineLength = 64 * 1024;

/** Splits a stream of bytes into lines. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  #partial = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    const lines = (this.#partial + this.#decoder.write(chunk)).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    while (this.#partial.length > maxLineLength) {
      this.#onLine(this.#partial.slice(0, maxLineLength));
      this.#partial = this.#partial.slice(maxLineLength);
    }
  }

  /** Emits a last line without a newline. */
  end(): void {
    const rest = this.#partial + this.#decoder.end();
    this.#partial = '';
    if (rest !== '') this.#onLine(rest);
  }
}
