// Packs every package as npm would publish it and checks the result with publint and "are the types wrong".
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = new URL('..', import.meta.url).pathname;
const bin = (name) => join(root, 'node_modules/.bin', name);
const out = mkdtempSync(join(tmpdir(), 'bclaw-pack-'));
let failed = 0;

for (const name of readdirSync(join(root, 'packages'))) {
  const folder = join(root, 'packages', name);
  const run = (command, args) =>
    execFileSync(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }).toString();
  try {
    const [{ filename, files, size }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', out]));
    const paths = files.map((file) => file.path);
    for (const needed of ['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts'])
      if (!paths.includes(needed)) throw new Error(`the packed tarball has no ${needed}`);
    const tarball = join(out, filename.replace('@', '').replace('/', '-'));
    run(bin('publint'), ['run', '--strict', tarball]);
    run(bin('attw'), [
      tarball,
      '--profile',
      'esm-only',
      '--exclude-entrypoints',
      'lambda.zip',
      'program',
      'lambda-worker',
      'job-spawner',
      'workflow.schema.json',
    ]);
    console.log(`packaging: ${name}: ${paths.length} files, ${Math.round(size / 1024)} KB`);
  } catch (error) {
    failed += 1;
    console.error(`packaging: ${name}: ${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}`);
  }
}

rmSync(out, { recursive: true, force: true });
if (failed > 0) process.exit(1);
