import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobWorld } from './job-world.js';

describe('values with the signs of globs', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
    await world.put('run[1]/_JOB_DATA_', JSON.stringify({ job: { sample: 'v-[PR]*?' }, scatter: {}, parent: {} }));
    // What the names would match if they were globs.
    await Promise.all(
      ['in/v-[1].json', 'in/v-1.json', 'run1/a.fq', 'run[1]/a.fq'].map((key) => world.put(key, `${key}\n`)),
    );
  });
  afterAll(() => world.close());

  it('name one output, with or without a glob of the template behind them', async () => {
    const { exitCode } = await world.run({
      repo: 's3://data/run[1]',
      step: {
        commands: ["echo 1 > '${job.sample}.gz'; touch v-P.gz 'v-[PR]ab.gz'; mkdir d; echo 2 > 'd/${job.sample}.txt'"],
        outputs: { one: { file: '${job.sample}.gz' }, many: { file: '*/${job.sample}.t?t' } },
      },
    });
    expect(exitCode).toBe(0);
    expect(await world.text('run[1]/v-[PR]*?.gz')).toBe('1\n');
    expect(await world.text('run[1]/v-[PR]*?.txt')).toBe('2\n');
    await expect(world.text('run[1]/v-P.gz')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it('name one input: of the job, of a scatter, of a parent; and a repository is no glob', async () => {
    const { exitCode, user } = await world.run({
      repo: 's3://data/run[1]',
      scatter: { genome: 's3://data/in/v-[1].json' },
      parent: { genome: 's3://data/in/v-[[]1].json', all: 's3://data/in/*' },
      step: {
        inputs: { a: '${scatter.genome}', b: '${parent.genome}', reads: '*.fq' },
        commands: ['ls', 'cat a.fq', 'echo "parent ${parent.genome} ${parent.all}"', 'cat "$BC_JOB_DATA_FILE"'],
      },
    });
    expect(exitCode).toBe(0);
    expect(user).toEqual(expect.arrayContaining(['v-[1].json', 'run[1]/a.fq']));
    expect(user).not.toContain('v-1.json');
    expect(user).toContain('parent s3://data/in/v-[1].json s3://data/in/*');
    expect(user.at(-1)).toContain('"genome":"s3://data/in/v-[1].json","all":"s3://data/in/*"');
  });

  it("keep a glob of the scatter's own template a glob in the branches", async () => {
    const { user } = await world.run({
      repo: 's3://data/run[1]',
      parent: { all: 's3://data/in/*' },
      step: { inputs: { all: '${parent.all}' }, commands: ['ls'] },
    });
    expect(user).toEqual(expect.arrayContaining(['v-[1].json', 'v-1.json']));
  });

  it('are asked for by their own names when outputs may be there already', async () => {
    const step = { skip: 'outputs', commands: ['echo ran'], outputs: { o: { file: '${job.sample}.gz' } } } as const;
    expect((await world.run({ repo: 's3://data/run[1]', step })).user).toEqual([]);
  });
});
