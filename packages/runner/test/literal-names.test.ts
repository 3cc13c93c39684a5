import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { JobWorld } from './job-world.js';

describe('a value that is empty, as a cell of a sample sheet may be', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
    await world.put('run/_JOB_DATA_', JSON.stringify({ job: {}, scatter: {}, parent: {} }));
    await world.put('run/in/a.fq', 'a\n');
  });
  afterAll(() => world.close());

  const scatter = { row: { id: 's1', reads: '', mask: '' } };
  const commands = ['echo "mask [${mask}] [${bed}]"'];

  it('is a missing file to an input that is optional', async () => {
    const inputs = { 'mask?': '${scatter.row.mask}', 'bed?': 's3://data/run/in/${scatter.row.mask}' };
    const { exitCode, user } = await world.run({ repo: 's3://data/run', scatter, step: { inputs, commands } });
    expect(exitCode).toBe(0);
    expect(user).toContain('mask [] []');
  });

  it('fails an input that is required, with column and row', async () => {
    const step = { inputs: { reads: 'in/${scatter.row.reads}', mask: 'in/a.fq', bed: 'in/a.fq' }, commands };
    const { exitCode, own } = await world.run({ repo: 's3://data/run', scatter, step });
    expect(exitCode).not.toBe(0);
    const log = JSON.stringify(own);
    expect(log).toContain('names no file: `${scatter.row.reads}` is empty; this branch has');
    expect(log).toContain('s1');
  });
});

describe('values with the signs of globs', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
    await world.put('run[1]/_JOB_DATA_', JSON.stringify({ job: { sample: 'v-[PR]*?' }, scatter: {}, parent: {} }));
    // The files that the names would match if they were globs.
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

  it('are no options of programs when they begin with a hyphen', async () => {
    await Promise.all(['dash/a.txt', 'dash/-n', 'dash/-r.txt'].map((key) => world.put(key, `${key}\n`)));
    const { exitCode } = await world.run({
      repo: 's3://data/run[1]',
      step: {
        inputs: { all: 's3://data/dash/*', one: 's3://data/dash/-n' },
        references: { reference: 's3://data/dash/-r.txt' },
        commands: [
          'cat ${all} > ${out}; cat "${one}" ${reference} >> ${out}; touch ./-y1 ./-y2; ls ${globs} >> ${out}',
        ],
        outputs: { out: { file: '-out.txt' }, globs: { file: '-y*' } },
      },
    });
    expect(exitCode).toBe(0);
    const lines = (await world.text('run[1]/-out.txt')).trim().split('\n');
    expect(lines).toEqual([
      ...['dash/-n', 'dash/-r.txt', 'dash/a.txt'],
      ...['dash/-n', 'dash/-r.txt'],
      ...['./-y1', './-y2'],
    ]);
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

describe('names that a shell would take apart', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
    const job = { file: 'q/price $5 "a" `b`.txt', foreign: "it's $(touch x) *", options: '-n 1', list: ['a b'] };
    await world.put('repo/_JOB_DATA_', JSON.stringify({ job, scatter: {}, parent: {} }));
    await Promise.all([
      ...['a', 'b', 'a b', '$(touch x)a.txt', "it's", '-n'].map((name) => world.put(`repo/in/${name}`, `<${name}>\n`)),
      world.put(`repo/${job.file}`, 'content\n'),
    ]);
  });
  afterAll(() => world.close());

  it('are files, each once', async () => {
    const { exitCode, user } = await world.run({
      step: {
        inputs: { all: 'in/*' },
        commands: ['cat -- ${all} > ${out}', 'ls'],
        outputs: { out: { file: 'o u t' } },
      },
    });
    expect(exitCode).toBe(0);
    const lines = (await world.text('repo/o u t')).trimEnd().split('\n');
    expect(lines.sort()).toEqual(['<$(touch x)a.txt>', '<-n>', '<a b>', '<a>', '<b>', "<it's>"]);
    expect(user).not.toContain('x');
  });

  it('are the same in any quotes', async () => {
    const { exitCode, user } = await world.run({
      step: {
        shell: 'bash',
        inputs: { f: '${job.file}' },
        commands: ['cat "${f}"', "cat '${f}'", 'for f in ${f}; do cat "$f"; done', 'cat <<EOF\n$(cat ${f})\nEOF'],
      },
    });
    expect(exitCode).toBe(0);
    expect(user.filter((line) => line === 'content')).toHaveLength(4);
  });

  it('stop the job before its commands where no quoting helps', async () => {
    const { exitCode, own, user } = await world.run({
      step: { inputs: { f: '${job.file}' }, commands: ['echo ran', 'echo $((1 + ${f}))'] },
    });
    expect({ exitCode, user }).toEqual({ exitCode: 197, user: [] });
    expect(own.at(-1)).toMatchObject({
      code: 'unquotable-value',
      message: expect.stringContaining('${f} stands in arithmetic (line 2 of the commands)'),
    });
  });

  it('are values, too, when the template has them quoted', async () => {
    const commands = ['printf "<%s>\\n" ${job.foreign!q} "${job.foreign!q}" ${job.list!q}', 'head ${job.options!v} a'];
    const step = { inputs: { a: 'in/a' }, commands } as const;
    const { exitCode, user } = await world.run({ step });
    expect(exitCode).toBe(0);
    expect(user).toEqual(expect.arrayContaining(["<it's $(touch x) *>", '<["a b"]>', '<a>']));
    const all = {
      ...step,
      commands: ['echo ${job.foreign}', 'head ${job.options!v} a'],
      job_values: 'quoted',
    } as const;
    expect((await world.run({ step: all })).user).toEqual(expect.arrayContaining(["it's $(touch x) *", '<a>']));
  });

  it("give way to a step's own outputs and references when the step before names them", async () => {
    await world.put('ref/a', 'reference\n');
    const { exitCode, user } = await world.run({
      inputs: { o: 'in/a', r: 'in/b', g: 'in/a' },
      step: {
        references: { r: 's3://data/ref/a' },
        outputs: { o: { file: 'b.txt' } },
        commands: ['cat ${r} > ${o}', 'cat b.txt b'],
      },
    });
    expect(exitCode).toBe(0);
    expect(user).toEqual(expect.arrayContaining(['reference', '<b>']));
    expect(await world.text('repo/b.txt')).toBe('reference\n');
  });
});
