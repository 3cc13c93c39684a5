/**
 * The control plane's state: named tables of JSON records, kept in memory and appended to a journal file, so that they
 * survive `kill -9`. Records are plain JSON; a record must not be mutated after it is set: set a new one instead.
 */
export interface Journal {
  /** Returns the table with that name and its recovered records. The same name always returns the same table. */
  table<T>(name: string): Table<T>;
  /** Returns the append-only lists with that name, by key (e.g. the events of each execution). */
  lists<T>(name: string): Lists<T>;
  /** Resolves once everything recorded so far is in the file. */
  flush(): Promise<void>;
  close(): Promise<void>;
  /** True if the journal is complete: false when the file was missing, or was read only up to a damaged record. */
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
