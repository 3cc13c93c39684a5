import type { Json } from '../interpreter/data/json.js';
import { dataFieldNames, type EventShape, type EventType, shapeOf, shapeOfCode } from './event-types.js';

/** The details of an event, with the member names of AWS; `input`, `output` and `parameters` are JSON text. */
export type EventDetails = Readonly<Record<string, Json | undefined>>;

/** An event in the history of an execution. */
export interface HistoryEvent {
  /** Starts at 1. */
  readonly id: number;
  readonly type: EventType;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly previousEventId: number;
  readonly details: EventDetails;
}

/**
 * An event as it is stored in the journal: type code, milliseconds since the event before, distance to the previous
 * event (0 = none), then the details in the order of the type's fields. It is an array because the journal writes
 * millions of them.
 *
 * Data text that equals the data of the previous event in the chain is written as 0: a state's input is the output of
 * the state before it, so most data would be stored two or three times.
 */
export type EventRecord = readonly Json[];

const isData = (field: string) => dataFieldNames.includes(field);
const sameAsBefore = 0;
const absent = null;

function detailsOf(shape: EventShape, details: EventDetails, carried: string | undefined): Json[] {
  const values = shape.fields.map((field) => {
    const value = details[field];
    if (value === undefined) return absent;
    return isData(field) && value === carried ? sameAsBefore : value;
  });
  while (values.at(-1) === absent) values.pop();
  return values;
}

/**
 * @param carried the data text of the previous event in the chain, see {@link carriedData}
 * @param last the time of the event before it in the history
 */
export function encodeEvent(event: HistoryEvent, carried: string | undefined, last: number): EventRecord {
  const shape = shapeOf(event.type);
  const distance = event.previousEventId === 0 ? 0 : event.id - event.previousEventId;
  return [shape.code, event.time - last, distance, ...detailsOf(shape, event.details, carried)];
}

const integer = (value: Json | undefined): number => (typeof value === 'number' ? value : 0);

/** The inverse of {@link encodeEvent}. */
export function decodeEvent(
  record: EventRecord,
  id: number,
  last: number,
  carry: (id: number) => string | undefined,
): HistoryEvent {
  const [code, passed, distance, ...values] = record;
  const shape = shapeOfCode(integer(code));
  const previousEventId = distance === 0 ? 0 : id - integer(distance);
  const details: Record<string, Json> = {};
  for (const [index, field] of shape.fields.entries()) {
    const value = values[index];
    if (value === undefined || value === absent) continue;
    const full = isData(field) && value === sameAsBefore ? carry(previousEventId) : value;
    if (full !== undefined) details[field] = full;
  }
  return { id, type: shape.type, time: last + integer(passed), previousEventId, details };
}

/** Returns the data text that an event adds to its chain, or undefined if it adds none. */
export function carriedData({ details }: HistoryEvent): string | undefined {
  for (const field of dataFieldNames) {
    const value = details[field];
    if (typeof value === 'string') return value;
  }
  return undefined;
}
