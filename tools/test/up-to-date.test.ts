import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bringUpToDate } from '../up-to-date.mjs';

const root = new URL('../..', import.meta.url).pathname;

describe('bringing a build up to date', () => {
  let folder: string;
  let builds: number;

  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  /** Builds both packages: their sources in one file each. */
  const build = () => {
    builds += 1;
    for (const name of ['one', 'two'])
      write(`packages/${name}/dist/index.js`, readFileSync(join(folder, `packages/${name}/src/deep/index.ts`), 'utf8'));
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bclaw-build-'));
    builds = 0;
    cpSync(join(root, 'nx.json'), join(folder, 'nx.json'));
    for (const name of ['one', 'two']) write(`packages/${name}/src/deep/index.ts`, `export const name = '${name}';\n`);
    bringUpToDate(folder, build);
    expect(builds).toBe(1);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('does not build when nothing changed', () => {
    bringUpToDate(folder, build);
    expect(builds).toBe(1);
  });

  it.each([
    ['a source changed', () => write('packages/two/src/deep/index.ts', "export const name = '2';\n")],
    ['a source was added', () => write('packages/two/src/more.ts', '')],
    ['a source was removed', () => rmSync(join(folder, 'packages/two/src/deep/index.ts'))],
    ['a manifest changed', () => write('packages/two/package.json', '{}')],
    ['the way to build changed', () => write('tools/build.mjs', '')],
    ['a dependency changed', () => write('package-lock.json', '{}')],
    ['what was built was removed', () => rmSync(join(folder, 'packages/one/dist'), { recursive: true })],
    ['what was built was changed', () => write('packages/one/dist/index.js', '')],
    [
      'a source is of another day, with the same size',
      () => utimesSync(join(folder, 'packages/one/src/deep/index.ts'), new Date(), new Date()),
    ],
  ])('builds when %s, once', (_what, change) => {
    change();
    const buildWhatIsThere = () => {
      builds += 1;
    };
    bringUpToDate(folder, buildWhatIsThere);
    bringUpToDate(folder, buildWhatIsThere);
    expect(builds).toBe(2);
  });

  it.each([
    ['types beside the code', 'packages/one/dist/index.d.ts'],
    ['the state of the compiler of types', 'packages/one/dist/.tsbuildinfo'],
    ['tests', 'packages/one/test/index.test.ts'],
    ["an engine's data in an example", 'examples/hello/.bclaw/engine.json'],
  ])('does not build for %s', (_what, path) => {
    write(path, 'x');
    bringUpToDate(folder, build);
    expect(builds).toBe(1);
  });

  it('builds again after a build that failed', () => {
    write('packages/two/src/more.ts', '');
    const fail = () => {
      throw new Error('does not compile');
    };
    expect(() => bringUpToDate(folder, fail)).toThrow('does not compile');
    expect(() => bringUpToDate(folder, fail)).toThrow('does not compile');
    bringUpToDate(folder, build);
    expect(builds).toBe(2);
  });

  it('is not stopped by the lock of a process that was killed', async () => {
    const killed = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => killed.once('exit', resolve));
    write('node_modules/.cache/bclaw-build.lock', `${killed.pid}`);
    write('packages/two/src/more.ts', '');
    bringUpToDate(folder, build);
    expect(builds).toBe(2);
    expect(existsSync(join(folder, 'node_modules/.cache/bclaw-build.lock'))).toBe(false);
  });

  it('builds once where several processes want the same', async () => {
    write('packages/two/src/more.ts', '');
    const program = `
      import { appendFileSync } from 'node:fs';
      import { bringUpToDate } from ${JSON.stringify(join(root, 'tools/up-to-date.mjs'))};
      bringUpToDate(${JSON.stringify(folder)}, () => {
        appendFileSync(${JSON.stringify(join(folder, 'log'))}, 'built ');
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
      });`;
    const ends = Array.from({ length: 3 }, () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
      return new Promise((resolve) => child.once('exit', resolve));
    });
    expect(await Promise.all(ends)).toEqual([0, 0, 0]);
    expect(readFileSync(join(folder, 'log'), 'utf8')).toBe('built ');
  });
});
