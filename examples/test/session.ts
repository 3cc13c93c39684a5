import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from './templates.js';

/**
 * A folder with an engine in it and `bclaw` on the path. Examples are copied into folders below it, where `bclaw run` finds the
 * engine, so that all of them share one.
 */
export class SharedEngine {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bclaw-examples-'));
  readonly #env: NodeJS.ProcessEnv;
  readonly #copies: string[] = [];

  /** @param variables added to the environment of engine and shells; its PATH comes before this machine's */
  constructor(variables: Readonly<Record<string, string>> = {}) {
    const bin = join(this.#folder, '.bin');
    mkdirSync(bin);
    const program = join(root, 'packages/cli/bin/bclaw.mjs');
    writeFileSync(join(bin, 'bclaw'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
    chmodSync(join(bin, 'bclaw'), 0o755);
    const { AWS_ENDPOINT_URL: _, ...own } = process.env;
    const { PATH: _first, ...more } = variables;
    const path = [bin, variables['PATH'], own['PATH']].filter((part) => part !== undefined);
    this.#env = { ...own, ...more, NO_COLOR: '1', PATH: path.join(delimiter) };
  }

  async start(): Promise<void> {
    await this.type(this.#folder, 'bclaw local start --detach');
  }

  async stop(): Promise<void> {
    // A README that failed half-way may have left an engine of its own.
    const engines = [...this.#copies, this.#folder].filter((folder) => existsSync(join(folder, '.bclaw')));
    await Promise.all(engines.map((folder) => this.type(folder, 'bclaw local stop')));
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Copies an example; gives the copy's path. */
  copy(example: string): string {
    const copy = join(this.#folder, example);
    cpSync(join(root, 'examples', example), copy, { recursive: true });
    this.#copies.push(copy);
    return copy;
  }

  /**
   * Types commands into a shell.
   *
   * @returns what they print on standard output
   * @throws when they do not end with 0, with all that they printed
   */
  type(folder: string, commands: string): Promise<string> {
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', commands], {
      cwd: folder,
      env: this.#env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 180_000,
    });
    let stdout = '';
    let stderr = '';
    shell.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    shell.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    return new Promise((resolve, reject) => {
      shell.once('error', reject);
      shell.once('close', (code, signal) => {
        if (code === 0) resolve(stdout);
        else reject(new Error(`${commands}\nended with ${code ?? signal}\n${stdout}\n${stderr}`));
      });
    });
  }
}
