import { appendFileSync, closeSync, existsSync, fstatSync, openSync, readSync, rmSync, truncateSync } from 'node:fs';
import type { LogEvent, PlacedEvent } from './model.js';

const newline = 0x0a;
const blockBytes = 1 << 18;

/** Summary of a stream's events, so that they need not be read again. Times are in epoch milliseconds. */
interface Extent {
  bytes: number;
  firstTimestamp: number | undefined;
  lastTimestamp: number | undefined;
  lastIngestionTime: number | undefined;
  /** True if timestamps never decrease in the file, so that the file is already sorted. */
  ordered: boolean;
}

/**
 * The events of one stream: a file with a JSON array `[timestamp, ingestionTime, message]` per line. An append is a
 * single write, done before it returns; a line torn by the death of the process is cut off when the file is next
 * scanned.
 */
export class StreamFile {
  readonly #path: string;
  #extent: Extent | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** The file of a new stream, which needs no scan. */
  static ofNewStream(path: string): StreamFile {
    const file = new StreamFile(path);
    file.#extent = emptyExtent();
    return file;
  }

  append(events: readonly LogEvent[]): void {
    if (events.length === 0) return;
    const extent = this.extent();
    const text = events
      .map((event) => `${JSON.stringify([event.timestamp, event.ingestionTime, event.message])}\n`)
      .join('');
    const bytes = Buffer.from(text);
    try {
      appendFileSync(this.#path, bytes);
    } catch (error) {
      // A full disk may write only a part: it is cut off, so that later lines stay readable and in order.
      if (existsSync(this.#path)) truncateSync(this.#path, extent.bytes);
      throw error;
    }
    extent.bytes += bytes.length;
    for (const event of events) extend(extent, event);
  }

  /** Scans the file once; appends keep the summary up to date. */
  extent(): Readonly<Extent> & Extent {
    if (this.#extent !== undefined) return this.#extent;
    const extent = emptyExtent();
    for (const event of this.#scan(0)) {
      extend(extent, event);
      extent.bytes = event.end;
    }
    if (existsSync(this.#path)) truncateSync(this.#path, extent.bytes);
    this.#extent = extent;
    return extent;
  }

  /** Events from a byte offset on, in the order of the file. */
  forward(offset: number): Iterable<PlacedEvent> {
    this.extent();
    return this.#scan(offset);
  }

  /** Events that end at or before a byte offset, last one first. */
  *backward(end: number): Generator<PlacedEvent> {
    this.extent();
    if (!existsSync(this.#path)) return;
    const file = openSync(this.#path, 'r');
    try {
      let tail: Buffer = Buffer.alloc(0);
      for (let position = end; position > 0; ) {
        const start = Math.max(0, position - blockBytes);
        const block = readAt(file, start, position - start);
        const data = Buffer.concat([block, tail]);
        // The first line of a block may start in the block before it.
        const firstLine = start === 0 ? 0 : data.indexOf(newline) + 1;
        if (firstLine === 0 && start > 0) {
          tail = data;
          position = start;
          continue;
        }
        for (let lineEnd = data.length; lineEnd > firstLine; ) {
          const lineStart = Math.max(data.lastIndexOf(newline, lineEnd - 2) + 1, firstLine);
          const event = parse(data.toString('utf8', lineStart, lineEnd - 1), start + lineStart, start + lineEnd);
          if (event !== undefined) yield event;
          lineEnd = lineStart;
        }
        tail = data.subarray(0, firstLine);
        position = start;
      }
    } finally {
      closeSync(file);
    }
  }

  /** All events sorted by time; events with the same time in the order of arrival. */
  sorted(): readonly PlacedEvent[] {
    const events = [...this.forward(0)];
    return this.extent().ordered ? events : events.sort((a, b) => a.timestamp - b.timestamp || a.offset - b.offset);
  }

  remove(): void {
    rmSync(this.#path, { force: true });
    this.#extent = undefined;
  }

  *#scan(offset: number): Generator<PlacedEvent> {
    if (!existsSync(this.#path)) return;
    const file = openSync(this.#path, 'r');
    try {
      const size = fstatSync(file).size;
      let rest: Buffer = Buffer.alloc(0);
      let lineStart = offset;
      for (let position = offset; position < size; ) {
        const block = readAt(file, position, Math.min(blockBytes, size - position));
        if (block.length === 0) return;
        position += block.length;
        const data = rest.length === 0 ? block : Buffer.concat([rest, block]);
        let start = 0;
        for (let end = data.indexOf(newline); end >= 0; end = data.indexOf(newline, start)) {
          const next = lineStart + (end + 1 - start);
          const event = parse(data.toString('utf8', start, end), lineStart, next);
          if (event !== undefined) yield event;
          lineStart = next;
          start = end + 1;
        }
        rest = data.subarray(start);
      }
    } finally {
      closeSync(file);
    }
  }
}

function emptyExtent(): Extent {
  return { bytes: 0, firstTimestamp: undefined, lastTimestamp: undefined, lastIngestionTime: undefined, ordered: true };
}

function extend(extent: Extent, event: LogEvent): void {
  if (extent.lastTimestamp !== undefined && event.timestamp < extent.lastTimestamp) extent.ordered = false;
  extent.firstTimestamp = Math.min(extent.firstTimestamp ?? event.timestamp, event.timestamp);
  extent.lastTimestamp = Math.max(extent.lastTimestamp ?? event.timestamp, event.timestamp);
  extent.lastIngestionTime = event.ingestionTime;
}

function readAt(file: number, position: number, length: number): Buffer {
  const block = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const count = readSync(file, block, filled, length - filled, position + filled);
    if (count === 0) break;
    filled += count;
  }
  return block.subarray(0, filled);
}

function parse(line: string, offset: number, end: number): PlacedEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined; // Damaged from outside: skipped, as the other events are still readable.
  }
  if (!Array.isArray(value)) return undefined;
  const [timestamp, ingestionTime, message]: unknown[] = value;
  if (typeof timestamp !== 'number' || typeof ingestionTime !== 'number' || typeof message !== 'string')
    return undefined;
  return { timestamp, ingestionTime, message, offset, end };
}
