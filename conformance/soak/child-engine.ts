import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledProgram, programsFolder } from '../../packages/local/test/bundled-program.js';

/** The memory of an engine after a garbage collection. */
export interface Memory {
  readonly heapMB: number;
  readonly rssMB: number;
}

/** An engine in a process of its own, over a directory of its own, which can be killed and started again. */
export class ChildEngine {
  readonly directory = mkdtempSync(join(tmpdir(), 'bclaw-soak-'));
  readonly #programs = programsFolder();
  #program: string | undefined;
  #child: ChildProcess | undefined;
  #url = '';

  get client() {
    const credentials = { accessKeyId: 'soak', secretAccessKey: 'soak' };
    return { endpoint: this.#url, region: 'us-east-1', credentials };
  }

  /** @returns the seconds until it answered */
  async start(): Promise<number> {
    this.#program ??= await bundledProgram(new URL('soaked-engine.ts', import.meta.url), this.#programs);
    const begun = performance.now();
    this.#child = fork(this.#program, [this.directory], { execArgv: ['--expose-gc'] });
    const [{ url }] = await once(this.#child, 'message');
    this.#url = url;
    return (performance.now() - begun) / 1000;
  }

  async memory(): Promise<Memory> {
    if (this.#child === undefined) throw new Error('The engine does not run.');
    this.#child.send('measure');
    const [memory] = await once(this.#child, 'message');
    return memory;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.kill();
    for (const folder of [this.directory, this.#programs]) rmSync(folder, { recursive: true, force: true });
  }
}
