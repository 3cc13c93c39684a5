/**
 * Runs tasks concurrently, up to a limit. The first failure is thrown by `add` or `all`; no further task starts after
 * it.
 *
 * @example
 * ```ts
 * const copies = new Parallel(16);
 * for (const file of files) await copies.add(() => copy(file));
 * await copies.all();
 * ```
 */
export class Parallel {
  readonly #limit: number;
  readonly #running = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Starts a task as soon as the limit allows. */
  async add(task: () => Promise<unknown>): Promise<void> {
    while (this.#failure === undefined && this.#running.size >= this.#limit) await Promise.race(this.#running);
    this.#throwFailure();
    const running = this.#run(task).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Waits for all of them. */
  async all(): Promise<void> {
    await this.settled();
    this.#throwFailure();
  }

  /** Waits until no task is running, regardless of failures. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.race(this.#running);
  }

  async #run(task: () => Promise<unknown>): Promise<void> {
    try {
      await task();
    } catch (error) {
      this.#failure ??= { error };
    }
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
