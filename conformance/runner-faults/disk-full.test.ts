import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { JobWorld, type StepSettings } from '../../packages/runner/test/job-world.js';
import { outcomeOf, startProgram } from '../../packages/runner/test/program.js';

const mebibyte = 2 ** 20;

describe('a job whose scratch disk is too small', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
    mkdirSync(world.scratchPath);
    // A real file system that is really full. Mounting requires root, which the conformance suite has.
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=20m', 'tmpfs', world.scratchPath]);
    await world.put('repo/small', Buffer.alloc(mebibyte, 1));
    await world.put('repo/large', Buffer.alloc(30 * mebibyte, 1));
    await world.put('repo/ranged', Buffer.alloc(40 * mebibyte, 1));
  });
  afterEach(async () => {
    expect(await world.leftovers()).toEqual([]);
  });
  afterAll(async () => {
    execFileSync('umount', [world.scratchPath]);
    await world.close();
  });

  const run = (step: StepSettings) => outcomeOf(startProgram(world, { step }));

  it.each(['large', 'ranged'])('says which input did not fit: %s', async (name) => {
    const { exitCode, own, user, err } = await run({ inputs: { in: name }, commands: ['echo ran'] });
    expect({ exitCode, user, err }).toEqual({ exitCode: 199, user: [], err: '' });
    expect(own.at(-1)).toMatchObject({
      code: 'disk-full',
      message: `There is no space left on the scratch disk: for s3://data/repo/${name}.`,
      hint: expect.stringContaining('larger volume'),
    });
  });

  it('says which reference did not fit, and leaves no piece of it in the cache', async () => {
    const { exitCode, own } = await run({ references: { genome: 's3://data/repo/large' } });
    expect(exitCode).toBe(199);
    expect(own.at(-1)).toMatchObject({ code: 'disk-full', message: expect.stringContaining('repo/large') });
    expect(readdirSync(join(world.scratchPath, 'references'))).toEqual([]);
  });

  it('makes room for a reference by those that no job uses', async () => {
    for (const name of ['a', 'b', 'c']) {
      await world.put(`ref/${name}`, Buffer.alloc(6 * mebibyte, name));
      expect((await run({ references: { genome: `s3://data/ref/${name}` } })).exitCode).toBe(0);
    }
    // 20 MiB hold three of 6 MiB: two in the cache and the copy that the job has for itself.
    expect(readdirSync(join(world.scratchPath, 'references'))).toHaveLength(2);
  });

  it('ends with the exit code of the command that could not write, and uploads what was written before', async () => {
    const { exitCode, own } = await run({
      commands: ['echo whole > early', 'head -c 30000000 /dev/zero > late'],
      outputs: { early: { file: 'early' } },
    });
    expect(exitCode).toBe(1);
    expect(own).toContainEqual(expect.objectContaining({ message: 'The commands failed with exit code 1.' }));
    expect(await world.text('repo/early')).toBe('whole\n');
  });

  it('says so when there is not even room for the job data', async () => {
    const filler = join(world.scratchPath, 'filler');
    try {
      writeFileSync(filler, Buffer.alloc(25 * mebibyte));
    } catch {
      // The volume is full because the test filled it.
    }
    const { exitCode, own } = await run({});
    execFileSync('rm', [filler]);
    expect(exitCode).toBe(199);
    expect(own.at(-1)).toMatchObject({ code: 'disk-full', hint: expect.stringContaining('larger volume') });
  });
});
