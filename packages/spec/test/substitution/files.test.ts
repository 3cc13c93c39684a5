import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  escapeGlob,
  globMatcher,
  globPrefix,
  isGlob,
  type JobData,
  locateFile,
  plainData,
  substitute,
  substituteFile,
  unescapeGlob,
} from '../../src/run-time.js';

const data: JobData = {
  job: { sample: 'virus-[PR]', star: '**', empty: '', uri: 's3://other/in/x[1]*.fa', list: ['a', 'b'] },
  scatter: { item: 's3://bucket/v[1].json' },
  parent: { plain: 's3://bucket/g[[]1].fa', many: 's3://bucket/[[]x]/*.bam' },
};

describe('substituteFile', () => {
  it.each([
    ['${job.sample}.gz', 'virus-[PR].gz', undefined],
    ['${job.sample}.*', 'virus-[PR].*', 'virus-[[]PR].*'],
    ['${scatter.item}', 's3://bucket/v[1].json', undefined],
    ['${job.list}', '["a","b"]', undefined],
    // A set, a `**` and a star must be whole in the template, or they are literal.
    ['x[${job.list[0]}].txt', 'x[a].txt', undefined],
    ['${job.empty}**', '**', '*'],
    ['*${job.empty}*', '**', '*'],
    ['a/${job.empty}**/b', 'a/**/b', 'a/*/b'],
    ['${job.star}/*', '**/*', '[*][*]/*'],
    ['**/${job.sample}', '**/virus-[PR]', '**/virus-[[]PR]'],
    ['reads[12].fq', 'reads[12].fq', 'reads[12].fq'],
    ['open[.txt', 'open[.txt', undefined],
    // A glob from the scatter's own template stays a glob in its branches.
    ['${parent.plain}', 's3://bucket/g[1].fa', undefined],
    ['${parent.many}', 's3://bucket/[x]/*.bam', 's3://bucket/[[]x]/*.bam'],
  ])('%s', (template, text, glob) => {
    expect(substituteFile(template, data)).toEqual(glob === undefined ? { text } : { text, glob });
  });

  const special = fc.string({ unit: fc.constantFrom('[', ']', '*', '?', '!', '-', '^', 'a', 'b'), maxLength: 6 });

  it('globs the same whatever the data are: each value stands for itself', () => {
    const piece = fc.string({ unit: fc.constantFrom('*', '?', '[ab]', '[', ']', '/', '-', 'x'), maxLength: 4 });
    fc.assert(
      fc.property(fc.array(fc.tuple(piece, special), { minLength: 1, maxLength: 3 }), piece, (pairs, last) => {
        const fill = (values: readonly string[]) =>
          substituteFile(pairs.map(([text], index) => `${text}\${job.v${index}}`).join('') + last, {
            job: Object.fromEntries(values.map((value, index) => [`v${index}`, value])),
            scatter: {},
            parent: {},
          });
        const values = pairs.map(([, value]) => value);
        const filled = fill(values);
        // Letters that occur in no template show where a value went.
        const letters = values.map((_value, index) => String.fromCharCode(0x3b1 + index));
        const plain = fill(letters);
        expect(filled.glob === undefined).toBe(plain.glob === undefined);
        const back = (text: string) =>
          text.replace(/[α-γ]/g, (letter) => escapeGlob(values[letters.indexOf(letter)] ?? ''));
        // An empty value leaves adjacent stars, which are equivalent to one.
        if (!values.includes('')) expect(filled.glob).toBe(plain.glob === undefined ? undefined : back(plain.glob));
      }),
    );
  });

  it('finds a file by its whole name, and no other', () => {
    fc.assert(
      fc.property(special, special, (name, other) => {
        const { text, glob } = substituteFile('${job.n}/*', { job: { n: name }, scatter: {}, parent: {} });
        expect(text).toBe(`${name}/*`);
        expect(globMatcher(glob ?? '')(`${other}/file`)).toBe(other === name);
      }),
    );
  });

  it('keeps every name in an escaped glob', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), special, (text, signs) => {
        const name = text + signs;
        expect(isGlob(escapeGlob(name))).toBe(false);
        expect(unescapeGlob(escapeGlob(name))).toBe(name);
        expect(globPrefix(`${escapeGlob(name)}*`)).toBe(name);
      }),
    );
  });
});

describe('locateFile', () => {
  const repository = { bucket: 'repo', key: 'run[1]/x' };

  it('takes the repository for a name, never for a glob', () => {
    expect(locateFile(substituteFile('a.txt', data), repository)).toEqual({
      location: { bucket: 'repo', key: 'run[1]/x/a.txt' },
    });
    const { glob } = locateFile(substituteFile('*.txt', data), repository);
    expect(globMatcher(glob ?? '')('run[1]/x/a.txt')).toBe(true);
    expect(globMatcher(glob ?? '')('run1/x/a.txt')).toBe(false);
  });

  it('takes a URI as it is', () => {
    expect(locateFile(substituteFile('${job.uri}', data), repository)).toEqual({
      location: { bucket: 'other', key: 'in/x[1]*.fa' },
    });
    expect(locateFile(substituteFile('${job.uri}*', data), repository)).toMatchObject({ glob: 'in/x[[]1][*].fa*' });
  });
});

describe("the parent's files", () => {
  it('are names for the commands', () => {
    expect(substitute('${parent.plain}', data)).toBe('s3://bucket/g[1].fa');
    expect(plainData(data).parent).toEqual({ plain: 's3://bucket/g[1].fa', many: 's3://bucket/[x]/*.bam' });
  });
});
