import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openFolders } from '../../src/machine/index.js';
import { type JobSettings, JobWorld } from '../job-world.js';
import { outcomeOf, startProgram } from '../program.js';

/** Root can do anything; these tests are about all other users. */
const isRoot = process.getuid?.() === 0;
const user = isRoot ? { uid: 65534, gid: 65534 } : {};

describe('the workspace of a user who is not root', () => {
  let world: JobWorld;
  let scratch = '';
  beforeAll(async () => {
    world = await JobWorld.start();
    await world.put('ref/g.fa', 'G');
    await world.put('repo/in.txt', 'in');
  });
  afterAll(() => world.close());
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), 'bclaw-user-'));
    if (user.uid !== undefined) chownSync(scratch, user.uid, user.gid);
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  const run = (settings: JobSettings, umask?: number) =>
    outcomeOf(
      startProgram(world, settings, { BC_SCRATCH_PATH: scratch }, umask === undefined ? user : { ...user, umask }),
    );

  it.each([
    ['a read-only folder', 'mkdir -p mod/x; echo 1 > mod/x/f; chmod -R a-w mod'],
    ['a folder without any permission', 'mkdir -p mod/x; echo 1 > mod/x/f; chmod 000 mod/x mod'],
    ['a read-only link to a folder', 'mkdir mod; ln -s mod link; ln -s / root; chmod 555 mod'],
    ['a workspace that is read-only itself', 'mkdir mod; chmod 555 mod . ..'],
  ])('is removed with %s in it', async (_, command) => {
    const { exitCode, own } = await run({ step: { commands: [command] } });
    expect(exitCode).toBe(0);
    expect(own.filter(({ level }) => level !== 'info')).toEqual([]);
    expect(readdirSync(join(scratch, 'jobs'))).toEqual([]);
  });

  it.each([
    ['a folder without permission', 'mkdir d; echo > d/f; chmod 000 d', 'd/f', /d\/f .*permission/],
    ['a folder without permission, by a glob', 'mkdir d; echo > d/f; chmod 000 d', 'd/*', /permission denied.*\/d'/],
    ['a file without permission', 'echo > f; chmod 000 f', 'f', /f .*permission/],
    ['a file without permission, by a glob', 'echo > f.txt; chmod 000 f.txt', '*.txt', /f\.txt .*permission/],
    ['a link into a folder without permission', 'mkdir d; echo > d/f; ln -s d/f l; chmod 000 d', 'l', /l .*permission/],
    ['a workspace without permission', 'echo > f; chmod 000 ..', 'f', /f .*permission/],
  ])('gives an error for an output in %s', async (_, command, file, words) => {
    const { exitCode, own } = await run({ step: { commands: [command], outputs: { o: { file } } } });
    expect(exitCode).toBe(197);
    expect(own.at(-1)).toMatchObject({ code: 'bad-output', message: expect.stringMatching(words) });
    expect(readdirSync(join(scratch, 'jobs'))).toEqual([]);
  });

  it('has the same modes whatever the umask of the runner is', async () => {
    const step = {
      inputs: { in: 'in.txt' },
      references: { ref: 's3://data/ref/g.fa' },
      commands: ['stat -c "%n %a" . .. ../commands.sh ../job_data.json ${in} ${ref}'],
    };
    const modes = async (umask: number) => (await run({ step }, umask)).user.filter((line) => / \d+$/.test(line));
    expect(await modes(0o077)).toEqual([
      '. 777',
      '.. 755',
      '../commands.sh 755',
      '../job_data.json 644',
      'in.txt 644',
      'g.fa 444',
    ]);
  });
});

describe('openFolders', () => {
  it('opens all folders below, and touches neither files nor what links lead to', () => {
    const root = mkdtempSync(join(tmpdir(), 'bclaw-open-'));
    mkdirSync(join(root, 'tree/a/b'), { recursive: true });
    mkdirSync(join(root, 'outside'));
    writeFileSync(join(root, 'tree/a/file'), '', { mode: 0o400 });
    for (const folder of ['tree/a/b', 'tree/a', 'tree', 'outside']) chmodSync(join(root, folder), 0o500);
    openFolders(join(root, 'tree'));
    const mode = (path: string) => statSync(join(root, path)).mode & 0o777;
    expect(['tree', 'tree/a', 'tree/a/b', 'tree/a/file', 'outside'].map(mode)).toEqual([
      0o700, 0o700, 0o700, 0o400, 0o500,
    ]);
    rmSync(root, { recursive: true });
  });
});
