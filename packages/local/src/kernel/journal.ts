/**
 * The control plane's memory: named tables of JSON records, kept in memory and appended to a journal file, so that they
 * survive `kill -9`. Records are plain JSON; a record that was set must not be mutated afterwards, set a new one.
 */
export interface Journal {
  /** The table of that name, with the records that the journal held. The same name gives the same table. */
  table<T>(name: string): Table<T>;
  /** The append-only lists of that name, keyed (e.g. the events of each execution). */
  lists<T>(name: string): Lists<T>;
  /** Resolves once everything recorded so far is in the file. */
  flush(): Promise<void>;
  close(): Promise<void>;
  /** Whether this is all that was ever recorded: false when the file was missing, or was read up to a damaged record. */
  readonly whole: boolean;
}

export interface Table<T> {
  get(key: string): T | undefined;
  has(key: string): boolean;
  set(key: string, record: T): void;
  delete(key: string): boolean;
  values(): IterableIterator<T>;
  entries(): IterableIterator<[string, T]>;
  readonly size: number;
}

export interface Lists<T> {
  append(key: string, item: T): void;
  read(key: string): readonly T[];
  delete(key: string): boolean;
}
