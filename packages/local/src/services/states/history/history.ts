import type { Lists } from '../../../kernel/journal.js';
import {
  carriedData,
  decodeEvent,
  type EventDetails,
  type EventRecord,
  encodeEvent,
  type HistoryEvent,
} from './event-record.js';
import { type EventType, isNote } from './event-types.js';

/** A batch that the journal appends atomically: either all of its events are written or none. */
export type EventBatch = readonly EventRecord[];

/** A position in the chain of events: the event that the next one follows, and the data that it carries. */
export interface Cursor {
  readonly id: number;
  readonly data: string | undefined;
}

/**
 * AWS ends an execution whose history reaches 25,000 events ("Step Functions quotas: Maximum execution history size").
 * The last event is the failure itself.
 */
export const maximumEvents = 25_000;

/** Reads a complete history back from the journal, without the notes for recovery. */
export const readHistory = (batches: readonly EventBatch[], startTime: number): readonly HistoryEvent[] =>
  withoutNotes(readRecords(batches, startTime));

/** The history among the records of {@link readRecords}. */
export const withoutNotes = (records: readonly HistoryEvent[]): readonly HistoryEvent[] =>
  records.filter(({ type }) => !isNote(type));

/** Reads a complete history back from the journal, with the notes for recovery between its events. */
export function readRecords(batches: readonly EventBatch[], startTime: number): readonly HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const data: (string | undefined)[] = [];
  let time = startTime;
  const carry = (id: number) => data[Math.max(id, 1)];
  let count = 0;
  for (const record of batches.flat()) {
    const event = decodeEvent(record, count + 1, time, carry);
    events.push(event);
    time = event.time;
    if (isNote(event.type)) continue;
    count += 1;
    data[event.id] = carriedData(event) ?? carry(event.previousEventId);
  }
  return events;
}

/**
 * Writes the history of one execution. Events are buffered until {@link commit}, which appends them to the journal as
 * one record, so a crash never separates a state's exit from the entry of the next state.
 */
export class HistoryWriter {
  readonly #lists: Lists<EventBatch>;
  readonly #key: string;
  readonly #now: () => number;
  #batch: EventRecord[] = [];
  #count: number;
  #time: number;
  #sealed = false;

  constructor(
    lists: Lists<EventBatch>,
    key: string,
    now: () => number,
    written: { readonly count: number; readonly time: number },
  ) {
    this.#lists = lists;
    this.#key = key;
    this.#now = now;
    this.#count = written.count;
    this.#time = written.time;
  }

  get count(): number {
    return this.#count;
  }

  /** The time of the last event. */
  get time(): number {
    return this.#time;
  }

  /** @returns the position after the event, from which the chain continues */
  add(after: Cursor, type: EventType, details: EventDetails = {}): Cursor {
    if (this.#sealed) return after;
    const event = this.#write(after, type, details);
    this.#count = event.id;
    return { id: event.id, data: carriedData(event) ?? after.data };
  }

  /**
   * Writes a record that recovery needs but the history does not show: it has no number, and no event follows it.
   */
  note(after: Cursor, type: EventType, details: EventDetails): void {
    if (!this.#sealed) this.#write(after, type, details);
  }

  #write(after: Cursor, type: EventType, details: EventDetails): HistoryEvent {
    // If the clock steps back, the times in the history must not.
    const time = Math.max(this.#now(), this.#time);
    const event: HistoryEvent = { id: this.#count + 1, type, time, previousEventId: after.id, details };
    this.#batch.push(encodeEvent(event, after.data, this.#time));
    this.#time = time;
    return event;
  }

  commit(): void {
    if (this.#batch.length === 0) return;
    this.#lists.append(this.#key, this.#batch);
    this.#batch = [];
  }

  /**
   * Ends the history: later events are dropped. Work that is still being aborted after the end of an execution (e.g.
   * its branches) is no longer recorded.
   */
  seal(): void {
    this.#sealed = true;
    this.#batch = [];
  }
}
