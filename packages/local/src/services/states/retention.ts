import type { Log } from '../../kernel/service.js';
import type { Clock } from './interpreter/run/clock.js';
import type { Store } from './store/store.js';

const dayMs = 24 * 60 * 60 * 1000;

/** "Step Functions quotas: execution history retention time". */
const keptMs = 90 * dayMs;

/** The first look comes late, so that the start waits for nothing. */
const firstLookMs = 60_000;
const lookMs = dayMs / 4;

/** Keeps ended executions out of memory, and forgets them after 90 days. */
export class Retention {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  #timer: NodeJS.Timeout | undefined;
  #checking = false;
  #stopped = false;

  constructor(store: Store, clock: Clock, log: Log) {
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
  }

  start(): void {
    this.check();
    this.#look(firstLookMs);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Moves ended executions to the disk, soon. */
  check(): void {
    if (this.#checking) return;
    this.#checking = true;
    // Not in the turn in which an execution ends: what waits for that execution still reads it.
    setImmediate(() => {
      this.#checking = false;
      if (!this.#stopped) void this.#try(() => this.#store.archiveOld());
    });
  }

  #look(delayMs: number): void {
    this.#timer = setTimeout(() => {
      void this.#try(() => this.#store.expire(this.#clock.now() - keptMs, false));
      this.#look(lookMs);
    }, delayMs).unref();
  }

  /** A full disk keeps executions in memory; nothing is lost. */
  async #try(work: () => unknown): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#log.error('Ended executions could not be moved to the disk', { error: String(error) });
    }
  }
}
