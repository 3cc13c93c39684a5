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
  /** Number of kills. */
  kills = 0;
  /** Longest time until it was available again, in milliseconds. */
  longestRestartMs = 0;

  /** Resolves when it is available again after a kill. */
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

  /** Clients with connections of their own; use a separate set for each purpose. */
  clients(): Clients {
    return createClients({
      endpoint: this.#url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    });
  }

  /** Makes an operation fail once when it is called for a workflow. */
  fail(workflow: string, operation: string): void {
    this.#tell({ workflow, operation });
  }

  /**
   * Holds an operation when it is called for a workflow, until {@link obeyNoMore}.
   *
   * @param onHeld called when the operation is held
   */
  hold(workflow: string, operation: string, onHeld: () => void): void {
    this.#onHeld.set(workflow, onHeld);
    this.#tell({ workflow, operation, hold: true });
  }

  /** Resumes held operations; from now on a workflow's operations neither fail nor are held. */
  obeyNoMore(workflow: string): void {
    this.#onHeld.delete(workflow);
    this.#tell({ workflow });
  }

  /** A killed engine has lost all its orders, so an order that does not arrive is ignored. */
  #tell(order: { readonly workflow: string; readonly operation?: string; readonly hold?: boolean }): void {
    if (this.#child?.connected === true) this.#child.send(order, () => undefined);
  }

  /** Kills the engine at any point and restarts it. */
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
