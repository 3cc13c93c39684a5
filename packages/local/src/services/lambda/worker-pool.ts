import { AwsError } from '../../wire/aws-error.js';
import { type Call, FunctionWorker, type Outcome, type WorkerPlace } from './function-worker.js';
import type { FunctionVersion } from './model.js';

/** Limits of a pool: maximum number of workers, and their maximum idle time. */
export interface PoolLimits {
  readonly workers: number;
  readonly idleMs: number;
}

interface Waiting {
  readonly call: Call;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: AwsError) => void;
}

/**
 * The workers of one function version. A call takes an idle worker or waits; while calls wait, workers are started one
 * after the other, so that a burst of short calls costs a single cold start instead of one for each call.
 */
export class WorkerPool {
  readonly #place: WorkerPlace;
  readonly #version: FunctionVersion;
  readonly #limits: PoolLimits;
  readonly #onEmpty: () => void;
  readonly #workers = new Set<FunctionWorker>();
  /** Most recently used last: the others time out and are stopped. */
  readonly #idle = new Map<FunctionWorker, NodeJS.Timeout>();
  readonly #waiting: Waiting[] = [];
  #starting = false;
  #retired = false;
  #stopped = false;

  constructor(place: WorkerPlace, version: FunctionVersion, limits: PoolLimits, onEmpty: () => void) {
    this.#place = place;
    this.#version = version;
    this.#limits = limits;
    this.#onEmpty = onEmpty;
  }

  /** @throws AwsError `ServiceException` when the pool is stopped before the call has ended */
  run(call: Call): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, resolve, reject });
      this.#dispatch();
    });
  }

  /** Retires the pool: each worker is stopped after the waiting and running calls. */
  retire(): void {
    this.#retired = true;
    for (const worker of [...this.#idle.keys()]) this.#discard(worker);
  }

  /** Ends all workers now, with the waiting and running calls. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { reject } of this.#waiting.splice(0)) reject(engineStops());
    for (const timer of this.#idle.values()) clearTimeout(timer);
    this.#idle.clear();
    await Promise.all([...this.#workers].map((worker) => worker.stop()));
  }

  #dispatch(): void {
    if (this.#stopped) {
      for (const { reject } of this.#waiting.splice(0)) reject(engineStops());
      return;
    }
    while (this.#waiting.length > 0) {
      const worker = [...this.#idle.keys()].at(-1);
      if (worker === undefined) break;
      if (!worker.alive) {
        this.#discard(worker);
        continue;
      }
      const next = this.#waiting.shift();
      if (next !== undefined) void this.#work(worker, next);
    }
    if (this.#waiting.length > 0 && !this.#starting && this.#workers.size < this.#limits.workers) void this.#start();
  }

  async #start(): Promise<void> {
    this.#starting = true;
    const worker = new FunctionWorker(this.#place, this.#version);
    this.#workers.add(worker);
    const error = await worker.loaded;
    this.#starting = false;
    if (error === undefined) {
      this.#rest(worker);
      return;
    }
    this.#workers.delete(worker);
    if (this.#stopped) return;
    // The call for which this worker was started returns the load error.
    this.#waiting.shift()?.resolve({ failed: true, payload: JSON.stringify(error), logTail: '' });
    this.#dispatch();
    this.#checkEmpty();
  }

  async #work(worker: FunctionWorker, { call, resolve, reject }: Waiting): Promise<void> {
    clearTimeout(this.#idle.get(worker));
    this.#idle.delete(worker);
    const outcome = await worker.run(call);
    if (this.#stopped) {
      reject(engineStops());
      return;
    }
    resolve(outcome);
    if (worker.alive) this.#rest(worker);
    else {
      this.#workers.delete(worker);
      this.#dispatch();
      this.#checkEmpty();
    }
  }

  #rest(worker: FunctionWorker): void {
    if (this.#stopped) return;
    const timer = setTimeout(() => this.#discard(worker), this.#limits.idleMs).unref();
    this.#idle.set(worker, timer);
    this.#dispatch();
    if (this.#retired && this.#idle.has(worker)) this.#discard(worker);
  }

  #discard(worker: FunctionWorker): void {
    clearTimeout(this.#idle.get(worker));
    this.#idle.delete(worker);
    this.#workers.delete(worker);
    void worker.stop();
    this.#checkEmpty();
  }

  #checkEmpty(): void {
    if (this.#workers.size === 0 && this.#waiting.length === 0) this.#onEmpty();
  }
}

/** Error for a call that the engine does not finish: its result is unknown. */
export const engineStops = () => new AwsError('ServiceException', 'The engine is stopping.', { status: 500 });
