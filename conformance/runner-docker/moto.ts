import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { until, venv } from '../engine.js';

/** The moto server: a third-party ECR, whose token is `AWS` and a password with the account's number. */
export class Moto {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, process: ChildProcess) {
    this.url = url;
    this.#process = process;
  }

  static async start(): Promise<Moto> {
    const port = await freePort();
    const child = spawn(join(venv, 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    const url = `http://127.0.0.1:${port}`;
    const answers = () =>
      fetch(url).then(
        () => true,
        () => false,
      );
    await until(answers, Boolean);
    return new Moto(url, child);
  }

  stop(): void {
    this.#process.kill('SIGKILL');
  }
}

/** The format of moto's ECR tokens. */
export const motoLogin = { username: 'AWS', password: '123456789012-auth-token' } as const;

/** The account's ECR host in the names of its images. */
export const ecrHost = '123456789012.dkr.ecr.us-east-1.amazonaws.com';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
