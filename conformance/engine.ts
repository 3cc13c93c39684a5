import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const root = new URL('..', import.meta.url).pathname;
export const venv = join(root, '.conformance/venv/bin');
export const bclawProgram = join(root, 'packages/cli/bin/bclaw.mjs');

/** A running embedded engine with the core stack installed, as `bclaw local start` provides it. */
export interface TestEngine {
  readonly folder: string;
  readonly url: string;
  /** Environment of a client: endpoint, region and dummy credentials. */
  readonly env: NodeJS.ProcessEnv;
  /** Runs `bclaw …` in the folder; returns its standard output. */
  bclaw(...args: string[]): Promise<string>;
  /** Runs `aws …` in the folder; returns its standard output. */
  aws(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Options that differ from an engine's defaults. */
export interface TestEngineOptions {
  /** Additional arguments of `bclaw local start`. */
  readonly words?: readonly string[];
  /** Additional variables of the engine and of its clients; undefined removes one. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

export async function startTestEngine({ words = [], variables = {} }: TestEngineOptions = {}): Promise<TestEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'bclaw-conformance-'));
  const plain: NodeJS.ProcessEnv = {
    ...process.env,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_PAGER: '',
    NO_COLOR: '1',
    ...variables,
  };
  delete plain['AWS_ENDPOINT_URL'];
  const options = (env: NodeJS.ProcessEnv) => ({ cwd: folder, env, maxBuffer: 64 * 1024 * 1024 });
  await run(process.execPath, [bclawProgram, 'local', 'start', '--detach', '--port', '0', ...words], options(plain));
  const status: unknown = JSON.parse(
    (await run(process.execPath, [bclawProgram, 'local', 'status', '--json'], options(plain))).stdout,
  );
  if (typeof status !== 'object' || status === null || !('url' in status) || typeof status.url !== 'string')
    throw new Error(`bclaw local status --json gave ${JSON.stringify(status)}`);
  const env = { ...plain, AWS_ENDPOINT_URL: status.url };
  return {
    folder,
    url: status.url,
    env,
    bclaw: async (...args) => (await run(process.execPath, [bclawProgram, ...args], options(env))).stdout,
    aws: async (...args) => (await run(join(venv, 'aws'), args, options(env))).stdout,
    stop: async () => {
      await run(process.execPath, [bclawProgram, 'local', 'stop'], options(plain));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Polls until the result satisfies the condition, or fails with the last result after `seconds`. */
export async function until<T>(ask: () => Promise<T>, satisfied: (answer: T) => boolean, seconds = 60): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (satisfied(answer)) return answer;
    if (Date.now() > deadline)
      throw new Error(`not within ${seconds} s; the last answer was ${JSON.stringify(answer)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
