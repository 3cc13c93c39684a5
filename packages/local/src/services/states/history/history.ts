import type { Lists } from '../../../kernel/journal.js';
import {
  carriedData,
  decodeEvent,
  type EventDetails,
  type EventRecord,
  encodeEvent,
  type HistoryEvent,
} from './event-record.js';
import type { EventType } from './event-types.js';

/** What the journal appends at once: events that are written together or not at all. */
export type EventBatch = readonly EventRecord[];

/** A place in the chain of events: the event that the next one follows, and the data that it carries. */
export interface Cursor {
  readonly id: number;
  readonly data: string | undefined;
}

/**
 * AWS ends an execution whose history reaches 25,000 events ("Step Functions quotas: Maximum execution history size").
 * The last one is the failure itself.
 */
export const maximumEvents = 25_000;

/** Reads a whole history back from the journal. */
export function readHistory(batches: readonly EventBatch[], startTime: number): readonly HistoryEvent[] {
  const events: HistoryEvent[] = [];
  const data: (string | undefined)[] = [];
  let time = startTime;
  const carry = (id: number) => data[Math.max(id, 1)];
  for (const record of batches.flat()) {
    const event = decodeEvent(record, events.length + 1, time, carry);
    events.push(event);
    data[event.id] = carriedData(event) ?? carry(event.previousEventId);
    time = event.time;
  }
  return events;
}

/**
 * The history of one execution, written. Events gather until {@link commit}, which appends them to the journal as one
 * record: a state's exit and the entry of the next are never torn apart by a crash.
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

  /** @returns the place after the event, to continue the chain from */
  add(after: Cursor, type: EventType, details: EventDetails = {}): Cursor {
    if (this.#sealed) return after;
    // A clock that steps back must not make a history run backwards.
    const time = Math.max(this.#now(), this.#time);
    const event: HistoryEvent = { id: this.#count + 1, type, time, previousEventId: after.id, details };
    this.#batch.push(encodeEvent(event, after.data, this.#time));
    this.#count = event.id;
    this.#time = time;
    return { id: event.id, data: carriedData(event) ?? after.data };
  }

  commit(): void {
    if (this.#batch.length === 0) return;
    this.#lists.append(this.#key, this.#batch);
    this.#batch = [];
  }

  /**
   * Ends the history: later events are dropped. What still winds down after the end of an execution (branches that are
   * being aborted) belongs to nobody any more.
   */
  seal(): void {
    this.#sealed = true;
    this.#batch = [];
  }
}
