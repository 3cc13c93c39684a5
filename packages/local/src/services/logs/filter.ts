import { createHash } from 'node:crypto';
import { AwsError } from '../../wire/aws-error.js';
import { compileFilterPattern } from './filter-pattern.js';
import type { LogStreamRecord, PlacedEvent } from './model.js';
import type { StreamFile } from './stream-file.js';

const mostEvents = 10_000;
const mostBytes = 1 << 20;

/** A stream with its events. */
export interface ReadableStream {
  readonly record: LogStreamRecord;
  readonly file: StreamFile;
}

interface FilterRequest {
  readonly startTime?: number;
  readonly endTime?: number;
  readonly filterPattern?: string;
  readonly nextToken?: string;
  readonly limit?: number;
}

interface Found extends PlacedEvent {
  readonly stream: string;
}

/**
 * A page of FilterLogEvents: the events of several streams, sorted by time.
 *
 * @param oldest - expiry limit: earlier events have expired (epoch milliseconds)
 */
export function filterPage(streams: readonly ReadableStream[], request: FilterRequest, oldest: number) {
  const after = request.nextToken === undefined ? undefined : parseToken(request.nextToken);
  const fits = compileFilterPattern(request.filterPattern ?? '');
  const from = Math.max(request.startTime ?? 0, oldest, after?.timestamp ?? 0);
  const to = request.endTime ?? Number.POSITIVE_INFINITY;
  const found: Found[] = [];
  for (const { record, file } of streams) {
    const { firstTimestamp, lastTimestamp } = file.extent();
    if (firstTimestamp === undefined || lastTimestamp === undefined || lastTimestamp < from || firstTimestamp > to)
      continue;
    for (const event of file.forward(0)) {
      if (event.timestamp < from || event.timestamp > to || !fits(event.message)) continue;
      const candidate: Found = { ...event, stream: record.name };
      if (after === undefined || compare(candidate, after) > 0) found.push(candidate);
    }
  }
  const page = cut(found.sort(compare), request.limit ?? mostEvents);
  const last = page.at(-1);
  return {
    events: page.map((event) => ({
      logStreamName: event.stream,
      timestamp: event.timestamp,
      message: event.message,
      ingestionTime: event.ingestionTime,
      eventId: eventId(event),
    })),
    searchedLogStreams: [],
    nextToken: last === undefined || page.length === found.length ? undefined : formatToken(last),
  };
}

type Position = Pick<Found, 'timestamp' | 'stream' | 'offset'>;

function compare(a: Position, b: Position): number {
  if (a.timestamp !== b.timestamp) return a.timestamp - b.timestamp;
  if (a.stream !== b.stream) return a.stream < b.stream ? -1 : 1;
  return a.offset - b.offset;
}

function cut(events: readonly Found[], limit: number): readonly Found[] {
  let bytes = 0;
  const end = events.findIndex((event, index) => {
    bytes += event.end - event.offset;
    return index === limit || (bytes > mostBytes && index > 0);
  });
  return end < 0 ? events : events.slice(0, end);
}

/** 56 digits that sort by time and differ for each event of a group, as in CloudWatch Logs. */
function eventId({ timestamp, offset, stream }: Position): string {
  const streamDigits = createHash('sha256').update(stream).digest().readUIntBE(0, 6) % 1e14;
  return `${String(timestamp).padStart(20, '0')}${String(offset).padStart(22, '0')}${String(streamDigits).padStart(14, '0')}`;
}

function formatToken({ timestamp, stream, offset }: Position): string {
  return Buffer.from(JSON.stringify([timestamp, stream, offset])).toString('base64url');
}

function parseToken(token: string): Position {
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(value)) {
      const [timestamp, stream, offset]: unknown[] = value;
      if (typeof timestamp === 'number' && typeof stream === 'string' && typeof offset === 'number')
        return { timestamp, stream, offset };
    }
  } catch {
    // Rejected below, like any other invalid token.
  }
  throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
}
