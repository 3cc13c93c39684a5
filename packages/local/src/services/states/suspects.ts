import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Journal, Table } from '../../kernel/journal.js';

/** An execution that was running in this many consecutive crashes of the engine is not continued. */
const crashesInARow = 3;
const fileName = 'states.at-work';
const width = 32;

/**
 * Finds the execution that crashes the engine. Before the engine works on an execution, it writes the execution's key
 * to a file, and it clears the file at the end of that turn of the event loop. A key in the file at startup names the
 * execution that the engine was working on when it crashed or was killed. Executions that are waiting are never
 * suspected, no matter how often the engine is killed.
 */
export class Suspects {
  readonly #path: string;
  readonly #journal: Journal;
  /** Number of consecutive times that the engine ended while it worked on an execution, by the execution's key. */
  readonly #crashes: Table<number>;
  #file: number | undefined;
  #written = '';
  #clearing = false;

  constructor(directory: string, journal: Journal) {
    this.#journal = journal;
    this.#path = join(directory, fileName);
    this.#crashes = journal.table('states/crashes');
  }

  /**
   * Reads which execution the last engine was working on when it ended. Resolves once that is recorded, before any
   * execution continues.
   */
  async start(): Promise<void> {
    const found = this.#left();
    const count = (this.#crashes.get(found) ?? 0) + 1;
    for (const [key] of [...this.#crashes.entries()]) this.#crashes.delete(key);
    if (found !== '') this.#crashes.set(found, count);
    await this.#journal.flush();
    if (existsSync(dirname(this.#path))) this.#file = openSync(this.#path, 'w', 0o600);
  }

  /** Returns the number of crashes if the execution must not be continued, otherwise undefined. */
  convicted(id: string): number | undefined {
    const count = this.#crashes.get(id) ?? 0;
    return count >= crashesInARow ? count : undefined;
  }

  /** Records that the rest of this turn of the event loop works on the execution. */
  atWork(id: string): void {
    if (this.#file === undefined) return;
    this.#write(id);
    if (this.#clearing) return;
    this.#clearing = true;
    setImmediate(() => {
      this.#clearing = false;
      this.#write('');
    });
  }

  stop(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file);
    this.#file = undefined;
    rmSync(this.#path, { force: true });
  }

  #write(id: string): void {
    if (this.#file === undefined || id === this.#written) return;
    this.#written = id;
    writeSync(this.#file, id.padEnd(width), 0);
  }

  #left(): string {
    try {
      return readFileSync(this.#path, 'latin1').trim();
    } catch {
      return ''; // The last engine stopped cleanly.
    }
  }
}
