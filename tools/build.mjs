// Builds the package in the current directory: the library as one ES module for each entry of its package.json (shared
// code in chunks), next to their types, and the programs under "bundles" in its package.json as self-contained bundles.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { zipSync } from 'fflate';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const bundles = manifest.bundles ?? {};

/** @type {import('esbuild').BuildOptions} */
const shared = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
  legalComments: 'none',
  define: { BCLAW_VERSION: JSON.stringify(manifest.version) },
};

// CommonJS dependencies inside an ES module bundle still call require() for Node.js's own modules.
const requireShim = {
  js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
};

/**
 * The YAML library's platform-independent build: ES modules that can be tree-shaken, and a parser a third faster than
 * in its build for Node.js, which reads process.env for each token to see if it should log.
 */
const yamlForAnyPlatform = {
  yaml: fileURLToPath(new URL('../node_modules/yaml/browser/dist/index.js', import.meta.url)),
};

/** Programs and Lambda bundles contain all of their dependencies, pinned at build time. */
const selfContained = {
  ...shared,
  conditions: ['@bclaw/source'],
  alias: yamlForAnyPlatform,
  // The AWS SDK's ES modules can be split and tree-shaken; its CommonJS files, which esbuild prefers by default,
  // cannot.
  mainFields: ['module', 'main'],
  banner: requireShim,
};

/** The source files of the code exports in package.json. */
function libraryEntries() {
  return Object.values(manifest.exports).flatMap((target) => target['@bclaw/source'] ?? []);
}

async function library() {
  const carriesYaml = manifest.name === '@bclaw/spec';
  await build({
    ...shared,
    platform: ['@bclaw/spec', '@bclaw/compiler', '@bclaw/graph'].includes(manifest.name) ? 'neutral' : 'node',
    entryPoints: libraryEntries(),
    outbase: 'src',
    outdir: 'dist',
    splitting: true,
    chunkNames: 'chunk-[hash]',
    packages: 'external',
    ...(carriesYaml ? { alias: yamlForAnyPlatform } : {}),
    sourcemap: true,
  });
  if (carriesYaml) cpSync(new URL('../node_modules/yaml/LICENSE', import.meta.url), 'dist/LICENSE-yaml');
}

/**
 * A deterministic zip (fixed times and order) whose bytes change only when the code does. Code that is imported on
 * demand has its own files, so that a function that does not need it never loads it.
 */
async function lambda(entry) {
  const { outputFiles } = await build({
    ...selfContained,
    entryPoints: { index: entry },
    outdir: 'zip',
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
    splitting: true,
    minify: true,
    write: false,
  });
  const files = outputFiles
    .map(({ path, contents }) => [basename(path), [contents, { mtime: new Date(1980, 0, 1), level: 9 }]])
    .sort(([one], [other]) => (one < other ? -1 : 1));
  mkdirSync('dist', { recursive: true });
  writeFileSync('dist/lambda.zip', zipSync(Object.fromEntries(files)));
}

async function program(entry, outdir) {
  await build({
    ...selfContained,
    entryPoints: { main: entry },
    outdir,
    splitting: true,
    minify: true,
    // Native add-ons (of ssh2, below dockerode) are optional; without them their packages use JavaScript.
    external: ['*.node'],
    // dockerode looks for files next to itself when it is loaded (for building images, which no program does).
    define: { ...shared.define, __dirname: 'import.meta.dirname' },
    outExtension: { '.js': '.mjs' },
    chunkNames: 'chunk-[hash]',
  });
}

async function cli(entry) {
  await build({
    ...selfContained,
    entryPoints: { main: entry },
    outdir: 'dist',
    splitting: true,
    minify: true,
    keepNames: true,
    chunkNames: 'chunk-[hash]',
  });
}

async function worker(entry) {
  await build({ ...selfContained, entryPoints: [entry], outfile: 'dist/lambda-worker.mjs' });
}

async function spawner(entry) {
  await build({ ...selfContained, entryPoints: [entry], outfile: 'dist/job-spawner.mjs' });
}

async function evaluator(entry) {
  await build({ ...selfContained, entryPoints: [entry], outfile: 'dist/jsonata-evaluator.mjs' });
}

rmSync('dist', { recursive: true, force: true });
await library();
for (const [kind, entry] of Object.entries(bundles)) {
  if (kind === 'lambda') await lambda(entry);
  else if (kind === 'program') await program(entry, 'dist/program');
  else if (kind === 'worker') await worker(entry);
  else if (kind === 'spawner') await spawner(entry);
  else if (kind === 'evaluator') await evaluator(entry);
  else if (kind === 'cli') await cli(entry);
  else throw new Error(`package.json: unknown bundle kind "${kind}"`);
}
// Files that a program needs at run time: "assets" in package.json maps a path in the package to a path below dist.
for (const [from, to] of Object.entries(manifest.assets ?? {})) cpSync(from, `dist/${to}`, { recursive: true });
