import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Journal } from './journal.js';
import { decodeRecord, encodeRecord, firstChecksum } from './journal-record.js';
import { type JournalOperation, JournalStore } from './journal-store.js';

const fileName = 'journal.jsonl';
const newline = 0x0a;
const readChunkBytes = 1 << 20;
/** A longer line of a snapshot, or of a busy tick, is split, so that no line exceeds the limit of a string. */
const lineBytes = 4 << 20;
/** A large file is compacted at run time when it exceeds its last compact size by this factor. */
const compactionFactor = 4;
const compactionFloorBytes = 64 << 20;

/** Options for opening a journal. */
export interface JournalOptions {
  /** Waits for the disk (`fsync`) at each flush, so that acknowledged changes survive a loss of power. Default: no. */
  readonly durable?: boolean;
  /** Reads a damaged journal up to the damage and sets it aside. Default: no, damage is an error. */
  readonly recover?: boolean;
}

/**
 * Opens the journal in a directory, creating both when they are missing, and compacts the file.
 *
 * Each line of the file holds all changes of one turn of the event loop, with a checksum (see `journal-record.ts`), and
 * is written with one `write`. Without `durable` it survives the death of the process (`kill -9`), but not a loss of
 * power. A torn last line, left by a process that died while writing, is dropped as a whole, so the changes of one turn
 * are kept or lost together.
 *
 * @param directory - the engine's directory; only one process at a time may open its journal
 * @throws Error when the file is damaged anywhere but at its end, or cannot be read
 *
 * @example
 * ```ts
 * const journal = await openJournal('.bclaw');
 * journal.table<{ arn: string }>('sns/topics').set('done', { arn: 'arn:aws:sns:…:done' });
 * await journal.flush();
 * ```
 */
export async function openJournal(
  directory: string,
  { durable = false, recover = false }: JournalOptions = {},
): Promise<Journal> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, fileName);
  const writer = new JournalWriter(path, durable);
  const store = new JournalStore((operation) => writer.record(operation));
  const missing = !existsSync(path);
  const damaged = restore(path, store);
  if (damaged !== undefined) {
    if (!recover)
      throw new Error(
        `${path}:${damaged}: this record of the engine's journal is damaged. Nothing was changed. Restore the directory from a copy; or start with --recover to go on from what was recorded before it: the journal is set aside then, and no object's content is deleted.`,
      );
    renameSync(path, `${path}.damaged-${new Date().toISOString().replaceAll(':', '-')}`);
  }
  writer.start(() => store.snapshot());
  return {
    table: (name) => store.table(name),
    lists: (name) => store.lists(name),
    flush: async () => writer.flush(),
    close: async () => writer.close(),
    whole: !missing && damaged === undefined,
  };
}

/** Collects the changes of one turn of the event loop and appends them as one line. */
class JournalWriter {
  readonly #path: string;
  readonly #durable: boolean;
  /** Checksum of the last record in the file. */
  #checksum = firstChecksum;
  #snapshot: () => Iterable<JournalOperation> = () => [];
  #file: number | undefined;
  #bytes = 0;
  #compactBytes = 0;
  #pending: string[] = [];
  #scheduled = false;

  constructor(path: string, durable: boolean) {
    this.#path = path;
    this.#durable = durable;
  }

  start(snapshot: () => Iterable<JournalOperation>): void {
    this.#snapshot = snapshot;
    this.#compact();
  }

  record(operation: JournalOperation): void {
    if (this.#file === undefined) throw new Error('The journal is closed: nothing can be recorded any more.');
    // Serialised now, so that the file holds the record as it was set even if the caller changes it later.
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
        // The changes stay pending: flush() reports the error to its callers, and the next change retries.
      }
    });
  }

  flush(): void {
    if (this.#pending.length === 0 || this.#file === undefined) return;
    const { length, checksum } = append(this.#file, this.#bytes, lines(this.#pending), this.#checksum);
    if (this.#durable) fsyncSync(this.#file);
    this.#bytes += length;
    this.#checksum = checksum;
    this.#pending = [];
    if (this.#bytes > compactionFloorBytes && this.#bytes > compactionFactor * this.#compactBytes) this.#tryToCompact();
  }

  /**
   * Does not fail the flush: flushed data is safe in the long file, even without space for a short one (a full disk).
   */
  #tryToCompact(): void {
    try {
      this.#compact();
    } catch {
      // Retried when the file has outgrown its present size by the factor.
      this.#compactBytes = this.#bytes;
    }
  }

  close(): void {
    if (this.#file === undefined) return;
    this.flush();
    closeSync(this.#file);
    this.#file = undefined;
  }

  /** Writes the present state to a new file, which replaces the old one atomically. */
  #compact(): void {
    const next = `${this.#path}.next`;
    const file = openSync(next, 'w', 0o600);
    let bytes = 0;
    let last = firstChecksum;
    const write = (operations: readonly string[]) => {
      const { length, checksum } = append(file, bytes, lines(operations), last);
      bytes += length;
      last = checksum;
    };
    let batch: string[] = [];
    let batchLength = 0;
    try {
      for (const operation of this.#snapshot()) {
        const text = JSON.stringify(operation);
        batch.push(text);
        batchLength += text.length;
        if (batchLength < lineBytes) continue;
        write(batch);
        batch = [];
        batchLength = 0;
      }
      write(batch);
      if (this.#durable) fsyncSync(file);
      renameSync(next, this.#path);
      if (this.#durable) syncDirectory(dirname(this.#path));
    } catch (error) {
      closeSync(file);
      rmSync(next, { force: true });
      throw error;
    }
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = file;
    this.#bytes = bytes;
    this.#compactBytes = bytes;
    this.#checksum = last;
  }
}

/** Makes a rename survive a loss of power. */
function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function* lines(operations: readonly string[]): Generator<string> {
  let start = 0;
  let length = 0;
  for (const [index, operation] of operations.entries()) {
    length += operation.length;
    if (length < lineBytes && index < operations.length - 1) continue;
    yield `[${operations.slice(start, index + 1).join(',')}]`;
    start = index + 1;
    length = 0;
  }
}

/**
 * Appends lines at a position; on an error (a full disk) the file is truncated to its old length, so no line is torn.
 */
function append(
  file: number,
  position: number,
  records: Iterable<string>,
  previous: number,
): { readonly length: number; readonly checksum: number } {
  let end = position;
  let checksum = previous;
  try {
    for (const json of records) {
      const record = encodeRecord(json, checksum);
      checksum = record.checksum;
      const bytes = Buffer.from(`${record.text}\n`);
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
  return { length: end - position, checksum };
}

interface Line {
  readonly text: Buffer;
  /** True when no newline follows it. */
  readonly last: boolean;
}

function* readLines(path: string): Generator<Line> {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    let rest = Buffer.alloc(0);
    for (;;) {
      const chunk = Buffer.allocUnsafe(readChunkBytes);
      const count = readSync(file, chunk, 0, chunk.length, null);
      if (count === 0) {
        if (rest.length > 0) yield { text: rest, last: true };
        return;
      }
      const data = rest.length === 0 ? chunk.subarray(0, count) : Buffer.concat([rest, chunk.subarray(0, count)]);
      let start = 0;
      for (let end = data.indexOf(newline); end >= 0; end = data.indexOf(newline, start)) {
        yield { text: data.subarray(start, end), last: false };
        start = end + 1;
      }
      rest = data.subarray(start);
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Applies all changes of a file to a store.
 *
 * @returns the number of the first damaged line, if there is one; the changes before it have been restored
 */
function restore(path: string, store: JournalStore): number | undefined {
  let checksum: number | undefined;
  let number = 0;
  for (const { text, last } of readLines(path)) {
    number += 1;
    const record = decodeRecord(text, checksum, last);
    if (record.kind === 'torn') return undefined;
    if (record.kind === 'damaged') return number;
    if (record.checksum >= 0) checksum = record.checksum;
    for (const operation of record.operations) store.restore(operation);
  }
  return undefined;
}
