import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Journal, Table } from '../../kernel/journal.js';

/** What died so often with the same execution at work is not started with it again. */
const crashesInARow = 3;
const fileName = 'states.at-work';
const width = 32;

/**
 * Tells which execution kills the engine. Before the engine works on an execution, it writes the execution's key into a
 * file, and takes it out when its turn of the event loop is over: what stands there at a start is what the engine
 * was killed, or died, over. Executions that wait are never suspected, however often the engine is killed.
 */
export class Suspects {
  readonly #path: string;
  readonly #journal: Journal;
  /** How often in a row the engine ended while it worked on an execution, by its key. */
  readonly #crashes: Table<number>;
  #file: number | undefined;
  #written = '';
  #clearing = false;

  constructor(directory: string, journal: Journal) {
    this.#journal = journal;
    this.#path = join(directory, fileName);
    this.#crashes = journal.table('states.crashes');
  }

  /** Reads what the last engine was at when it ended; resolves once that is recorded, before anything is continued. */
  async start(): Promise<void> {
    const found = this.#left();
    const count = (this.#crashes.get(found) ?? 0) + 1;
    for (const [key] of [...this.#crashes.entries()]) this.#crashes.delete(key);
    if (found !== '') this.#crashes.set(found, count);
    await this.#journal.flush();
    if (existsSync(dirname(this.#path))) this.#file = openSync(this.#path, 'w', 0o600);
  }

  /** Whether the engine ended so often over an execution that it must not be continued. */
  convicted(id: string): number | undefined {
    const count = this.#crashes.get(id) ?? 0;
    return count >= crashesInARow ? count : undefined;
  }

  /** Notes that the rest of this turn of the event loop is an execution's. */
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
      return ''; // The last engine stopped as it should.
    }
  }
}
