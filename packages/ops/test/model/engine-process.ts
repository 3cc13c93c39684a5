import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledProgram, programsFolder } from '../../../local/test/bundled-program.js';
import { type Clients, createClients, destroyClients, ensureBucket, install } from '../../src/index.js';
import { installOptions } from '../engine.js';

/** An embedded engine that can be killed, with the core installed. */
export class EngineProcess {
  readonly #directory = mkdtempSync(join(tmpdir(), 'bclaw-model-'));
  readonly #programs = programsFolder();
  #program = '';
  #child: ChildProcess | undefined;
  #url = 'http://127.0.0.1:0';
  #restarting: Promise<void> | undefined;
  readonly #onHeld = new Map<string, () => void>();
  /** How often it has been killed. */
  kills = 0;
  /** How long it took at most until it was there again. */
  longestRestartMs = 0;

  /** Resolves when it is there again after a kill. */
  get ready(): Promise<void> {
    return this.#restarting ?? Promise.resolve();
  }

  static async start(): Promise<EngineProcess> {
    const engine = new EngineProcess();
    engine.#program = await bundledProgram(new URL('engine-program.ts', import.meta.url), engine.#programs);
    await engine.#start();
    const clients = engine.clients();
    await install(clients, installOptions);
    await ensureBucket(clients, 'model-data');
    destroyClients(clients);
    return engine;
  }

  /** Clients of their own connections; for each use a set. */
  clients(): Clients {
    return createClients({
      endpoint: this.#url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    });
  }

  /** Lets an operation fail once when it is called for a workflow. */
  fail(workflow: string, operation: string): void {
    this.#tell({ workflow, operation });
  }

  /**
   * Holds an operation when it is called for a workflow, until {@link obeyNoMore}.
   *
   * @param onHeld called when that has come to pass
   */
  hold(workflow: string, operation: string, onHeld: () => void): void {
    this.#onHeld.set(workflow, onHeld);
    this.#tell({ workflow, operation, hold: true });
  }

  /** Lets go on what is held, and a workflow's operations neither fail nor be held any more. */
  obeyNoMore(workflow: string): void {
    this.#onHeld.delete(workflow);
    this.#tell({ workflow });
  }

  /** One that was killed has forgotten everything that it was told, so that an order that does not arrive is none. */
  #tell(order: { readonly workflow: string; readonly operation?: string; readonly hold?: boolean }): void {
    if (this.#child?.connected === true) this.#child.send(order, () => undefined);
  }

  /** Kills the engine in whatever it is doing, and starts it again. */
  async kill(): Promise<void> {
    this.#restarting ??= this.#restart().finally(() => (this.#restarting = undefined));
    await this.#restarting;
  }

  async #restart(): Promise<void> {
    this.kills += 1;
    await this.#end();
    const began = Date.now();
    await this.#start();
    this.longestRestartMs = Math.max(this.longestRestartMs, Date.now() - began);
  }

  async close(): Promise<void> {
    await this.#restarting;
    await this.#end();
    for (const folder of [this.#directory, this.#programs]) rmSync(folder, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const child = fork(this.#program, [this.#directory, new URL(this.#url).port], { execArgv: [] });
    this.#child = child;
    const [url] = await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code]) => Promise.reject(new Error(`the engine ended with ${code}`))),
    ]);
    this.#url = String(url);
    child.on('message', (message: { readonly held: string }) => this.#onHeld.get(message.held)?.());
  }

  async #end(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const over = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await over;
  }
}
