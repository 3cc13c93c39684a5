import { GetObjectTaggingCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executionArn, JobWorld } from './job-world.js';

describe('runJob', () => {
  let world: JobWorld;
  beforeAll(async () => {
    world = await JobWorld.start();
  });
  afterAll(() => world.close());

  it('stages inputs, runs the commands and uploads the outputs', async () => {
    await world.put('repo/S1.txt', 'one\ntwo\n');
    const { exitCode, user } = await world.run({
      step: {
        inputs: { reads: '${job.sample}.txt' },
        commands: ['wc -l < ${reads} > ${count}', 'echo "${job.n} lines wanted"'],
        outputs: { count: { file: '${job.sample}.count' } },
      },
    });
    expect(exitCode).toBe(0);
    expect((await world.text('repo/S1.count')).trim()).toBe('2');
    expect(user).toContain('3 lines wanted');
    expect(user[0]).toBe('wc -l < S1.txt > S1.count');
    expect(await world.leftovers()).toEqual([]);
  });

  it("takes the previous step's outputs when the step names no inputs", async () => {
    await world.put('repo/previous.txt', 'p');
    const { user } = await world.run({ step: { commands: ['cat ${before}'] }, inputs: { before: 'previous.txt' } });
    expect(user).toContain('p');
  });

  it("ends with the commands' own exit code, and still uploads what they wrote", async () => {
    const { exitCode, own } = await world.run({
      step: {
        commands: ['echo half > part.txt', 'exit 7'],
        outputs: { part: { file: 'part.txt' }, never: { file: 'never.txt' } },
      },
    });
    expect(exitCode).toBe(7);
    expect(await world.text('repo/part.txt')).toBe('half\n');
    expect(own.filter(({ level }) => level !== 'info')).toEqual([
      expect.objectContaining({ level: 'error', message: 'The commands failed with exit code 7.' }),
    ]);
  });

  it('expands globs of inputs and outputs, and keeps names with spaces and signs', async () => {
    await Promise.all(['a 1.fq', 'a(2).fq', 'ä3.fq', 'b.txt'].map((name) => world.put(`repo/in/${name}`, name)));
    const { exitCode } = await world.run({
      step: {
        inputs: { reads: 'in/*.fq' },
        commands: ['mkdir -p deep/er', 'for f in *.fq; do cp "$f" "deep/er/$f.copy"; done', 'ls'],
        outputs: { copies: { file: '**/*.copy', dest: 's3://data/elsewhere/', s3_tags: { kind: 'a b+c' } } },
        s3_tags: { sample: '${job.sample}' },
      },
    });
    expect(exitCode).toBe(0);
    const copies = await Promise.all(['a 1', 'a(2)', 'ä3'].map((name) => world.text(`elsewhere/${name}.fq.copy`)));
    expect(copies).toEqual(['a 1.fq', 'a(2).fq', 'ä3.fq']);
    const target = { Bucket: 'data', Key: 'elsewhere/a 1.fq.copy' };
    const { TagSet } = await world.s3.send(new GetObjectTaggingCommand(target));
    expect(Object.fromEntries((TagSet ?? []).map(({ Key, Value }) => [Key, Value]))).toEqual({
      kind: 'a b+c',
      sample: 'S1',
    });
    const { Metadata } = await world.s3.send(new HeadObjectCommand(target));
    expect(Metadata).toEqual({ execution_id: 'job_0a1b2c3d' });
  });

  it('goes on without an optional input, whose name the commands still know', async () => {
    const { exitCode, user } = await world.run({
      step: {
        inputs: { 'maybe?': 'missing.txt', 'many?': 'missing*.txt' },
        commands: ['test -e ${maybe} || echo no ${maybe}', 'echo many=[${many}]'],
      },
    });
    expect(exitCode).toBe(0);
    expect(user).toContain('no missing.txt');
    expect(user).toContain('many=[]');
  });

  it.each([
    ['a file', 'missing.txt', 'there is no s3://data/repo/missing.txt'],
    ['a glob', 'missing*.txt', 'nothing matches s3://data/repo/missing*.txt'],
  ])('says which input is missing: %s', async (_kind, file, words) => {
    const { exitCode, own, user } = await world.run({ step: { inputs: { x: file }, commands: ['echo ran'] } });
    expect(exitCode).toBe(197);
    expect(own.at(-1)).toMatchObject({
      level: 'error',
      code: 'missing-input',
      message: expect.stringContaining(words),
    });
    expect(user).toEqual([]);
    expect(await world.leftovers()).toEqual([]);
  });

  it('refuses two inputs that would become one local file', async () => {
    await Promise.all([world.put('repo/x/same.txt', '1'), world.put('repo/y/same.txt', '2')]);
    const { exitCode, own } = await world.run({ step: { inputs: { a: 'x/same.txt', b: 'y/same.txt' } } });
    expect(exitCode).toBe(197);
    expect(own.at(-1)).toMatchObject({ code: 'file-name-collision' });
  });

  it('never lets an input take the place of a reference, which all jobs of the host share', async () => {
    await Promise.all([world.put('ref/genome.fa', 'REFERENCE'), world.put('repo/in/genome.fa', 'INPUT')]);
    const references = { genome: 's3://data/ref/genome.fa' };
    const commands = ['cat ${genome}'];
    expect((await world.run({ step: { references, commands } })).user).toContain('REFERENCE');
    const { exitCode, own, user } = await world.run({ step: { references, inputs: { all: 'in/*' }, commands } });
    expect({ exitCode, user }).toEqual({ exitCode: 197, user: [] });
    expect(own.at(-1)).toMatchObject({
      code: 'file-name-collision',
      message: expect.stringMatching(/ref\/genome\.fa and .*in\/genome\.fa would both become/),
    });
    expect((await world.run({ step: { references, commands } })).user).toContain('REFERENCE');
  });

  it('takes one object under several names, as input and as reference', async () => {
    await world.put('ref/twice.fa', 'ACGT');
    const uri = 's3://data/ref/twice.fa';
    const { exitCode, user } = await world.run({
      step: { references: { a: uri, b: uri }, inputs: { c: uri, d: uri }, commands: ['cat ${a} ${b} ${c} ${d}'] },
    });
    expect(exitCode).toBe(0);
    expect(user).toContain('ACGT'.repeat(4));
  });

  it('refuses two references that would become one local file', async () => {
    await Promise.all([world.put('ref/1/index', '1'), world.put('ref/2/index', '2')]);
    const references = { a: 's3://data/ref/1/index', b: 's3://data/ref/2/index' };
    const { exitCode, own } = await world.run({ step: { references } });
    expect(exitCode).toBe(197);
    expect(own.at(-1)).toMatchObject({ code: 'file-name-collision' });
  });

  it('fails with the name of a value that the job data lacks', async () => {
    const { exitCode, own } = await world.run({ step: { commands: ['echo ${job.nothing}'] } });
    expect(exitCode).toBe(197);
    expect(own.at(-1)).toMatchObject({ code: 'missing-value', message: expect.stringContaining('${job.nothing}') });
  });

  it('tells the commands who they are', async () => {
    const { user } = await world.run({
      step: {
        commands: [
          'echo "$BC_STEP_NAME $BC_WORKFLOW_VERSION $BC_EXECUTION_ID $BC_BRANCH_IDX $AWS_ACCOUNT_ID"',
          'echo "$BC_EXECUTION_ARN"',
          'test "$PWD" = "$BC_WORKSPACE"',
          'cat "$BC_JOB_DATA_FILE"',
        ],
      },
    });
    expect(user).toContain('count 1 job_0a1b2c3d main 123456789012');
    expect(user).toContain(executionArn);
    expect(user).toContain('{"job":{"sample":"S1","n":3},"scatter":{},"parent":{}}');
  });

  it.each([
    ['00008', '9'],
    ['00010-00019', '20'],
  ])('gives the branch %s a number to count with', async (index, next) => {
    const commands = ['echo next $((BC_BRANCH_IDX + 1))'];
    expect((await world.run({ index, step: { commands } })).user).toContain(`next ${next}`);
  });

  it('tells the commands which job file the job began with', async () => {
    const file = { bucket: 'launcher', key: 'wf/a b.json', version: 'v1' };
    await world.put('launched/_JOB_DATA_', JSON.stringify({ job: {}, scatter: {}, parent: {}, job_file: file }));
    const commands = ['echo "$BC_LAUNCH_BUCKET $BC_LAUNCH_KEY $BC_LAUNCH_VERSION $BC_VERSION"'];
    const { user } = await world.run({ repo: 's3://data/launched', step: { commands } });
    expect(user).toContain('launcher wf/a b.json v1 0.0.0');
  });

  it('reads the job data that all branches share, and lays the values of the branch over it', async () => {
    const { exitCode, user } = await world.run({
      repo: 's3://data/repo/split/00001/inner/00007',
      index: '00001-00007',
      jobData: 's3://data/repo/_JOB_DATA_',
      scatter: { chunk: 'c7' },
      parent: { genome: 's3://data/g.fa' },
      step: {
        commands: ['echo ${job.sample} ${scatter.chunk} ${parent.genome} > branch.txt'],
        outputs: { o: { file: 'branch.txt' } },
      },
    });
    expect(exitCode).toBe(0);
    expect(user.length).toBeGreaterThan(0);
    expect(await world.text('repo/split/00001/inner/00007/branch.txt')).toBe('S1 c7 s3://data/g.fa\n');
  });

  it('skips a step that ran to its end before', async () => {
    const step = { skip: 'rerun', commands: ['echo ran'] } as const;
    const repo = 's3://data/again';
    await world.put('again/_JOB_DATA_', '{"job":{},"scatter":{},"parent":{}}');
    expect((await world.run({ repo, step: { ...step, commands: ['exit 1'] } })).exitCode).toBe(1);
    expect((await world.run({ repo, step })).user).toContain('ran');
    const third = await world.run({ repo, step });
    expect(third).toMatchObject({ exitCode: 0, user: [] });
    expect(third.own.at(-1)).toMatchObject({ message: 'Skipped: it ran to its end before.' });
  });

  it('runs a step again whose image, commands, inputs, references or outputs changed, and says which', async () => {
    const repo = 's3://data/changed';
    await world.put('changed/_JOB_DATA_', '{"job":{"n":1},"scatter":{},"parent":{}}');
    await Promise.all([world.put('changed/a.fq', '1'), world.put('changed/b.txt', '1'), world.put('ref/r.fa', '1')]);
    const step = {
      skip: 'rerun',
      inputs: { in: '*.fq' },
      references: { r: 's3://data/ref/r.fa' },
      commands: ['echo ran ${job.n} > ${o}'],
      outputs: { o: { file: 'o.txt' } },
    } as const;
    const first = async (changed: object) => {
      const { own, exitCode } = await world.run({ repo, step: { ...step, ...changed } });
      expect(exitCode).toBe(0);
      return own.at(0)?.['message'];
    };
    const skipped = 'Skipped: it ran to its end before.';
    await first({});
    expect(await first({})).toBe(skipped);
    expect(await first({ commands: ['echo second > ${o}'] })).toBe('Not skipped: it ran before with other commands.');
    expect(await world.text('changed/o.txt')).toBe('second\n');
    expect(await first({ image: 'other' })).toBe('Not skipped: it ran before with other image, commands.');
    expect(await first({ image: 'other', shell: 'bash' })).toBe('Not skipped: it ran before with other shell.');
    const bash = { image: 'other', shell: 'bash' };
    await world.put('changed/a.fq', '2');
    expect(await first(bash)).toBe('Not skipped: it ran before with other inputs.');
    await world.put('ref/r.fa', '2');
    expect(await first(bash)).toBe('Not skipped: it ran before with other references.');
    expect(await first({ ...bash, outputs: { o: { file: 'p.txt' } } })).toBe(
      'Not skipped: it ran before with other commands, outputs.',
    );
    await world.put('changed/_JOB_DATA_', '{"job":{"n":2},"scatter":{},"parent":{}}');
    await first(bash);
    expect(await first(bash)).toBe(skipped);
    await world.put('changed/_control_/count.complete', `${executionArn}\n`);
    expect(await first(bash)).toBe('Not skipped: it ran before, but what it ran was not taken down.');
  });

  it('skips a step whose outputs all exist, but never one with a glob', async () => {
    await world.put('repo/have.txt', 'x');
    const step = { skip: 'outputs', commands: ['echo ran'] } as const;
    const user = async (file: string) => (await world.run({ step: { ...step, outputs: { o: { file } } } })).user;
    expect(await user('have.txt')).toEqual([]);
    expect(await user('have*.txt')).toContain('ran');
    expect(await user('have-not.txt')).toContain('ran');
  });

  it('takes names with spaces and letters of any script, all the way from S3 to S3', async () => {
    const name = "séquence №1 (ß) 'x' & 配列 🧬.fa";
    await world.put(`repo/${name}`, 'ACGT');
    const { exitCode } = await world.run({
      step: {
        inputs: { in: name },
        commands: ['for f in *; do cp "$f" "copy of $f"; mkdir -p "ein Ordner"; cp "$f" "ein Ordner/tief $f"; done'],
        outputs: {
          one: { file: `copy of ${name}` },
          many: { file: '**/tief*🧬.fa', s3_tags: { 'ein Schlüssel': 'ä+b=c' } },
        },
      },
    });
    expect(exitCode).toBe(0);
    expect(await world.text(`repo/copy of ${name}`)).toBe('ACGT');
    expect(await world.text(`repo/tief ${name}`)).toBe('ACGT');
    const tagging = await world.s3.send(new GetObjectTaggingCommand({ Bucket: 'data', Key: `repo/tief ${name}` }));
    expect(tagging.TagSet).toEqual([{ Key: 'ein Schlüssel', Value: 'ä+b=c' }]);
  });

  it('refuses an input whose name no file can have', async () => {
    await world.put('repo/x/..', 'up');
    const { exitCode, own } = await world.run({ step: { inputs: { all: 'x/*' } } });
    expect(exitCode).toBe(197);
    expect(own.at(-1)).toMatchObject({ code: 'bad-location' });
  });
});
