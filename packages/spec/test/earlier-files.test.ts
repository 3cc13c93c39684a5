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
  execution: fc.constantFrom('arn:this', 'arn:other'),
  globs: fc.array(
    fc.record({
      destination: folder.map((at) => `s3://bucket/${at}`),
      glob: fc.constantFrom('a*.txt', 'out/*', 'b?.txt'),
      names: fc.uniqueArray(name),
    }),
  ),
});

type Marker = typeof marker extends fc.Arbitrary<infer Value> ? Value : never;

/** The files that stay, computed in another way. */
function stays({ key, modified, executionId }: Stored, markers: readonly Marker[]): boolean {
  const [, at = '', file = ''] = /^(.*\/)([^/]+)$/.exec(key) ?? [];
  const could = { 'a*.txt': /^a.*\.txt$/, 'out/*': /./, 'b?.txt': /^b.\.txt$/ };
  const globs = markers
    .filter(({ execution }) => execution === 'arn:this')
    .flatMap((one) => one.globs)
    .filter(({ destination, glob }) => destination === `s3://bucket/${at}` && could[glob].test(file));
  const isDisowned = globs.length > 0 && globs.every(({ names }) => !names.includes(file));
  return !(executionId === 'other' && modified.getTime() <= begin && isDisowned);
}

describe('the files of earlier runs', () => {
  it('are those of another execution that a glob of this one could have written, and did not', async () => {
    const objects = fc.uniqueArray(stored, { selector: ({ key }) => key });
    await fc.assert(
      fc.asyncProperty(objects, fc.array(marker, { maxLength: 3 }), async (matches, markers) => {
        const asked: string[] = [];
        const files = new EarlierFiles(
          {
            execution: { arn: 'arn:this', name: 'this' },
            repository: { bucket: 'bucket', key: 'repo' },
            jobData: { bucket: 'bucket', key: 'repo/_JOB_DATA_' },
          },
          {
            async head({ key }) {
              if (key.endsWith('_JOB_DATA_')) return { modified: new Date(begin) };
              asked.push(key);
              return matches.find((one) => one.key === key);
            },
            markers: async () => markers.map((one) => JSON.stringify(one)),
          },
        );
        expect(await files.without('bucket', matches)).toEqual(matches.filter((one) => stays(one, markers)));
        // Only those are asked for, one by one, that could be earlier ones.
        expect(asked.every((key) => matches.some((one) => one.key === key && one.modified.getTime() <= begin))).toBe(
          true,
        );
      }),
    );
  });

  it('are looked for in the repositories around a branch', async () => {
    const looked: string[] = [];
    const of = (repository: string, jobData: string) =>
      new EarlierFiles(
        {
          execution: { arn: 'arn:this', name: 'this' },
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
    expect(looked.splice(0)).toEqual(['repo/spread/00001', 'repo/spread', 'repo']);
    await of('', '_JOB_DATA_');
    expect(looked.splice(0)).toEqual(['']);
    await of('spread/00001', '_JOB_DATA_');
    expect(looked.splice(0)).toEqual(['spread/00001', 'spread', '']);
  });

  it.each(['', 'x', '1', '{}', '{"execution": 1}'])('need a marker, which %j is not', (text) => {
    expect(parseCompletionMarker(text)).toBeUndefined();
  });

  it('are not told by an older marker, or by one whose globs are none', () => {
    expect(parseCompletionMarker('{"execution": "arn"}')).toEqual({ execution: 'arn' });
    expect(parseCompletionMarker('{"execution": "arn", "globs": [{"glob": "*"}], "ran": {"image": "x"}}')).toEqual({
      execution: 'arn',
      ran: { image: 'x' },
      globs: [],
    });
  });
});
