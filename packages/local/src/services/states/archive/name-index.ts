import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { appendLines, readLines, replaceLines } from './lines.js';

/** Where an archived execution is. */
export interface Place {
  /** The state machine, or the map run of a child execution. */
  readonly group: string;
  readonly id: string;
}

/** A key, the group and the id. */
type Entry = readonly [key: string, group: string, id: string];

/**
 * The places of archived executions by name, on disk only: a thousand files by hash of the key, each read as a whole
 * to look a key up.
 */
export class NameIndex {
  readonly #directory: string;
  readonly #durable: boolean;
  readonly #onDamage: (path: string, line: number) => void;

  constructor(directory: string, durable: boolean, onDamage: (path: string, line: number) => void) {
    this.#directory = directory;
    this.#durable = durable;
    this.#onDamage = onDamage;
  }

  add(entries: readonly (Place & { readonly key: string })[]): void {
    for (const [path, own] of this.#byFile(entries))
      appendLines(
        path,
        own.map(({ key, group, id }): Entry => [key, group, id]),
        this.#durable,
      );
  }

  find(key: string): Place | undefined {
    const [, group, id] = this.#entries(this.#path(key), JSON.stringify(key)).findLast(([own]) => own === key) ?? [];
    return group === undefined || id === undefined ? undefined : { group, id };
  }

  /** Forgets entries; one whose place is another by now stays. */
  remove(entries: readonly (Place & { readonly key: string })[]): void {
    for (const [path, own] of this.#byFile(entries)) {
      const gone = new Set(own.map(({ id }) => id));
      replaceLines(
        path,
        this.#entries(path).filter(([, , id]) => !gone.has(id)),
        this.#durable,
      );
    }
  }

  #byFile<T extends { readonly key: string }>(entries: readonly T[]): Map<string, T[]> {
    const files = new Map<string, T[]>();
    for (const entry of entries) {
      const path = this.#path(entry.key);
      const own = files.get(path);
      if (own === undefined) files.set(path, [entry]);
      else own.push(entry);
    }
    return files;
  }

  #entries(path: string, only?: string): readonly Entry[] {
    // The checksum of each line guarantees that it is what `add` wrote.
    return readLines(path, (line) => this.#onDamage(path, line), only) as Entry[];
  }

  #path(key: string): string {
    const hash = createHash('sha256').update(key).digest().readUInt16BE() % 1024;
    return join(this.#directory, hash.toString(16).padStart(3, '0'));
  }
}
