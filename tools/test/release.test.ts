import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
const names = readdirSync(join(root, 'packages'));
const packageOf = (folder: string, name: string) =>
  JSON.parse(readFileSync(join(folder, 'packages', name, 'package.json'), 'utf8'));

/** A version and the next minor version. */
const nextMinor = (version: string) =>
  version.replace(/^(\d+)\.(\d+)\..*/, (_, major, minor) => `${major}.${Number(minor) + 1}.0`);

describe('the next release, tried in a copy', () => {
  let copy: string;

  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'bclaw-release-'));
    for (const path of ['package.json', 'package-lock.json', '.changeset'])
      cpSync(join(root, path), join(copy, path), { recursive: true });
    for (const name of names) {
      mkdirSync(join(copy, 'packages', name), { recursive: true });
      cpSync(join(root, 'packages', name, 'package.json'), join(copy, 'packages', name, 'package.json'));
    }
    // An extra change, so that a release is also possible right after a release.
    const all = names.map((name) => `"@bclaw/${name}": minor\n`).join('');
    writeFileSync(join(copy, '.changeset/one-more.md'), `---\n${all}---\n\nOne thing more.\n`);
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
    const git = (...words: string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...words], { cwd: copy });
    git('init', '--quiet', '--initial-branch', 'main');
    git('add', 'package.json', 'packages', '.changeset');
    git('commit', '--quiet', '--message', 'All');
    execFileSync(join(root, 'node_modules/.bin/changeset'), ['version'], { cwd: copy, stdio: 'pipe' });
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it('gives all packages one version, the next minor one', () => {
    const [first = ''] = names;
    const next = nextMinor(packageOf(root, first).version);
    expect(names.map((name) => packageOf(copy, name).version)).toEqual(names.map(() => next));
    for (const name of names)
      for (const [dependency, version] of Object.entries(packageOf(copy, name).dependencies ?? {}))
        if (dependency.startsWith('@bclaw/')) expect(version, `${name} → ${dependency}`).toBe(next);
  });

  it('writes a change log for every package, and leaves no changeset', () => {
    const without = names.filter((name) => !existsSync(join(copy, 'packages', name, 'CHANGELOG.md')));
    expect(without).toEqual([]);
    expect(readFileSync(join(copy, 'packages/cli/CHANGELOG.md'), 'utf8')).toMatch(
      /^# @bclaw\/cli\n\n## [\d.]+\n+### Minor Changes\n\n.*One thing more\./s,
    );
    expect(readdirSync(join(copy, '.changeset')).filter((name) => name.endsWith('.md'))).toEqual([]);
  });
});

describe('what npm packs', () => {
  it.each(names)('of %s says where its sources are, and is built first', (name) => {
    const { repository, scripts } = packageOf(root, name);
    expect(repository).toEqual({
      type: 'git',
      url: expect.stringMatching(/^git\+https:.*\.git$/),
      directory: `packages/${name}`,
    });
    expect(scripts.prepack).toBe('node ../../tools/prepack.mjs');
  });
});
