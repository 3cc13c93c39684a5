// Runs a build only if its inputs or outputs differ from those after the last one. Asking nx takes seconds and copies
// every output from its cache again; reading the times of some thousand files takes a few hundredths of a second.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const notSources = new Set(['node_modules', 'dist', '.bclaw']);

/** Path, size and modification time of every file at or below a path. */
function* files(root, path, skip = new Set()) {
  const stats = statSync(join(root, path), { throwIfNoEntry: false });
  if (!stats?.isDirectory()) {
    if (stats) yield `${path} ${stats.size} ${stats.mtimeMs}`;
    return;
  }
  for (const name of readdirSync(join(root, path)).sort())
    if (!skip.has(name)) yield* files(root, `${path}/${name}`, skip);
}

/** The inputs and outputs of a build from nx.json, as paths below the root. */
function buildPaths(root) {
  const { namedInputs, targetDefaults } = JSON.parse(readFileSync(join(root, 'nx.json'), 'utf8'));
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  const expand = (patterns) =>
    patterns.flatMap((pattern) => {
      const path = pattern.replace(/\/\*\*\/\*$/, '');
      return path.startsWith('{workspaceRoot}/')
        ? [path.slice('{workspaceRoot}/'.length)]
        : packages.map((folder) => path.replace('{projectRoot}', folder));
    });
  return { inputs: ['nx.json', ...expand(namedInputs.sources)], outputs: expand(targetDefaults.build.outputs) };
}

const hash = (lines) =>
  createHash('sha256')
    .update([...lines].join('\n'))
    .digest('hex');
const isType = (line) => /\.d\.ts(\.map)? |\.tsbuildinfo /.test(line);

/** @returns {{ inputs: string, outputs: string }} digests that change whenever a file of the build does */
function look(root) {
  const { inputs, outputs } = buildPaths(root);
  return {
    inputs: hash(inputs.flatMap((path) => [...files(root, path, notSources)])),
    // Another tool writes types next to the code.
    outputs: hash(outputs.flatMap((path) => [...files(root, path)]).filter((line) => !isType(line))),
  };
}

function isUpToDate(root, stamp) {
  try {
    const { inputs, outputs } = JSON.parse(readFileSync(stamp, 'utf8'));
    const now = look(root);
    return now.inputs === inputs && now.outputs === outputs;
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return false;
    throw error;
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Creates the lock and returns true, or false if another process has it; removes the lock of a dead process. */
function take(lock) {
  try {
    writeFileSync(lock, `${process.pid}`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  try {
    const holder = Number(readFileSync(lock, 'utf8'));
    if (holder > 0 && !isRunning(holder)) rmSync(lock, { force: true });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  return false;
}

/** Runs a function while holding the lock, which excludes other processes. */
function alone(lock, run) {
  const clock = new Int32Array(new SharedArrayBuffer(4));
  while (!take(lock)) Atomics.wait(clock, 0, 0, 100);
  try {
    run();
  } finally {
    rmSync(lock, { force: true });
  }
}

/**
 * Brings the build up to date: runs it unless all files are as the last build left them. Concurrent callers wait for
 * the process that builds.
 *
 * @param {string} root the repository
 * @param {() => void} build runs the build; throws on failure
 */
export function bringUpToDate(root, build) {
  const folder = join(root, 'node_modules/.cache');
  const stamp = join(folder, 'bclaw-build.json');
  if (isUpToDate(root, stamp)) return;
  mkdirSync(folder, { recursive: true });
  alone(join(folder, 'bclaw-build.lock'), () => {
    if (isUpToDate(root, stamp)) return;
    rmSync(stamp, { force: true });
    const { inputs } = look(root);
    build();
    writeFileSync(stamp, JSON.stringify({ inputs, outputs: look(root).outputs }));
  });
}
