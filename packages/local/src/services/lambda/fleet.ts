import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import type { EngineContext } from '../../kernel/service.js';
import type { Call, Outcome } from './function-worker.js';
import type { FunctionVersion } from './model.js';
import { engineStops, WorkerPool } from './worker-pool.js';

/** Idle time after which a worker is stopped, so that an idle engine has none. */
const idleMs = 5_000;

/** All workers of the engine: a pool for each function version while it is in use. */
export class WorkerFleet {
  readonly #context: EngineContext;
  readonly #codeDirectory: string;
  readonly #pools = new Map<string, WorkerPool>();
  /** Includes retired pools until their last call has ended. */
  readonly #living = new Set<WorkerPool>();
  /** Calls that run or wait for a worker. */
  #calls = 0;
  #stopped = false;

  constructor(context: EngineContext, codeDirectory: string) {
    this.#context = context;
    this.#codeDirectory = codeDirectory;
  }

  /** True when the account's concurrency is used up. */
  get isFull(): boolean {
    return this.#calls >= (this.#context.concurrentInvocations ?? Number.POSITIVE_INFINITY);
  }

  /** @throws AwsError `ServiceException` when the engine stops before the call has ended */
  async run(version: FunctionVersion, call: Call): Promise<Outcome> {
    if (this.#stopped) throw engineStops();
    const id = identity(version);
    let pool = this.#pools.get(id);
    if (pool === undefined) {
      const place = { context: this.#context, codeDirectory: this.#codeDirectory, program: workerProgram() };
      const limits = { workers: Math.max(4, availableParallelism() * 2), idleMs };
      const created = new WorkerPool(place, version, limits, () => this.#forget(id, created));
      pool = created;
      this.#pools.set(id, pool);
      this.#living.add(pool);
    }
    this.#calls += 1;
    try {
      return await pool.run(call);
    } finally {
      this.#calls -= 1;
    }
  }

  /** Called when the version was changed or deleted: its workers end when their calls do. */
  retire(version: FunctionVersion): void {
    const id = identity(version);
    this.#pools.get(id)?.retire();
    this.#pools.delete(id);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#living].map((pool) => pool.stop()));
  }

  #forget(id: string, pool: WorkerPool): void {
    this.#living.delete(pool);
    if (this.#pools.get(id) === pool) this.#pools.delete(id);
  }
}

/** Built from worker.ts; located when the first function is called, so that an engine that runs none needs no build. */
const workerProgram = () => createRequire(import.meta.url).resolve('@bclaw/local/lambda-worker');

/** `$LATEST` is a different program after each change; a published version never changes. */
const identity = ({ functionName, version, lastModified, code }: FunctionVersion) =>
  [functionName, version, lastModified, code.digest].join(' ');
