import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EarlierFiles, parseCompletionMarker } from '../src/run-time.js';

const name = fc.constantFrom<string>('a1.txt', 'a2.txt', 'a3.txt', 'b1.txt', 'b2.txt', 'c.csv');
const folder = fc.constantFrom('repo/', 'repo/sub/');
const begin = 100_000;

interface Stored {
  readonly key: string;
  readonly modified: Date;
  readonly executionId?: string;
}

const stored = fc
  .record({
    folder,
    name,
    seconds: fc.constantFrom(50, 100, 150),
    executionId: fc.constantFrom('this', 'other', undefined),
  })
  .map(
    ({ folder: at, name: file, seconds, executionId }): Stored => ({
      key: at + file,
      modified: new Date(seconds * 1000),
      ...(executionId === undefined ? {} : { executionId }),
    }),
  );

const marker = fc.record({
  execution: fc.constantFrom('arn:aws:states:r:a:execution:wf--3:this', 'arn:aws:states:r:a:execution:wf--2:other'),
  outputs: fc.array(
    fc.record({
      destination: folder.map((at) => `s3://bucket/${at}`),
      glob: fc.constantFrom('a*.txt', 'out/*', 'b?.txt', 'out/c.csv'),
      names: fc.uniqueArray(name),
    }),
  ),
});

type Marker = typeof marker extends fc.Arbitrary<infer Value> ? Value : never;

/** The files that stay, computed in another way. */
function stays({ key, modified, executionId }: Stored, markers: readonly Marker[]): boolean {
  const [, at = '', file = ''] = /^(.*\/)([^/]+)$/.exec(key) ?? [];
  const could = { 'a*.txt': /^a.*\.txt$/, 'out/*': /./, 'b?.txt': /^b.\.txt$/, 'out/c.csv': /^c\.csv$/ };
  const outputs = markers
    .filter(({ execution }) => execution.endsWith(':this'))
    .flatMap((one) => one.outputs)
    .filter(({ destination, glob }) => destination === `s3://bucket/${at}` && could[glob].test(file));
  const isDisowned = outputs.length > 0 && outputs.every(({ names }) => !names.includes(file));
  return !(executionId === 'other' && modified.getTime() <= begin && isDisowned);
}

const thisRun = {
  execution: { arn: 'arn:aws:states:r:a:execution:wf--3:this', name: 'this' },
  repository: { bucket: 'bucket', key: 'repo' },
  jobData: { bucket: 'bucket', key: 'repo/_JOB_DATA_' },
};

describe('the files of earlier runs', () => {
  it('are those of another execution that an output of this one could have been, and was not', async () => {
    const objects = fc.uniqueArray(stored, { selector: ({ key }) => key });
    await fc.assert(
      fc.asyncProperty(objects, fc.array(marker, { maxLength: 3 }), async (matches, markers) => {
        const asked: string[] = [];
        const files = new EarlierFiles(thisRun, {
          async head({ key }) {
            if (key.endsWith('_JOB_DATA_')) return { modified: new Date(begin) };
            asked.push(key);
            return matches.find((one) => one.key === key);
          },
          markers: async ({ key }) =>
            key === 'repo' ? markers.map((one) => ({ text: JSON.stringify(one), modified: new Date(begin) })) : [],
        });
        const left = matches.filter((one) => stays(one, markers));
        expect(await files.without('bucket', matches)).toEqual(left);
        // Only those are asked for, one by one, that could be earlier ones.
        expect(asked.every((key) => matches.some((one) => one.key === key && one.modified.getTime() <= begin))).toBe(
          true,
        );
        for (const { key, ...origin } of matches)
          expect(await files.has({ bucket: 'bucket', key }, origin)).toBe(!left.some((one) => one.key === key));
      }),
    );
  });

  it('are all in a branch of this run’s scatter that no step of the branch wrote', async () => {
    const old = { modified: new Date(0), executionId: 'other' };
    const marker = (execution: string, output: string, names: readonly string[]) => ({
      text: JSON.stringify({ execution, outputs: [{ destination: `s3://bucket/${output}`, glob: 'x.txt', names }] }),
      modified: new Date(begin),
    });
    const subpipe = 'arn:aws:states:r:a:execution:other--7:sub';
    const files = new EarlierFiles(thisRun, {
      head: async ({ key }) => {
        if (key === 'repo/_JOB_DATA_' || key === 'repo/each/_control_/items.csv') return { modified: new Date(begin) };
        if (key === 'repo/before/_control_/items.csv') return { modified: new Date(begin - 1) };
        return key.endsWith('.csv') ? undefined : old;
      },
      markers: async ({ key }) => {
        if (key === 'repo/each/00000') return [marker(thisRun.execution.arn, 'repo/each/00000/', ['x.txt'])];
        if (key === 'repo/each/00001/sub') return [marker(subpipe, 'repo/each/00001/sub/', ['x.txt'])];
        return [];
      },
    });
    const left = async (...keys: readonly string[]) =>
      (
        await files.without(
          'bucket',
          keys.map((key) => ({ key: `repo/${key}`, modified: old.modified })),
        )
      ).map(({ key }) => key.slice('repo/'.length));
    expect(
      await left('each/00000/x.txt', 'each/00001/sub/x.txt', 'each/00001/x.txt', 'each/00007/x.txt', 'before/00000/x'),
    ).toEqual(['each/00000/x.txt', 'each/00001/sub/x.txt', 'before/00000/x']);
    expect(await left('x.txt', 'each/notes/x.txt')).toEqual(['x.txt', 'each/notes/x.txt']);
  });

  it('are of a subpipe’s earlier execution when its name begins in another way', async () => {
    const job = {
      execution: { arn: 'arn:aws:states:r:a:stateMachine:sub--2:1', name: 'job-sub-1234' },
      isRedriven: true,
      repository: { bucket: 'bucket', key: 'repo/sub' },
      jobData: { bucket: 'bucket', key: 'repo/sub/_JOB_DATA_' },
    };
    const outputs = [{ destination: 's3://bucket/repo/sub/', glob: '*.txt', names: ['a.txt'] }];
    const written = (execution: string) =>
      new EarlierFiles(job, {
        head: async () => ({ modified: new Date(begin) }),
        markers: async () => [
          {
            text: JSON.stringify({ execution: `arn:aws:states:r:a:execution:sub--2:${execution}`, outputs }),
            modified: new Date(begin),
          },
        ],
      });
    const has = (execution: string, executionId: string) =>
      written(execution).has({ bucket: 'bucket', key: 'repo/sub/b.txt' }, { modified: new Date(0), executionId });
    expect(await has('job-sub-1234-1', 'job-sub-0000-0')).toBe(true);
    expect(await has('job-sub-1234-1', 'job-sub-1234-0')).toBe(false);
    expect(await has('job-sub-0000-0', 'job-sub-0000-0')).toBe(false);
  });

  it('are looked for in the repositories around a branch', async () => {
    const looked: string[] = [];
    const of = (repository: string, jobData: string) =>
      new EarlierFiles(
        {
          ...thisRun,
          repository: { bucket: 'bucket', key: repository },
          jobData: { bucket: 'bucket', key: jobData },
        },
        {
          head: async () => ({ modified: new Date(begin) }),
          async markers({ key }) {
            looked.push(key);
            return [];
          },
        },
      ).without('bucket', [{ key: 'x', modified: new Date(0) }]);
    await of('repo/spread/00001', 'repo/_JOB_DATA_');
    expect(looked.splice(0)).toEqual(['repo', 'repo/spread/00001', 'repo/spread']);
    await of('', '_JOB_DATA_');
    expect(looked.splice(0)).toEqual(['']);
    await of('spread/00001', '_JOB_DATA_');
    expect(looked.splice(0)).toEqual(['', 'spread/00001', 'spread']);
  });

  it.each(['', 'x', '1', '{}', '{"execution": 1}'])('need a marker, which %j is not', (text) => {
    expect(parseCompletionMarker(text)).toBeUndefined();
  });

  it('are not told by an older marker, or by one whose outputs are none', () => {
    expect(parseCompletionMarker('{"execution": "arn"}')).toEqual({ execution: 'arn' });
    expect(parseCompletionMarker('{"execution": "arn", "outputs": [{"glob": "*"}], "ran": {"image": "x"}}')).toEqual({
      execution: 'arn',
      ran: { image: 'x' },
      outputs: [],
    });
  });
});
