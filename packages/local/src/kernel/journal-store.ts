import type { Journal, Lists, Table } from './journal.js';

/** One change of the control plane, in the short form that the journal file holds. */
export type JournalOperation =
  | readonly ['set', table: string, key: string, record: unknown]
  | readonly ['delete', table: string, key: string]
  | readonly ['append', lists: string, key: string, item: unknown]
  | readonly ['drop', lists: string, key: string];

/** Receives a store's changes, in the order in which they happen. */
export type JournalSink = (operation: JournalOperation) => void;

/**
 * The name that a table or list has now: `service/records`. Journals of earlier engines also have `s3.objects` and
 * `states.mapRuns`.
 */
const presentName = (recorded: string): string =>
  recorded.includes('.') ? recorded.replace('.', '/').replace(/mapRuns$/, 'map-runs') : recorded;

/** The tables and lists of a journal in memory, independent of the file. */
export class JournalStore {
  readonly #tables = new Map<string, Map<string, unknown>>();
  readonly #lists = new Map<string, Map<string, unknown[]>>();
  readonly #sink: JournalSink;

  constructor(sink: JournalSink) {
    this.#sink = sink;
  }

  /** Applies a change read from a journal file, without reporting it again. */
  restore(operation: JournalOperation): void {
    const [kind, recordedName, key, value] = operation;
    const name = presentName(recordedName);
    switch (kind) {
      case 'set':
        this.#records(name).set(key, value);
        break;
      case 'delete':
        this.#records(name).delete(key);
        break;
      case 'append':
        this.#append(name, key, value);
        break;
      case 'drop':
        this.#items(name).delete(key);
        break;
    }
  }

  /** The shortest sequence of changes that produces the present state. */
  *snapshot(): Generator<JournalOperation> {
    for (const [table, records] of this.#tables)
      for (const [key, record] of records) yield ['set', table, key, record] as const;
    for (const [name, lists] of this.#lists)
      for (const [key, items] of lists) for (const item of items) yield ['append', name, key, item] as const;
  }

  table<T>(name: string): Table<T> {
    // The journal's owner guarantees the type: records come back as the JSON that was written to the same table.
    const records = this.#records(name) as Map<string, T>;
    return {
      get: (key) => records.get(key),
      has: (key) => records.has(key),
      set: (key, record) => {
        records.set(key, record);
        this.#sink(['set', name, key, record]);
      },
      delete: (key) => {
        const existed = records.delete(key);
        if (existed) this.#sink(['delete', name, key]);
        return existed;
      },
      values: () => records.values(),
      entries: () => records.entries(),
      get size() {
        return records.size;
      },
    };
  }

  lists<T>(name: string): Lists<T> {
    const lists = this.#items(name) as Map<string, T[]>;
    return {
      append: (key, item) => {
        this.#append(name, key, item);
        this.#sink(['append', name, key, item]);
      },
      read: (key) => lists.get(key) ?? [],
      delete: (key) => {
        const existed = lists.delete(key);
        if (existed) this.#sink(['drop', name, key]);
        return existed;
      },
    };
  }

  #records(table: string): Map<string, unknown> {
    const existing = this.#tables.get(table);
    if (existing !== undefined) return existing;
    const records = new Map<string, unknown>();
    this.#tables.set(table, records);
    return records;
  }

  #items(name: string): Map<string, unknown[]> {
    const existing = this.#lists.get(name);
    if (existing !== undefined) return existing;
    const lists = new Map<string, unknown[]>();
    this.#lists.set(name, lists);
    return lists;
  }

  #append(name: string, key: string, item: unknown): void {
    const lists = this.#items(name);
    const items = lists.get(key);
    if (items === undefined) lists.set(key, [item]);
    else items.push(item);
  }
}

/**
 * A journal in memory only: for tests of a service on its own.
 *
 * @example
 * ```ts
 * const journal = memoryJournal();
 * journal.table<{ name: string }>('topics').set('t', { name: 't' });
 * ```
 */
export function memoryJournal(): Journal {
  const store = new JournalStore(() => {});
  return {
    table: (name) => store.table(name),
    lists: (name) => store.lists(name),
    flush: async () => {},
    close: async () => {},
    whole: true,
  };
}
