import {
  CopyObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  PutObjectCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { StatePayload, SubpipeRetrieveRequest } from '@bclaw/spec/run-time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CopyLimits, createSubpipeRetrieve } from '../../src/index.js';
import { refusal, World } from '../world.js';

const source = { bucket: 'results', prefix: 'job/Sub', uri: 's3://results/job/Sub' };
const MiB = 1024 * 1024;

describe('a subpipe’s retrieval', () => {
  let world: World;
  let payload: StatePayload;

  beforeAll(async () => {
    world = await World.create();
    payload = await world.payload('job', { id: 's1' });
    for (const name of ['a.txt', 'b.txt', 'calls s1+ü.vcf', 'deep/c.txt', '_JOB_DATA_', '_control_/d.txt'])
      await world.put(`job/Sub/${name}`, name);
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.entries = [];
  });

  const retrieve = (
    files: SubpipeRetrieveRequest['retrieve'],
    { copyLimits, ...own }: { copyLimits?: CopyLimits } & Partial<SubpipeRetrieveRequest> = {},
  ) =>
    createSubpipeRetrieve({
      s3: world.s3,
      ...world.dependencies,
      ...(copyLimits === undefined ? {} : { copyLimits }),
    })({ step: 'Sub', source, retrieve: files, payload, ...own });

  it('copies files, under their names or others', async () => {
    await retrieve([
      { from: 'a.txt', to: 'a.txt' },
      { from: 'calls ${job.id}+ü.vcf', to: 'out/${job.id} x.vcf' },
      { from: 'deep/c.txt', to: 'folder/' },
      { from: 'b.txt', to: 's3://results/elsewhere/b.txt' },
    ]);
    expect(await world.readText('results', 'job/a.txt')).toBe('a.txt');
    expect(await world.readText('results', 'job/out/s1 x.vcf')).toBe('calls s1+ü.vcf');
    expect(await world.readText('results', 'job/folder/c.txt')).toBe('deep/c.txt');
    expect(await world.readText('results', 'elsewhere/b.txt')).toBe('b.txt');
    expect(world.entries).toMatchObject([{ level: 'info', function: 'subpipeRetrieve', step: 'Sub', count: 4 }]);
  });

  it('copies what a glob matches, into its place or into a folder, but nothing of bclaw’s own', async () => {
    await retrieve([
      { from: '*.txt', to: '*.txt' },
      { from: '**', to: 'flat/' },
    ]);
    expect(await world.readText('results', 'job/b.txt')).toBe('b.txt');
    expect(await world.keys('results', 'job/flat/')).toEqual(
      ['a.txt', 'b.txt', 'c.txt', 'calls s1+ü.vcf'].map((name) => `job/flat/${name}`),
    );
  });

  it('takes the characters of globs in job data and in its own names as they are', async () => {
    const odd = { bucket: 'results', prefix: 'job/Odd [x]', uri: 's3://results/job/Odd [x]' };
    const payload = await world.payload('job', { v: 'v-[PR]', star: '*' });
    for (const name of ['v-[PR].txt', 'v-P.txt', '*.csv', 'x.csv']) await world.put(`job/Odd [x]/${name}`, name);
    await retrieve(
      [
        { from: '${job.v}.txt', to: 'literal/' },
        { from: '${job.v}.*', to: 'glob/' },
        { from: '${job.star}.csv', to: '${job.star}.csv' },
      ],
      { source: odd, payload },
    );
    expect(await world.keys('results', 'job/literal/')).toEqual(['job/literal/v-[PR].txt']);
    expect(await world.keys('results', 'job/glob/')).toEqual(['job/glob/v-[PR].txt']);
    expect(await world.readText('results', 'job/*.csv')).toBe('*.csv');
  });

  it('copies the other way, into another repository, when that is the target', async () => {
    await world.put('job/reads.fq', 'ACGT');
    const [parent, target] = [payload.repo, { bucket: 'results', prefix: 'job/Sub', uri: 's3://results/job/Sub' }];
    await retrieve([{ from: 'reads.fq', to: 'input.fq' }], { source: parent, target });
    expect(await world.readText('results', 'job/Sub/input.fq')).toBe('ACGT');
  });

  it('does nothing for an empty list', async () => {
    expect(await retrieve([])).toEqual({});
  });

  it('keeps metadata and tags', async () => {
    await world.s3.send(
      new PutObjectCommand({
        Bucket: 'results',
        Key: 'job/Sub/tagged',
        Body: 'x',
        ContentType: 'text/x-vcf',
        Metadata: { execution: 'e1' },
        Tagging: 'sample=s1&kind=a%20b',
      }),
    );
    for (const copyLimits of [undefined, { wholeBytes: 0, partBytes: 5 * MiB }]) {
      await retrieve([{ from: 'tagged', to: 'kept' }], copyLimits === undefined ? {} : { copyLimits });
      const head = await world.s3.send(new HeadObjectCommand({ Bucket: 'results', Key: 'job/kept' }));
      expect(head).toMatchObject({ ContentType: 'text/x-vcf', Metadata: { execution: 'e1' } });
      expect(await world.tags('results', 'job/kept')).toEqual({ sample: 's1', kind: 'a b' });
    }
  });

  it('copies in parts what is too large for one request', async () => {
    const body = Buffer.alloc(12 * MiB + 7);
    for (let at = 0; at < body.length; at += 4096) body.writeUInt32BE(at, at);
    await world.put('job/Sub/large', body);
    const sent: string[] = [];
    world.s3.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          sent.push(String(commandName));
          return next(args);
        },
      { step: 'initialize', name: 'count' },
    );
    try {
      await retrieve([{ from: 'large', to: 'large' }], { copyLimits: { wholeBytes: 12 * MiB, partBytes: 5 * MiB } });
    } finally {
      world.s3.middlewareStack.remove('count');
    }
    expect(sent.filter((name) => name === UploadPartCopyCommand.name)).toHaveLength(3);
    expect(sent).not.toContain(CopyObjectCommand.name);
    expect(Buffer.from(await world.read('results', 'job/large')).equals(body)).toBe(true);
  });

  it('leaves no unfinished upload behind when a part cannot be copied', async () => {
    await world.put('job/Sub/large', Buffer.alloc(6 * MiB));
    world.s3.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          if (commandName === UploadPartCopyCommand.name) throw new Error('cut');
          return next(args);
        },
      { step: 'initialize', name: 'cut' },
    );
    try {
      await expect(
        retrieve([{ from: 'large', to: 'x' }], { copyLimits: { wholeBytes: 0, partBytes: 5 * MiB } }),
      ).rejects.toThrow('cut');
    } finally {
      world.s3.middlewareStack.remove('cut');
    }
    const { Uploads: uploads = [] } = await world.s3.send(new ListMultipartUploadsCommand({ Bucket: 'results' }));
    expect(uploads).toEqual([]);
  });

  it('refuses to copy two files to one place, however they come there', async () => {
    for (const files of [
      [
        { from: 'a.txt', to: 'one' },
        { from: 'b.txt', to: 'one' },
      ],
      [
        { from: '*.txt', to: 'all/' },
        { from: 'b.txt', to: 'all/a.txt' },
      ],
    ]) {
      const error = await refusal(retrieve(files));
      expect(error.name).toBe('RequestInvalid');
      expect(error.message).toMatch(/both s3:\S+Sub\/a\.txt and s3:\S+Sub\/b\.txt to s3:\/\/results\/job/);
    }
    await retrieve([
      { from: '*.txt', to: '*.txt' },
      { from: 'a.txt', to: 'a.txt' },
    ]);
  });

  it.each<[string, SubpipeRetrieveRequest['retrieve'][number], string, string]>([
    ['a file that is missing', { from: 'none', to: 'x' }, 'FileNotFound', 's3://results/job/Sub/none'],
    ['a glob that matches nothing', { from: '*.bam', to: '*.bam' }, 'FileNotFound', 's3://results/job/Sub/*.bam'],
    ['a bucket that is missing', { from: 's3://not-there/x', to: 'x' }, 'FileNotFound', 's3://not-there/x'],
    ['a target in no bucket', { from: 'a.txt', to: 's3://not-there/x' }, 'RepositoryInvalid', 'not-there, does not'],
    ['a glob that would give many files one name', { from: '*.txt', to: 'x' }, 'RequestInvalid', '`*.txt -> x/`'],
    ['a name that refers to nothing', { from: '${job.none}', to: 'x' }, 'ValueMissing', '${job.none}'],
  ])('refuses %s', async (_, file, name, message) => {
    const error = await refusal(retrieve([file]));
    expect(error.name).toBe(name);
    expect(error.message).toContain(message);
  });
});
