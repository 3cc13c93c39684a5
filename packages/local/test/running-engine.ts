import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, type EngineOptions, startEngine, startEngineWith } from '../src/kernel/engine.js';
import type { ServiceFactory } from '../src/services/index.js';

const deadlineMs = 60_000;

/** An engine in a separate directory, which can be stopped and started again. */
export class RunningEngine {
  readonly directory = mkdtempSync(join(tmpdir(), 'bclaw-local-'));
  readonly #factories: readonly ServiceFactory[] | undefined;
  readonly #options: Omit<EngineOptions, 'directory'>;
  #engine: Engine | undefined;

  private constructor(factories: readonly ServiceFactory[] | undefined, options: Omit<EngineOptions, 'directory'>) {
    this.#factories = factories;
    this.#options = options;
  }

  /** Starts all services, or only the given ones. */
  static async start(
    factories?: readonly ServiceFactory[],
    options: Omit<EngineOptions, 'directory'> = {},
  ): Promise<RunningEngine> {
    const running = new RunningEngine(factories, options);
    await running.open();
    return running;
  }

  get url(): string {
    if (this.#engine === undefined) throw new Error('The engine is not running.');
    return this.#engine.url;
  }

  /** Options with which an SDK client finds the engine. Retries are off, so that a test sees the first answer. */
  get client() {
    return {
      endpoint: this.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    };
  }

  async open(): Promise<void> {
    // The roles that tests name when they are about something else.
    const options = { openRoles: ['function', 'r', 'states'], ...this.#options, directory: this.directory };
    this.#engine = await (this.#factories === undefined
      ? startEngine(options)
      : startEngineWith(this.#factories, options));
  }

  async close(): Promise<void> {
    await this.#engine?.close();
    this.#engine = undefined;
  }

  /** Stops the engine and removes its directory. */
  async dispose(): Promise<void> {
    await this.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Polls until there is a result, within a deadline. */
export async function eventually<T>(ask: () => Promise<T | undefined>, what: string): Promise<T> {
  for (const end = Date.now() + deadlineMs; ; ) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`Waited in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
