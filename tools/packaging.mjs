// Packs every package as npm would publish it and checks the result with publint and "are the types wrong".
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = new URL('..', import.meta.url).pathname;
const bin = (name) => join(root, 'node_modules/.bin', name);
const out = mkdtempSync(join(tmpdir(), 'bclaw-pack-'));
let failed = 0;

// Some releases of npm print the lifecycle script before the JSON.
const parsePacked = (text) => JSON.parse(text.slice(text.search(/^\[$/m)));

async function check(name) {
  const run = async (command, ...args) =>
    (await promisify(execFile)(command, args, { cwd: join(root, 'packages', name), maxBuffer: 16 << 20 })).stdout;
  try {
    const [{ filename, files, size }] = parsePacked(await run('npm', 'pack', '--json', '--pack-destination', out));
    const paths = files.map((file) => file.path);
    for (const needed of ['README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts'])
      if (!paths.includes(needed)) throw new Error(`the packed tarball has no ${needed}`);
    const tarball = join(out, filename.replace('@', '').replace('/', '-'));
    await run(bin('publint'), 'run', '--strict', tarball);
    const notModules = [
      'lambda.zip',
      'program',
      'lambda-worker',
      'job-spawner',
      'jsonata-evaluator',
      'workflow.schema.json',
    ];
    await run(bin('attw'), tarball, '--profile', 'esm-only', '--exclude-entrypoints', ...notModules);
    await runCommands(run, tarball, join(out, name));
    console.log(`packaging: ${name}: ${paths.length} files, ${Math.round(size / 1024)} KB`);
  } catch (error) {
    failed += 1;
    console.error(`packaging: ${name}: ${error.message}\n${error.stdout ?? ''}${error.stderr ?? ''}`);
  }
}

/** Unpacks a package and runs each of its commands. */
async function runCommands(run, tarball, folder) {
  mkdirSync(folder);
  await run('tar', '-xf', tarball, '-C', folder);
  const { bin = {}, version } = JSON.parse(readFileSync(join(folder, 'package/package.json'), 'utf8'));
  for (const [command, path] of Object.entries(bin)) {
    const printed = await run(join(folder, 'package', path), '--version');
    if (!printed.includes(version)) throw new Error(`${command} --version prints ${JSON.stringify(printed)}`);
  }
}

const names = readdirSync(join(root, 'packages')).values();
const checkOneAfterAnother = async () => {
  for (const name of names) await check(name);
};
await Promise.all(Array.from({ length: availableParallelism() }, checkOneAfterAnother));

rmSync(out, { recursive: true, force: true });
if (failed > 0) process.exit(1);
