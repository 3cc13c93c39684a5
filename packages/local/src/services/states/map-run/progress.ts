import type { Executor } from '../executor.js';
import { StateError } from '../interpreter/data/state-error.js';
import { endsForeignWork } from '../interpreter/run/outcome-errors.js';
import { payloadOf } from '../interpreter/run/payload.js';
import type { ExecutionRecord } from '../store/records.js';
import type { Store } from '../store/store.js';
import { exceeds } from './tolerance.js';
import type { Unit } from './units.js';

// "Step Functions runs up to 10,000 parallel child workflow executions" without MaxConcurrency.
const mostParallel = 10_000;
/** Number of children that are started before the engine gets a turn. */
const childrenPerTurn = 50;

/**
 * A map run in progress: starts children up to the concurrency limit, counts failures, and stops all children when too
 * many failed.
 */
export class MapRunProgress {
  readonly #store: Store;
  readonly #executor: Executor;
  readonly #id: string;
  readonly #signal: AbortSignal;
  readonly #running = new Set<string>();
  readonly #failures = new Map<string, number>();
  #failed = 0;
  #known: number | undefined;
  #wake: () => void = () => undefined;
  #exceeded = false;
  #items = 0;
  #units = 0;

  constructor(store: Store, executor: Executor, id: string, signal: AbortSignal) {
    this.#store = store;
    this.#executor = executor;
    this.#id = id;
    this.#signal = signal;
  }

  /** Number of child executions so far. */
  get total(): number {
    return this.#units;
  }

  /** Number of items so far. */
  get totalItems(): number {
    return this.#items;
  }

  settingsChanged(): void {
    this.#check();
    this.#wake();
  }

  get #settings() {
    const record = this.#store.mapRuns.get(this.#id);
    if (record === undefined) throw new Error(`there is no map run ${this.#id}`);
    return record;
  }

  get #room(): boolean {
    const { maxConcurrency } = this.#settings;
    return this.#running.size < (maxConcurrency === 0 ? mostParallel : Math.min(maxConcurrency, mostParallel));
  }

  #check(): void {
    if (!exceeds(this.#settings, this.#failed, this.#known)) return;
    this.#exceeded = true;
    this.#wake();
  }

  /** Resolves when a child ends, a setting changes or the run is aborted. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /**
   * Runs all units.
   *
   * @param source the Map state's name, for the error about an input that is too large
   * @throws StateError States.ExceedToleratedFailureThreshold, or the error of reading the items
   * @throws Aborted when the run is aborted
   */
  async process(units: AsyncIterable<Unit>, source: string): Promise<void> {
    const before = new Map(this.#store.childrenOf(this.#id).map((child) => [child.index ?? 0, child]));
    const aborted = () => this.#wake();
    this.#signal.addEventListener('abort', aborted, { once: true });
    try {
      for await (const unit of units) {
        this.#items += unit.items;
        this.#units += 1;
        while (!this.#room && !this.#over) await this.#change();
        if (this.#over) break;
        const child = before.get(unit.index);
        if (child === undefined) this.#begin(unit, source);
        else this.#resume(child);
        if (this.#units % childrenPerTurn === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      if (!this.#over) this.#known = this.#items;
      this.#check();
      while (this.#running.size > 0 && !this.#over) await this.#change();
      this.#signal.throwIfAborted();
      if (this.#exceeded) {
        throw new StateError(
          'States.ExceedToleratedFailureThreshold',
          'The specified tolerated failure threshold was exceeded',
        );
      }
    } finally {
      this.#signal.removeEventListener('abort', aborted);
      if (!this.#signal.aborted || endsForeignWork(this.#signal)) this.#stopChildren();
    }
  }

  get #over(): boolean {
    return this.#exceeded || this.#signal.aborted;
  }

  #begin(unit: Unit, source: string): void {
    const { machine, parent } = this.#settings;
    const revision = this.#store.execution(parent)?.revision ?? '';
    const input = payloadOf(unit.input, source).text;
    const given = { machine, revision, mapRun: this.#id, index: unit.index, items: unit.items };
    // As in Step Functions, the name of a child execution is a UUID.
    this.#follow(this.#executor.begin({ name: crypto.randomUUID(), ...given }, input));
  }

  /** Continues a child from before a restart; after a redrive, reruns it from the point of failure. */
  #resume(child: ExecutionRecord): void {
    if (child.status === 'SUCCEEDED') return;
    if (child.status === 'RUNNING') {
      this.#executor.continue(child);
      this.#follow(child);
      return;
    }
    const redrives = this.#store.execution(this.#settings.parent)?.redrives ?? 0;
    if ((child.redrives ?? 0) < redrives) this.#follow(this.#executor.redrive(child));
    else this.#fail(child);
  }

  #follow(child: ExecutionRecord): void {
    this.#running.add(child.id);
    void this.#executor.ended(child).then(({ status }) => {
      this.#running.delete(child.id);
      if (status !== 'SUCCEEDED') this.#fail(child);
      this.#wake();
    });
  }

  #fail(child: ExecutionRecord): void {
    if (this.#failures.has(child.id)) return;
    this.#failures.set(child.id, child.items ?? 1);
    this.#failed += child.items ?? 1;
    this.#check();
  }

  #stopChildren(): void {
    for (const id of [...this.#running]) {
      const child = this.#store.execution(id);
      if (child?.status === 'RUNNING') this.#executor.stop(child, undefined, undefined);
    }
  }
}
