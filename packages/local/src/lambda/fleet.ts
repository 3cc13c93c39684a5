import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import type { EngineContext } from '../service.js';
import type { Call, Outcome, WorkerPlace } from './function-worker.js';
import type { FunctionVersion } from './model.js';
import { WorkerPool } from './worker-pool.js';

/** A worker without work is stopped after this long: an idle engine has none. */
const idleMs = 5_000;

/** All workers of the engine: a pool for each function version that is called, as long as it is. */
export class WorkerFleet {
  readonly #place: WorkerPlace;
  readonly #pools = new Map<string, WorkerPool>();
  /** Retired ones too, until their last call has ended. */
  readonly #living = new Set<WorkerPool>();
  #stopped = false;

  constructor(context: EngineContext, codeDirectory: string) {
    this.#place = { context, codeDirectory, program: workerProgram() };
  }

  run(version: FunctionVersion, call: Call): Promise<Outcome> {
    if (this.#stopped) return Promise.reject(new Error('The engine is stopping.'));
    const id = identity(version);
    let pool = this.#pools.get(id);
    if (pool === undefined) {
      const limits = { workers: Math.max(4, availableParallelism() * 2), idleMs };
      const created = new WorkerPool(this.#place, version, limits, () => this.#forget(id, created));
      pool = created;
      this.#pools.set(id, pool);
      this.#living.add(pool);
    }
    return pool.run(call);
  }

  /** The version is not what it was, or gone: its workers end when their calls do. */
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

const workerProgram = () => createRequire(import.meta.url).resolve('@bclaw/local/lambda-worker');

/** `$LATEST` is another program after each change; a published version stays what it is. */
const identity = ({ functionName, version, lastModified, code }: FunctionVersion) =>
  [functionName, version, lastModified, code.digest].join(' ');
