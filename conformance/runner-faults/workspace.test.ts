import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobWorld } from '../../packages/runner/test/job-world.js';
import { outcomeOf, startProgram } from '../../packages/runner/test/program.js';

describe('a workspace that cannot be removed', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
  });
  afterAll(() => world.close());

  it('costs neither the result of its job nor a later job', async () => {
    const outcome = await outcomeOf(
      startProgram(world, {
        step: {
          // A mounted folder cannot be removed, even by root.
          commands: ['mkdir stuck', 'mount -t tmpfs -o size=1m tmpfs stuck', 'echo done > result'],
          outputs: { result: { file: 'result' } },
        },
      }),
    );
    expect(outcome.exitCode).toBe(0);
    expect(outcome.own.at(-1)).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('stays behind'),
      hint: expect.stringContaining(world.scratchPath),
    });
    expect(await world.text('repo/result')).toBe('done\n');

    const [left = ''] = await world.leftovers();
    const folder = join(world.scratchPath, 'jobs', left);
    execFileSync('touch', ['-d', '1 hour ago', folder]);
    expect((await outcomeOf(startProgram(world, {}))).exitCode).toBe(0);
    execFileSync('umount', [join(folder, 'job/workspace/stuck')]);
    execFileSync('touch', ['-d', '1 hour ago', folder]);
    expect((await outcomeOf(startProgram(world, {}))).exitCode).toBe(0);
    expect(await world.leftovers()).toEqual([]);
  });
});
