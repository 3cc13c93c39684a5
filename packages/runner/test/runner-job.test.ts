import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3ObjectStore, parseArguments } from '../src/index.js';
import { readRunnerJob } from '../src/runner-job.js';
import { type JobSettings, JobWorld, jobArguments } from './job-world.js';

describe('what a job reads before it begins', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
  });
  afterAll(() => world.close());

  /** The command line of a job; some of its parameters only point to their values. */
  function argumentsOf(settings: JobSettings, carried: Readonly<Record<string, string>>): readonly string[] {
    const line = [...jobArguments(settings)];
    for (const [name, uri] of Object.entries(carried)) line[line.indexOf(`--${name}`) + 1] = JSON.stringify(uri);
    return line;
  }
  const read = (settings: JobSettings, carried: Readonly<Record<string, string>> = {}) =>
    readRunnerJob(createS3ObjectStore(world.s3), parseArguments(argumentsOf(settings, carried)));

  it('lays the values of the branch and its parent over the job data', async () => {
    await world.put('over/_JOB_DATA_', '{"job":{"a":1},"scatter":{"x":"old","y":"kept"},"parent":{}}');
    const { data } = await read({ repo: 's3://data/over', scatter: { x: 'new' }, parent: { p: 's3://b/p' } });
    expect(data).toEqual({ job: { a: 1 }, scatter: { x: 'new', y: 'kept' }, parent: { p: 's3://b/p' } });
  });

  it('reads a step that was too large for its job definition from where the compiler put it', async () => {
    const line = jobArguments({ step: { commands: ['x'.repeat(30_000)] } });
    await world.put('__definitions__/step', line[line.indexOf('--step') + 1] ?? '');
    const { step } = await read({}, { step: 's3://data/__definitions__/step' });
    expect(step.commands).toEqual(['x'.repeat(30_000)]);
  });

  it("reads a branch's values and its parent's from where the scatter function put them", async () => {
    await world.put('repo/split/_control_/values/00000.json', JSON.stringify({ chunk: 'ä'.repeat(20_000) }));
    await world.put('repo/split/_control_/parent.json', JSON.stringify({ genome: 's3://data/g.fa' }));
    const { data } = await read(
      {},
      {
        scatter: 's3://data/repo/split/_control_/values/00000.json',
        parent: 's3://data/repo/split/_control_/parent.json',
      },
    );
    expect(data.scatter).toEqual({ chunk: 'ä'.repeat(20_000) });
    expect(data.parent).toEqual({ genome: 's3://data/g.fa' });
  });

  it('keeps every digit of an identifier that is a number', async () => {
    const text = '{"job":{"id":12345678901234567890},"scatter":{},"parent":{}}';
    await world.put('digits/_JOB_DATA_', text);
    const { user } = await world.run({
      repo: 's3://data/digits',
      step: { commands: ['echo ${job.id}', 'cat "$BC_JOB_DATA_FILE"'] },
    });
    expect(user).toEqual(expect.arrayContaining(['12345678901234567890', text]));
  });

  it('reads job data of 5 MB', async () => {
    const many = Array.from({ length: 50_000 }, (_, index) => `${index}`.padEnd(98, '.'));
    await world.put('wide/_JOB_DATA_', JSON.stringify({ job: { many }, scatter: {}, parent: {} }));
    const { exitCode, user } = await world.run({
      repo: 's3://data/wide',
      step: { commands: ['wc -c < "$BC_JOB_DATA_FILE"', 'echo ${job.many[49999]}'] },
    });
    expect(exitCode).toBe(0);
    expect(Number(user.find((line) => /^\d+$/.test(line)))).toBeGreaterThan(5_000_000);
    expect(user.at(-1)).toBe('49999'.padEnd(98, '.'));
  });

  it.each(['step', 'scatter', 'parent'])('says that the object that %s was put into is gone', async (name) => {
    await expect(read({}, { [name]: 's3://data/gone.json' })).rejects.toMatchObject({
      code: 'missing-object',
      message: 'There is no s3://data/gone.json, which a part of this job was put into.',
      hint: expect.stringContaining('again'),
    });
  });

  it.each(['step', 'scatter', 'parent'])(
    'says that the object that %s was put into is no JSON object',
    async (name) => {
      await world.put('bad.json', '["a list"]');
      await expect(read({}, { [name]: 's3://data/bad.json' })).rejects.toMatchObject({
        code: 'bad-payload',
        message: expect.stringContaining('s3://data/bad.json'),
      });
    },
  );

  it('says that the job data is gone', async () => {
    await expect(read({ repo: 's3://data/emptied' })).rejects.toMatchObject({
      code: 'no-job-data',
      message: expect.stringContaining('s3://data/emptied/_JOB_DATA_'),
    });
  });
});
