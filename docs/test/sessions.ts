import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { codeBlocks, root } from './markdown.js';

/**
 * Types a page's commands one block after the other, as a reader would: in one empty folder, with `bclaw` on the path and
 * the files that the page shows (```yaml file=workflow.yaml) put where it says.
 *
 * @returns what each block printed, keyed by its line
 * @throws when a block fails, with its output
 */
export function runPage(
  page: string,
  options: { readonly path?: string; readonly env?: NodeJS.ProcessEnv } = {},
): Map<number, string> {
  const folder = mkdtempSync(join(tmpdir(), 'bclaw-docs-'));
  const bin = join(folder, '.bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'bclaw'),
    `#!/bin/sh\nexec ${process.execPath} ${join(root, 'packages/cli/dist/main.js')} "$@"\n`,
  );
  chmodSync(join(bin, 'bclaw'), 0o755);
  cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1', ...options.env };
  delete env['AWS_ENDPOINT_URL'];
  env['PATH'] = [bin, options.path, env['PATH']].filter((part) => part !== undefined).join(delimiter);
  const printed = new Map<number, string>();
  // One shell for the whole page would hide which block failed; what a block exports is kept in a file instead.
  const exported = join(folder, '.exported');
  writeFileSync(exported, '');
  try {
    for (const block of codeBlocks(page)) {
      const file = block.attributes['file'];
      if (file !== undefined) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), block.text);
      }
      if (block.language !== 'bash' || 'skip' in block.attributes) continue;
      const script = `set -eu -o pipefail\n. ${exported}\n${block.text}\nexport -p > ${exported}\n`;
      const result = spawnSync('bash', ['-c', script], {
        cwd: folder,
        env,
        encoding: 'utf8',
        input: '',
        timeout: 120_000,
      });
      printed.set(block.line, result.stdout);
      if (result.status !== Number(block.attributes['exit'] ?? '0'))
        throw new Error(
          `${page}:${block.line} ended with ${result.status}\n${block.text}\n${result.stdout}\n${result.stderr}`,
        );
    }
  } finally {
    execFileSync(join(bin, 'bclaw'), ['local', 'stop'], { cwd: folder, env, stdio: 'ignore' });
    rmSync(folder, { recursive: true, force: true });
  }
  return printed;
}
