import { AwsError } from '../../wire/aws-error.js';
import type { PlacedEvent } from './model.js';
import type { StreamFile } from './stream-file.js';

const mostEvents = 10_000;
const mostBytes = 1 << 20;

/** A position between two events of a stream: after all events that sort before it. */
interface Place {
  readonly timestamp: number;
  readonly offset: number;
}

interface ReadRequest {
  readonly startTime?: number;
  readonly endTime?: number;
  readonly nextToken?: string;
  readonly limit?: number;
  readonly startFromHead?: boolean;
}

interface Page {
  readonly events: readonly PlacedEvent[];
  readonly before: Place;
  readonly after: Place;
}

/**
 * A page of GetLogEvents for a stream. Tokens are positions, so that repeated forward reads return every event once,
 * including new ones; at either end the same token is returned.
 *
 * @param oldest - expiry limit: earlier events have expired (epoch milliseconds)
 */
export function readPage(file: StreamFile, request: ReadRequest, oldest: number) {
  const token = request.nextToken === undefined ? undefined : parseToken(request.nextToken);
  const forward = token?.forward ?? request.startFromHead === true;
  const from = Math.max(request.startTime ?? 0, oldest);
  const to = request.endTime ?? Number.POSITIVE_INFINITY;
  const wanted = (event: PlacedEvent) => event.timestamp >= from && event.timestamp < to;
  const limit = request.limit ?? mostEvents;
  const { events, before, after } = forward
    ? pageForward(file, token?.place ?? { timestamp: 0, offset: 0 }, wanted, limit)
    : pageBackward(file, token?.place ?? endOf(file), wanted, limit);
  return {
    events: events.map(({ timestamp, ingestionTime, message }) => ({ timestamp, ingestionTime, message })),
    nextForwardToken: formatToken('f', after),
    nextBackwardToken: formatToken('b', before),
  };
}

function endOf(file: StreamFile): Place {
  const { bytes, lastTimestamp } = file.extent();
  return { timestamp: lastTimestamp ?? 0, offset: bytes };
}

function pageForward(file: StreamFile, start: Place, wanted: (event: PlacedEvent) => boolean, limit: number): Page {
  const source = file.extent().ordered
    ? file.forward(start.offset)
    : file.sorted().filter((event) => !isBefore(event, start));
  const events: PlacedEvent[] = [];
  let after = start;
  let bytes = 0;
  for (const event of source) {
    bytes += event.end - event.offset;
    if (events.length === limit || (bytes > mostBytes && events.length > 0)) break;
    after = { timestamp: event.timestamp, offset: event.end };
    if (wanted(event)) events.push(event);
    else bytes -= event.end - event.offset;
  }
  const [first] = events;
  return { events, before: first === undefined ? start : { timestamp: first.timestamp, offset: first.offset }, after };
}

function pageBackward(file: StreamFile, end: Place, wanted: (event: PlacedEvent) => boolean, limit: number): Page {
  const source = file.extent().ordered
    ? file.backward(end.offset)
    : [...file.sorted()].reverse().filter((event) => isBefore(event, end));
  const events: PlacedEvent[] = [];
  let before = end;
  let bytes = 0;
  for (const event of source) {
    if (!wanted(event)) continue;
    bytes += event.end - event.offset;
    if (events.length === limit || (bytes > mostBytes && events.length > 0)) break;
    before = { timestamp: event.timestamp, offset: event.offset };
    events.push(event);
  }
  const [last] = events;
  const after = last === undefined ? end : { timestamp: last.timestamp, offset: last.end };
  return { events: events.reverse(), before, after };
}

/** Sorted by time and then by position in the file; a position is after the event that ends there. */
function isBefore(event: PlacedEvent, place: Place): boolean {
  if (event.timestamp !== place.timestamp) return event.timestamp < place.timestamp;
  return event.end <= place.offset;
}

function formatToken(direction: 'f' | 'b', { timestamp, offset }: Place): string {
  return `${direction}/${timestamp}-${offset}`;
}

function parseToken(token: string): { readonly forward: boolean; readonly place: Place } {
  const [, direction, timestamp, offset] = /^([fb])\/(\d{1,16})-(\d{1,16})$/.exec(token) ?? [];
  if (direction === undefined) throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  return { forward: direction === 'f', place: { timestamp: Number(timestamp), offset: Number(offset) } };
}
