import type { GatherResult, ScatterSource, StatePayload } from '@bclaw/spec/run-time';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGather } from '../../src/index.js';
import { scatter } from '../scatter/scatter-world.js';
import { refusal, World } from '../world.js';

describe('gather', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.entries = [];
  });

  const gather = (payload: StatePayload, outputs: Readonly<Record<string, string>>, step = 'Align') =>
    createGather({ s3: world.s3, ...world.dependencies })({ step, outputs, payload });

  /** A job whose scatter has created its branches, with these files in them. */
  async function job(prefix: string, items: ScatterSource, files: readonly string[], step = 'Align') {
    const payload = await world.payload(prefix, { id: 'j', suffix: 'bam' });
    await scatter(world, { payload, scatter: { x: items }, step });
    await Promise.all(files.map((file) => world.put(`${prefix}/${file}`)));
    world.entries = [];
    return payload;
  }

  const manifest = async (payload: StatePayload, result: GatherResult) =>
    world.readJson(`${payload.repo.prefix}/${result.manifest}`);

  it('lists what the branches put out, by output, sorted by branch and then by key', async () => {
    const payload = await job(
      'many',
      ['a', 'b', 'c'],
      [
        'Align/00000/x.bam',
        'Align/00001/y.bam',
        'Align/00001/x.bam',
        'Align/00001/x.bam.bai',
        'Align/00002/deep/z.bam',
        'Align/00002/log.txt',
      ],
    );
    const result = await gather(payload, { bam: '*.bam', all: '**/*.${job.suffix}', log: 'log.txt' });
    expect(result).toEqual({ manifest: 'Align_manifest.json' });
    const uri = (path: string) => `s3://results/many/Align/${path}`;
    expect(await manifest(payload, result)).toEqual({
      bam: ['00000/x.bam', '00001/x.bam', '00001/y.bam'].map(uri),
      all: ['00000/x.bam', '00001/x.bam', '00001/y.bam', '00002/deep/z.bam'].map(uri),
      log: [uri('00002/log.txt')],
    });
    expect(world.entries).toMatchObject([{ level: 'info', function: 'gather', step: 'Align', count: 8 }]);
  });

  it('takes the characters of globs in job data as they are', async () => {
    const payload = await world.payload('literal', { v: 'virus-[PR]', star: '*' });
    await scatter(world, { payload, scatter: { x: [1] }, step: 'Align' });
    for (const name of ['virus-[PR].gz', 'virus-P.gz', '*.txt', 'a.txt'])
      await world.put(`literal/Align/00000/${name}`);
    const result = await gather(payload, { v: '${job.v}.gz', all: '${job.v}*', star: '${job.star}.txt' });
    const uri = (path: string) => `s3://results/literal/Align/00000/${path}`;
    expect(await manifest(payload, result)).toEqual({
      v: [uri('virus-[PR].gz')],
      all: [uri('virus-[PR].gz')],
      star: [uri('*.txt')],
    });
  });

  it('leaves out what only looks like the step’s: another step’s folder, and what bclaw keeps for itself', async () => {
    const payload = await job(
      'own',
      ['a'],
      [
        'Align/00000/a.txt',
        'Align/00000/_JOB_DATA_',
        'Align/00000/_control_/step.complete',
        'Align/00000/Sub/_JOB_DATA_',
        'Align/00000/Inner/_control_/items.csv',
        'Align/00000/_control_/job/j.json',
        'Align/00000/Inner/00000/items.csv',
        'Align/00000/Inner_manifest.json',
        'Align/other/b.txt',
        'Align/_control_/values/00000.json',
        'Align2/00000/c.txt',
        'Align/123/d.txt',
      ],
    );
    expect(await manifest(payload, await gather(payload, { all: '**' }))).toEqual({
      all: ['Inner/00000/items.csv', 'Inner_manifest.json', 'a.txt'].map(
        (path) => `s3://results/own/Align/00000/${path}`,
      ),
    });
  });

  it('leaves out branches of an earlier run with more items', async () => {
    const payload = await job('again', ['a', 'b', 'c'], ['Align/00000/f', 'Align/00001/f', 'Align/00002/f']);
    await scatter(world, { payload, scatter: { x: ['a'] } });
    expect(await manifest(payload, await gather(payload, { f: 'f' }))).toEqual({
      f: ['s3://results/again/Align/00000/f'],
    });
  });

  it('counts every numbered folder when the file of items is gone, and says so', async () => {
    const payload = await world.payload('lost');
    await world.put('lost/Align/00041/f');
    expect(await manifest(payload, await gather(payload, { f: 'f' }))).toEqual({
      f: ['s3://results/lost/Align/00041/f'],
    });
    expect(world.entries).toMatchObject([{ level: 'warning', warnings: [expect.stringContaining('items.csv')] }]);
  });

  it('makes an empty list of what no branch has, and a warning', async () => {
    const payload = await job('missing', ['a', 'b'], ['Align/00000/x.bam']);
    expect(await manifest(payload, await gather(payload, { bam: '*.bam', vcf: '*.vcf' }))).toEqual({
      bam: ['s3://results/missing/Align/00000/x.bam'],
      vcf: [],
    });
    expect(world.entries).toMatchObject([
      { level: 'warning', warnings: ['No branch has the output "vcf", *.vcf.'], count: 1 },
    ]);
  });

  it('makes an empty manifest of no branches, without a warning', async () => {
    const payload = await job('none', [], ['Align/00000/stale.bam']);
    expect(await manifest(payload, await gather(payload, { bam: '*.bam', vcf: 'x.vcf' }))).toEqual({
      bam: [],
      vcf: [],
    });
    expect(await manifest(payload, await gather(payload, {}))).toEqual({});
    expect(world.entries.map(({ level }) => level)).toEqual(['info', 'info']);
  });

  it('reads more pages than one, and finds each file of a branch', async () => {
    const payload = await job(
      'pages',
      Array.from({ length: 30 }, (_, index) => index),
      [],
    );
    const names = Array.from({ length: 40 }, (_, index) => `f${String(index).padStart(2, '0')}`);
    const keys = Array.from({ length: 30 }, (_, branch) =>
      names.map((name) => `pages/Align/${String(branch).padStart(5, '0')}/${name}`),
    ).flat();
    for (let at = 0; at < keys.length; at += 100)
      await Promise.all(keys.slice(at, at + 100).map((key) => world.put(key)));
    expect(await manifest(payload, await gather(payload, { f: 'f*', one: 'f07' }))).toEqual({
      f: keys.map((key) => `s3://results/${key}`),
      one: keys.filter((key) => key.endsWith('f07')).map((key) => `s3://results/${key}`),
    });
  });

  it('writes names as they are, whatever is in them', async () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
      .filter((text) => !/[/*?[\]\0\ud800-\udfff]|^\.{1,2}$/.test(text));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(name, { minLength: 1, maxLength: 4 }), fc.uuid(), async (names, folder) => {
        const payload = await job(
          folder,
          ['a'],
          names.map((file) => `Align/00000/x${file}`),
        );
        const { all } = (await manifest(payload, await gather(payload, { all: 'x*' }))) as { all: string[] };
        expect(new Set(all)).toEqual(new Set(names.map((file) => `s3://results/${folder}/Align/00000/x${file}`)));
      }),
      { numRuns: 10 },
    );
  });

  it('refuses outputs that refer to nothing, and a bucket that is gone', async () => {
    const payload = await job('bad', ['a'], []);
    expect((await refusal(gather(payload, { x: '${job.none}' }))).name).toBe('ValueMissing');
    const repo = { bucket: 'gone-for-good', prefix: 'x', uri: 's3://gone-for-good/x' };
    expect((await refusal(gather({ ...payload, repo }, { x: 'x' }))).name).toBe('BucketNotFound');
  });
});
