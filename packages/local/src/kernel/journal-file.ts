import { closeSync, ftruncateSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Journal } from './journal.js';
import { type JournalOperation, JournalStore } from './journal-store.js';

const fileName = 'journal.jsonl';
const newline = 0x0a;
const readChunkBytes = 1 << 20;
/** A line of a snapshot, or of a busy tick, is cut when it grows beyond this, so that no line outgrows a string. */
const lineBytes = 4 << 20;
/** The file is compacted while running when it outgrows its last compact size by this factor, and is worth it. */
const compactionFactor = 4;
const compactionFloorBytes = 64 << 20;

/**
 * Opens the journal in a directory, creating both when they are missing, and compacts the file.
 *
 * Each line of the file is a JSON array of all changes of one turn of the event loop, written with one `write` and without
 * `fsync`: it survives the death of the process (`kill -9`), though not the loss of power. A torn last line, the mark of a
 * process that died while writing, is dropped as a whole, so the changes of one turn are kept or lost together.
 *
 * @param directory - the engine's directory; one process at a time may have its journal open
 * @throws Error when the file is damaged anywhere but at its end, or cannot be read
 *
 * @example
 * ```ts
 * const journal = await openJournal('.bclaw');
 * journal.table<{ arn: string }>('sns/topics').set('done', { arn: 'arn:aws:sns:…:done' });
 * await journal.flush();
 * ```
 */
export async function openJournal(directory: string): Promise<Journal> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, fileName);
  const writer = new JournalWriter(path);
  const store = new JournalStore((operation) => writer.record(operation));
  for (const operations of readLines(path)) for (const operation of operations) store.restore(operation);
  writer.start(() => store.snapshot());
  return {
    table: (name) => store.table(name),
    lists: (name) => store.lists(name),
    flush: async () => writer.flush(),
    close: async () => writer.close(),
  };
}

/** Collects the changes of a turn of the event loop and appends them as one line. */
class JournalWriter {
  readonly #path: string;
  #snapshot: () => Iterable<JournalOperation> = () => [];
  #file: number | undefined;
  #bytes = 0;
  #compactBytes = 0;
  #pending: string[] = [];
  #scheduled = false;

  constructor(path: string) {
    this.#path = path;
  }

  start(snapshot: () => Iterable<JournalOperation>): void {
    this.#snapshot = snapshot;
    this.#compact();
  }

  record(operation: JournalOperation): void {
    if (this.#file === undefined) throw new Error('The journal is closed: nothing can be recorded any more.');
    // Serialised now: whatever the caller does with the record afterwards, the file holds what was set.
    const text = JSON.stringify(operation);
    this.#pending.push(text);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#file === undefined) return;
      try {
        this.flush();
      } catch {
        // The changes stay pending: whoever waits for flush() is told, and the next change tries again.
      }
    });
  }

  flush(): void {
    if (this.#pending.length === 0 || this.#file === undefined) return;
    const length = append(this.#file, this.#bytes, lines(this.#pending));
    this.#bytes += length;
    this.#pending = [];
    if (this.#bytes > compactionFloorBytes && this.#bytes > compactionFactor * this.#compactBytes) this.#tryToCompact();
  }

  /** What was flushed is kept in the long file too: no room for a short one beside it (a full disk) is no failure of the flush. */
  #tryToCompact(): void {
    try {
      this.#compact();
    } catch {
      // Tried again when the file has outgrown its present size by the factor.
      this.#compactBytes = this.#bytes;
    }
  }

  close(): void {
    if (this.#file === undefined) return;
    this.flush();
    closeSync(this.#file);
    this.#file = undefined;
  }

  /** Writes the present state to a new file, which takes the old one's place in one step. */
  #compact(): void {
    const next = `${this.#path}.next`;
    const file = openSync(next, 'w');
    let bytes = 0;
    let batch: string[] = [];
    let batchLength = 0;
    try {
      for (const operation of this.#snapshot()) {
        const text = JSON.stringify(operation);
        batch.push(text);
        batchLength += text.length;
        if (batchLength < lineBytes) continue;
        bytes += append(file, bytes, lines(batch));
        batch = [];
        batchLength = 0;
      }
      bytes += append(file, bytes, lines(batch));
      renameSync(next, this.#path);
    } catch (error) {
      closeSync(file);
      rmSync(next, { force: true });
      throw error;
    }
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = file;
    this.#bytes = bytes;
    this.#compactBytes = bytes;
  }
}

function* lines(operations: readonly string[]): Generator<string> {
  let start = 0;
  let length = 0;
  for (const [index, operation] of operations.entries()) {
    length += operation.length;
    if (length < lineBytes && index < operations.length - 1) continue;
    yield `[${operations.slice(start, index + 1).join(',')}]\n`;
    start = index + 1;
    length = 0;
  }
}

/** Appends lines at a position; on an error (a full disk) the file is cut back to where it was, so no line is ever torn inside. */
function append(file: number, position: number, texts: Iterable<string>): number {
  let end = position;
  try {
    for (const text of texts) {
      const bytes = Buffer.from(text);
      for (let written = 0; written < bytes.length; ) {
        const count = writeSync(file, bytes, written, bytes.length - written, end);
        written += count;
        end += count;
      }
    }
  } catch (error) {
    ftruncateSync(file, position);
    throw new Error(`The journal cannot be written: ${(error as Error).message}. Free some space and try again.`, {
      cause: error,
    });
  }
  return end - position;
}

function* readLines(path: string): Generator<readonly JournalOperation[]> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    let rest = Buffer.alloc(0);
    let number = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(readChunkBytes);
      const count = readSync(file, chunk, 0, chunk.length, null);
      if (count === 0) return; // What is left has no newline: a torn last line.
      const data = rest.length === 0 ? chunk.subarray(0, count) : Buffer.concat([rest, chunk.subarray(0, count)]);
      let start = 0;
      for (let end = data.indexOf(newline); end >= 0; end = data.indexOf(newline, start)) {
        number += 1;
        yield parseLine(path, number, data.toString('utf8', start, end));
        start = end + 1;
      }
      rest = data.subarray(start);
    }
  } finally {
    closeSync(file);
  }
}

function parseLine(path: string, number: number, text: string): readonly JournalOperation[] {
  try {
    const operations: unknown = JSON.parse(text);
    // Only this module writes the file: a line that is JSON is a line that it wrote.
    if (Array.isArray(operations)) return operations;
  } catch {
    // Answered below, as any other line that is not ours.
  }
  throw new Error(
    `${path}:${number}: this line of the engine's journal is damaged. Restore the directory from a copy, start afresh in another one, or delete this line and all that follow to go on from what was recorded before it.`,
  );
}
