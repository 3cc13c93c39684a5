import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobWorld } from '../job-world.js';

/** Commands that leave a socket of this name behind. */
function socket(name: string): string {
  return `${process.execPath} -e "require('net').createServer().listen('${name}', () => process.kill(process.pid, 'SIGKILL'))" || true`;
}

describe('the outputs of a step', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
  });
  afterAll(() => world.close());

  it.each([
    ['a file', 'gone.txt', 'did not write the output "gone": there is no gone.txt'],
    ['a glob', '*.gone', 'did not write the output "gone": nothing matches *.gone'],
    ['a glob that only a folder matches', '*.folder', '"gone" (*.folder) matches only a folder, a.folder'],
  ])('fails when commands that ended well did not write %s', async (_kind, file, words) => {
    const step = {
      skip: 'rerun',
      commands: ['mkdir a.folder', 'touch a.folder/x there.txt'],
      outputs: { gone: { file }, there: { file: 'there.txt' } },
    } as const;
    const repo = `s3://data/missing-${file.length}`;
    const jobData = 's3://data/repo/_JOB_DATA_';
    // The file of an earlier run.
    await world.put(`missing-${file.length}/gone.txt`, 'old');
    const { exitCode, own } = await world.run({ repo, jobData, step });
    expect(exitCode).toBe(197);
    expect(own.at(-1)).toMatchObject({
      level: 'error',
      code: 'missing-output',
      message: expect.stringContaining(words),
      hint: expect.any(String),
    });
    // The existing output is kept, and the step is not complete.
    expect(await world.text(`missing-${file.length}/there.txt`)).toBe('');
    expect((await world.run({ repo, jobData, step })).user).not.toEqual([]);
  });

  it('goes on without an optional output, unless the file of an earlier run is in its place', async () => {
    const step = { skip: 'rerun', outputs: { 'maybe?': { file: 'maybe.txt' }, 'all?': { file: '*.all' } } } as const;
    const repo = 's3://data/optional';
    const jobData = 's3://data/repo/_JOB_DATA_';
    const commands = ['echo ${maybe} > /dev/null', 'echo > maybe.txt'];
    expect((await world.run({ repo, jobData, step })).exitCode).toBe(0);
    expect((await world.run({ repo, jobData, step: { ...step, skip: 'never', commands } })).exitCode).toBe(0);
    const { exitCode, own } = await world.run({ repo, jobData, step: { ...step, skip: 'never' } });
    expect(exitCode).toBe(197);
    expect(own.at(-1)).toMatchObject({
      code: 'earlier-output',
      message: expect.stringContaining('optional/maybe.txt'),
    });
  });

  it('only warns where the workflow has it so', async () => {
    const { exitCode, own } = await world.run({
      step: { missing_outputs: 'warn', outputs: { gone: { file: 'gone.txt' } } },
    });
    expect(exitCode).toBe(0);
    expect(own).toContainEqual(
      expect.objectContaining({ level: 'warning', code: 'missing-output', message: expect.stringContaining('"gone"') }),
    );
  });

  it.each([
    ['a named pipe', 'mkfifo out', 'out'],
    ['a named pipe', 'mkfifo out', 'o?t'],
    ['a named pipe', 'mkfifo pipe; ln -s pipe out', 'out'],
    ['a device', 'ln -s /dev/null out', 'out'],
    ['a socket', socket('out'), 'out'],
  ])('says that an output is %s (%s as %s)', async (kind, command, file) => {
    const { exitCode, own } = await world.run({ step: { commands: [command], outputs: { o: { file } } } });
    expect(exitCode).toBe(197);
    expect(own.at(-1)).toMatchObject({
      code: 'bad-output',
      message: `The output out is ${kind}; only files are uploaded.`,
    });
  });

  it('uploads the files beside a named pipe that the commands needed for themselves', async () => {
    const { exitCode, own } = await world.run({
      step: { commands: ['mkfifo beside.pipe; echo > beside.txt'], outputs: { all: { file: 'beside.*' } } },
    });
    expect(exitCode).toBe(0);
    expect(own).toContainEqual(expect.objectContaining({ message: 'Uploaded the outputs.', objects: 1 }));
  });

  it('follows links to folders, but not round in circles and not out of the workspace', async () => {
    const repo = 's3://data/linked';
    const { exitCode, own } = await world.run({
      repo,
      jobData: 's3://data/repo/_JOB_DATA_',
      step: {
        commands: [
          'mkdir real tree tree/d && echo 1 > real/a.txt && echo 2 > real/b.txt && ln -s real linked',
          'echo 6 > tree/d/t.md && ln -s d tree/latest && ln -s .. tree/d/up && ln -s /etc etc',
        ],
        outputs: {
          viaglob: { file: 'linked/*.txt' },
          latest: { file: 'tree/latest/*.md' },
          all: { file: '**/t.md', dest: 's3://data/linked/all/' },
          'none?': { file: 'etc/passw*' },
        },
      },
    });
    expect({ exitCode, last: own.at(-1) }).toMatchObject({ exitCode: 0 });
    for (const [key, text] of [
      ['a.txt', '1'],
      ['b.txt', '2'],
      ['t.md', '6'],
      ['all/t.md', '6'],
    ])
      expect(await world.text(`linked/${key}`)).toBe(`${text}\n`);
    await expect(world.text('linked/passwd')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it.each([
    ['a sign', { kind: '2.8.1+mc(0.10.0)' }, 'the tag "kind" with the value "2.8.1+mc(0.10.0)", and S3 takes no "("'],
    ['a length', { kind: 'x'.repeat(257) }, 'which has 257 characters where S3 takes 256'],
    ['a number of them', Object.fromEntries(Array.from({ length: 11 }, (_none, n) => [`t${n}`, ''])), '11 tags'],
  ])('are not begun when S3 would refuse their tags: %s', async (_kind, tags, words) => {
    const { exitCode, own, user } = await world.run({
      step: { commands: ['echo ran'], outputs: { o: { file: 'o', s3_tags: tags } } },
    });
    expect({ exitCode, user }).toEqual({ exitCode: 197, user: [] });
    expect(own.at(-1)).toMatchObject({ code: 'bad-tag', message: expect.stringContaining(words) });
  });

  it('finds files at any depth with **, and gives them their base names', async () => {
    const { exitCode } = await world.run({
      repo: 's3://data/deep',
      jobData: 's3://data/repo/_JOB_DATA_',
      step: { commands: ['mkdir -p a/b', 'touch 0.txt a/1.txt a/b/2.txt'], outputs: { all: { file: '**' } } },
    });
    expect(exitCode).toBe(0);
    for (const name of ['0.txt', '1.txt', '2.txt']) expect(await world.text(`deep/${name}`)).toBe('');
  });

  it('follows links, out of the workspace too, where commands and runner see the same files', async () => {
    const outside = join(world.directory, 'outside.txt');
    await writeFile(outside, 'outside');
    const { exitCode } = await world.run({
      step: { commands: [`ln -s ${outside} a.link`, 'ln -s nothing b.link'], outputs: { all: { file: '*.link' } } },
    });
    expect(exitCode).toBe(0);
    expect(await world.text('repo/a.link')).toBe('outside');
    await expect(world.text('repo/b.link')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('says that an output is a folder, and what to write instead', async () => {
    const { exitCode, own } = await world.run({
      step: { commands: ['mkdir results', 'touch results/a'], outputs: { all: { file: 'results' } } },
    });
    expect(exitCode).toBe(197);
    expect(own.at(-1)).toMatchObject({
      code: 'missing-output',
      message: 'The output "all" (results) is a folder, results; only files are uploaded.',
      hint: expect.stringContaining('results/*'),
    });
  });

  it.runIf(process.platform === 'linux')('says that the name of an output is no text', async () => {
    const { exitCode, own } = await world.run({
      step: { commands: ['touch "$(printf \'a\\377b\')"'], outputs: { all: { file: '*' } } },
    });
    expect(exitCode).toBe(197);
    expect(own.at(-1)).toMatchObject({ code: 'bad-output', message: expect.stringContaining('not text in UTF-8') });
  });

  it('finds no outputs when the commands have removed their folder', async () => {
    const { exitCode, own } = await world.run({
      step: { commands: ['rm -rf "$BC_WORKSPACE"'], outputs: { all: { file: '*' }, one: { file: 'one' } } },
    });
    expect(exitCode).toBe(197);
    for (const name of ['all', 'one']) expect(own.at(-1)?.['message']).toContain(`did not write the output "${name}"`);
    expect(await world.leftovers()).toEqual([]);
  });
});
