import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bclawProgram, until, venv } from '../engine.js';
import { freePort } from '../free-port.js';

const run = promisify(execFile);

const emulator = new URL('../../.conformance/emulator/bin/ministack', import.meta.url).pathname;

/** A third-party emulator of AWS: MiniStack, from PyPI. */
export class Ministack {
  readonly folder: string;
  readonly url: string;
  /** Environment of its clients. */
  readonly env: NodeJS.ProcessEnv;
  readonly #process: ChildProcess;

  private constructor(folder: string, url: string, env: NodeJS.ProcessEnv, process: ChildProcess) {
    this.folder = folder;
    this.url = url;
    this.env = env;
    this.#process = process;
  }

  static async start(): Promise<Ministack> {
    const [folder, port] = await Promise.all([mkdtemp(join(tmpdir(), 'bclaw-ministack-')), freePort()]);
    const url = `http://127.0.0.1:${port}`;
    const env = {
      ...process.env,
      AWS_ENDPOINT_URL: url,
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_PAGER: '',
      NO_COLOR: '1',
    };
    const { AWS_ENDPOINT_URL: _, ...own } = env;
    const child = spawn(emulator, [], {
      cwd: folder,
      env: {
        ...own,
        GATEWAY_PORT: String(port),
        BIND_HOST: '127.0.0.1',
        MINISTACK_ACCOUNT_ID: '123456789012',
        TMPDIR: folder,
        LOG_LEVEL: 'WARNING',
      },
      stdio: 'ignore',
      // A separate process group, so that its child processes (functions, in Node.js) end with it.
      detached: true,
    });
    await until(
      async () => {
        if (child.exitCode !== null) throw new Error(`ministack ended with ${child.exitCode}`);
        return fetch(`${url}/_ministack/health`).then(
          ({ ok }) => ok,
          () => false,
        );
      },
      (isUp) => isUp,
      60,
    );
    return new Ministack(folder, url, env, child);
  }

  /** Runs `aws …` in the folder; returns its standard output. */
  async aws(...args: string[]): Promise<string> {
    return (await run(join(venv, 'aws'), args, { cwd: this.folder, env: this.env })).stdout;
  }

  /** Like {@link aws}, with the output parsed as JSON. */
  async json(...args: string[]): Promise<unknown> {
    return JSON.parse(await this.aws(...args, '--output', 'json'));
  }

  async bclaw(...args: string[]): Promise<string> {
    return (await run(process.execPath, [bclawProgram, ...args], { cwd: this.folder, env: this.env })).stdout;
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    if (this.#process.pid !== undefined) process.kill(-this.#process.pid, 'SIGKILL');
    await ended;
    await rm(this.folder, { recursive: true, force: true });
  }
}
