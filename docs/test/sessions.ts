import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { codeBlocks, root } from './markdown.js';

/** An empty folder with `bclaw` on the path, for following a page. */
export class ReadersFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'bclaw-docs-'));
  readonly #env: NodeJS.ProcessEnv;

  constructor(options: { readonly path?: string; readonly env?: NodeJS.ProcessEnv } = {}) {
    const bin = join(this.path, '.bin');
    mkdirSync(bin);
    const program = join(root, 'packages/cli/bin/bclaw.mjs');
    writeFileSync(join(bin, 'bclaw'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
    chmodSync(join(bin, 'bclaw'), 0o755);
    const { AWS_ENDPOINT_URL: _, ...own } = process.env;
    const path = [bin, options.path, own['PATH']].filter((part) => part !== undefined).join(delimiter);
    this.#env = { ...own, NO_COLOR: '1', AWS_PAGER: '', ...options.env, PATH: path };
  }

  /**
   * Types commands.
   *
   * @returns their output
   * @throws when the exit code is not 0, with all of their output
   */
  type(commands: string): string {
    const result = spawnSync('bash', ['-euo', 'pipefail', '-c', commands], {
      cwd: this.path,
      env: this.#env,
      encoding: 'utf8',
      input: '',
      timeout: 180_000,
    });
    if (result.status !== 0)
      throw new Error(`${commands}\nended with ${result.status ?? result.signal}\n${result.stdout}\n${result.stderr}`);
    return result.stdout;
  }

  /**
   * Follows a page: writes its files (```yaml file=workflow.yaml) and types its commands, block by block.
   *
   * @returns the output of each block of commands, in order
   */
  follow(page: string): string[] {
    return codeBlocks(page).flatMap((block) => {
      const file = block.attributes['file'];
      if (file !== undefined) this.put(file, block.text);
      return block.language === 'bash' ? [this.type(block.text)] : [];
    });
  }

  put(file: string, text: string): void {
    mkdirSync(dirname(join(this.path, file)), { recursive: true });
    writeFileSync(join(this.path, file), text);
  }

  remove(): void {
    spawnSync(join(this.path, '.bin/bclaw'), ['local', 'stop'], { cwd: this.path, env: this.#env });
    rmSync(this.path, { recursive: true, force: true });
  }
}
