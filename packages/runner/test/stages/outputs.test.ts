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

  it('warns when commands that ended well did not write an output', async () => {
    const { exitCode, own } = await world.run({ step: { outputs: { gone: { file: 'gone.txt' } } } });
    expect(exitCode).toBe(0);
    expect(own).toContainEqual(
      expect.objectContaining({ level: 'warning', message: expect.stringContaining('"gone"') }),
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
    expect(exitCode).toBe(199);
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
    expect(exitCode).toBe(0);
    expect(own).toContainEqual(
      expect.objectContaining({
        level: 'warning',
        message: 'The output "all" (results) is a folder; only files are uploaded.',
        remedy: expect.stringContaining('results/*'),
      }),
    );
  });

  it.runIf(process.platform === 'linux')('says that the name of an output is no text', async () => {
    const { exitCode, own } = await world.run({
      step: { commands: ['touch "$(printf \'a\\377b\')"'], outputs: { all: { file: '*' } } },
    });
    expect(exitCode).toBe(199);
    expect(own.at(-1)).toMatchObject({ code: 'bad-output', message: expect.stringContaining('not text in UTF-8') });
  });

  it('finds no outputs when the commands have removed their folder', async () => {
    const { exitCode, own } = await world.run({
      step: { commands: ['rm -rf "$BC_WORKSPACE"'], outputs: { all: { file: '*' }, one: { file: 'one' } } },
    });
    expect(exitCode).toBe(0);
    expect(own.filter(({ level }) => level !== 'info')).toEqual(
      ['all', 'one'].map((name) =>
        expect.objectContaining({ level: 'warning', message: expect.stringContaining(`"${name}"`) }),
      ),
    );
    expect(await world.leftovers()).toEqual([]);
  });
});
