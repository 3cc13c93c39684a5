import type { ScatterSource } from '@bclaw/spec/run-time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusal, World } from '../world.js';
import { scatter, scattered } from './scatter-world.js';

const job = {
  samples: ['s1', 2, true, null, { id: 's5', lanes: [1, 2] }],
  list: '@lists/names.txt',
  pattern: 'reads/*.fq',
  folder: 'reads',
  virus: 'virus-[PR]',
  star: '*',
  odd: 'a?[b]*',
  one: 'reads/a.fq',
  number: 7,
  nothing: null,
  map: { a: 1 },
  empty: '',
  none: [],
};

describe('a scatter’s source', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create();
    await Promise.all(
      Object.entries({
        'job/lists/names.txt': '\ufeffone\r\n\r\ntwo words\n\nthree,"quoted"\nünï',
        'job/lists/empty.txt': '',
        'job/lists/gap.txt': 'row1\n\nrow3\nrow4\nrow5\n',
        'job/lists/ends.txt': 'a\r\rb\r\n\nc\r',
        'job/lists/blank.txt': '\n\n',
        'job/lists/bytes.txt': Buffer.from([0x61, 0xff, 0x0a]),
        'job/reads/a.fq': '',
        'job/reads/b.fq': '',
        'job/reads/c1.fq': '',
        'job/reads/c10.fq': '',
        'job/reads/deep/d.fq': '',
        'job/reads/Ü x.fq': '',
        'job/odd/virus-[PR].json': '',
        'job/odd/virus-P.json': '',
        'job/odd/*.json': '',
        'job/odd/a?[b]*.csv': 'id\n1\n',
        'job/odd/a1b2.csv': 'id\n2\n',
        'job/reads/_control_/x.fq': '',
        'job[1]/x.txt': '',
        'job1/x.txt': '',
        'elsewhere/e.fq': '',
        'job/data/samples.json': JSON.stringify({
          samples: [
            { id: 'a', reads: 10, tags: ['x'] },
            { id: 'b', reads: 2000 },
            { id: 'c', reads: 3000.5, paired: false },
          ],
        }),
        'job/data/samples.yaml': 'samples:\n  - {id: a, n: 1}\n  - {id: b, n: null}\n',
        'job/data/samples.YML': '- 1\n- two\n',
        'job/data/two.yaml': 'a: 1\n---\nb: 2\n',
        'job/data/infinite.yaml': '[.inf]',
        'job/data/samples.jsonl': '{"id": "a"}\n\n{"id": "b", "n": 1.5}\n',
        'job/data/bad.ndjson': '{"id": "a"}\n{"id": \n',
        'job/data/samples.csv': '\ufeffid,note\r\na,"x, ""y""\nz"\r\nb,\r\n',
        'job/data/ragged.csv': 'id,note\na\n',
        'job/data/samples.tsv': 'id\tnote\na\tx, y\nb\t"q"\n',
        'job/data/samples.tab': 'id\nc\n',
        'job/data/anchors.yaml': [
          'defaults: &defaults {genome: hg38, lanes: [1, 2]}',
          'other: &other {genome: mm10, paired: true}',
          'samples:',
          '  - {<<: *defaults, id: a}',
          '  - {id: b, genome: own, <<: [*defaults, *other]}',
        ].join('\n'),
        'job/data/many-aliases.yaml': `g: &g hg38\ns:\n${'- *g\n'.repeat(200)}`,
        'job/data/loop.yaml': '- &a [1, *a]\n',
        'job/data/laughs.yaml': Array.from(
          { length: 9 },
          (_, level) => `l${level}: &l${level} [${level === 0 ? 'x' : `${`*l${level - 1}, `.repeat(10)}`}]\n`,
        ).join(''),
        'job/data/twice.yaml': 'a: 1\nb: 2\na: 3\n',
        'job/data/exact.yaml': '- {id: 12345678901234567890, n: 1}\n- {id: 9007199254740993, n: 2}\n- {id: 7, n: 3}\n',
        'job/data/exact.json': '[{"id": 12345678901234567890, "n": 1}, {"id": 7, "n": 2}]',
        'job/data/empty.csv': '',
        'job/data/header.csv': 'id,note\n',
        'job/data/legacy.json': '{"x":{"b":2},"y":{"b":4}}',
        'job/data/none.json': ' [] ',
        'job/data/nothing.json': '{}',
        'job/data/zeros.yaml': '[010, 007, 0, 0.5, -01, 10, "010"]',
        'job/data/empty.yaml': '# nothing yet\n',
        'job/data/proto.csv': '__proto__,a\nx,y\n',
        'job/data/blanks.csv': ' id ,"note "\n a , b\n',
        'job/data/unnamed.csv': ',id\nrow1,a\n',
        'job/data/unnamed-twice.csv': 'id,,\na,,\n',
        'job/data/same.csv': 'id,note,id\n1,x,2\n',
        'job/data/same-trimmed.csv': 'id,id \n1,2\n',
        'job/data/long.csv': 'id,note\na,b\nc,d,e\n',
        'job/data/line-ends.csv': 'id,note\r\na,1\nb,2\r\n\nc,"3\r\n4"\r\n',
        'job/data/late-line-ends.csv': 'id\na\r\nb\r\n',
        'job/data/plain.log': 'first\nsecond\nthird\n',
        'job/data/bad.json': '{',
        'job/data/a:b.txt': 'colon',
      }).map(([key, body]) => world.put(key, body)),
    );
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.entries = [];
  });

  const items = async (source: ScatterSource, prefix = 'job') => {
    const values = await scattered(world, { payload: await world.payload(prefix, job), scatter: { x: source } });
    return values.map((value) => Object.values(value as object)[0]);
  };
  const failure = async (source: ScatterSource) =>
    refusal(scatter(world, { payload: await world.payload('job', job), scatter: { x: source } }));

  describe('is a list', () => {
    it('whose items keep their types', async () => {
      expect(await items(['a', 1, 2.5, true, false, null, '1'])).toEqual(['a', 1, 2.5, true, false, null, '1']);
    });

    it('in whose texts references are replaced, with their types when they are all of it', async () => {
      expect(await items(['${job.folder}/x', '${job.number}', '${job.map}'])).toEqual(['reads/x', 7, { a: 1 }]);
    });

    it('of the job data, as it is there', async () => {
      expect(await items('${job.samples}')).toEqual(job.samples);
      expect(await items(' ${job.samples[?id].lanes} ')).toEqual([[1, 2]]);
    });
  });

  describe('is a text of the job data', () => {
    it('which is then read as a source', async () => {
      expect(await items('${job.list}')).toEqual(['one', '', 'two words', '', 'three,"quoted"', 'ünï']);
      expect(await items('${job.one}')).toEqual(['s3://results/job/reads/a.fq']);
    });

    it('within a longer one', async () => {
      expect(await items('${job.folder}/[ab].fq')).toEqual([
        's3://results/job/reads/a.fq',
        's3://results/job/reads/b.fq',
      ]);
    });
  });

  describe('is a file', () => {
    it('with one item a line, as the lines stand in the file, whatever ends them', async () => {
      expect(await items('@lists/names.txt')).toEqual(['one', '', 'two words', '', 'three,"quoted"', 'ünï']);
      expect(await items('@s3://results/job/data/plain.log')).toEqual(['first', 'second', 'third']);
      expect(await items('@lists/gap.txt')).toEqual(['row1', '', 'row3', 'row4', 'row5']);
      expect(await items('@lists/ends.txt')).toEqual(['a', '', 'b', '', 'c']);
      expect(await items('@lists/blank.txt')).toEqual(['', '']);
      expect(await items('@lists/empty.txt')).toEqual([]);
    });

    it('whose empty lines are branches, too, of which a warning tells', async () => {
      await items('@lists/gap.txt');
      expect(world.entries).toMatchObject([
        {
          level: 'warning',
          count: 5,
          warnings: [expect.stringContaining('1 empty line in s3://results/job/lists/gap.txt')],
        },
      ]);
    });

    it('itself, as a URI', async () => {
      expect(await items('reads/a.fq')).toEqual(['s3://results/job/reads/a.fq']);
      expect(await items('s3://results/elsewhere/e.fq')).toEqual(['s3://results/elsewhere/e.fq']);
    });

    it.each<[string, string, readonly unknown[]]>([
      ['JSON', '@data/samples.json:$.samples[*].id', ['a', 'b', 'c']],
      ['JSON, with types', '@data/samples.json:$.samples[*].reads', [10, 2000, 3000.5]],
      ['JSON, filtered', '@data/samples.json:$.samples[?@.reads > 1000 && @.paired != false].id', ['b']],
      ['JSON, filtered by a function', '@data/samples.json:$.samples[?length(@.tags) == 1].id', ['a']],
      ['JSON, whole nodes', '@data/samples.json:$.samples[0]', [{ id: 'a', reads: 10, tags: ['x'] }]],
      ['JSON that is an empty list', '@data/none.json:$[*]', []],
      ['JSON that is an empty map', '@data/nothing.json:$.samples[*]', []],
      ['YAML that is empty', '@data/empty.yaml:$[*]', []],
      ['lines as they are counted in the file', '@lists/gap.txt:$[2:4]', ['row3', 'row4']],
      ['lines of a file that is empty', '@lists/empty.txt:$[2:4]', []],
      ['CSV with a column named __proto__', '@data/proto.csv:$[*].__proto__', ['x']],
      ['JSON, with spaces and an absolute file', '@ s3://results/job/data/samples.json : $..id', ['a', 'b', 'c']],
      [
        'YAML',
        '@data/samples.yaml:$.samples[*]',
        [
          { id: 'a', n: 1 },
          { id: 'b', n: null },
        ],
      ],
      ['YAML by its short extension in capitals', '@data/samples.YML:$[*]', [1, 'two']],
      ['JSON lines', '@data/samples.jsonl:$[?@.n].id', ['b']],
      [
        'CSV',
        '@data/samples.csv:$[*]',
        [
          { id: 'a', note: 'x, "y"\nz' },
          { id: 'b', note: '' },
        ],
      ],
      ['JSON, in the older dialect', '@data/legacy.json:$[*.b]', [2, 4]],
      [
        'JSON, in the older dialect, filtered',
        "@data/samples.json:$.samples[?(@.id in ['a', 'c'] and @.reads > 10)].id",
        ['c'],
      ],
      ['YAML with merge keys', '@data/anchors.yaml:$.samples[*].genome', ['hg38', 'own']],
      ['YAML with merge keys of several', '@data/anchors.yaml:$.samples[1].paired', [true]],
      ['YAML with an alias in every item', '@data/many-aliases.yaml:$.s[199]', ['hg38']],
      ['YAML, with every digit', '@data/exact.yaml:$[*].id', [12345678901234567890n, 9007199254740993n, 7]],
      ['YAML with zeros before a number', '@data/zeros.yaml:$[*]', ['010', '007', 0, 0.5, '-01', 10, '010']],
      ['YAML, filtered by large numbers', '@data/exact.yaml:$[?@.id > 9000000000000000].n', [1, 2]],
      ['JSON, with every digit', '@data/exact.json:$[?@.n == 1]', [{ id: 12345678901234567890n, n: 1 }]],
      ['JSON, filtered by large numbers', '@data/exact.json:$[?@.id > 10].n', [1]],
      ['CSV that is empty', '@data/empty.csv:$[*]', []],
      ['CSV without records', '@data/header.csv:$[*]', []],
      [
        'CSV whose lines end in different ways',
        '@data/line-ends.csv:$[*]',
        [
          { id: 'a', note: '1' },
          { id: 'b', note: '2' },
          { id: 'c', note: '3\r\n4' },
        ],
      ],
      ['CSV whose first line ends in another way', '@data/late-line-ends.csv:$[*].id', ['a', 'b']],
      ['TSV', '@data/samples.tsv:$[*].note', ['x, y', 'q']],
      ['.tab', '@data/samples.tab:$[*].id', ['c']],
      ['anything else, by lines', '@data/plain.log:$[1:]', ['second', 'third']],
      ['a name with a colon', '@data/a:b.txt:$[0]', ['colon']],
    ])('of which a selector takes items: %s', async (_, source, expected) => {
      expect(await items(source)).toEqual(expected);
    });
  });

  describe('is a CSV file', () => {
    const warnings = async (source: string) => {
      await items(source);
      return world.entries.flatMap(({ warnings: sentences = [] }) => sentences);
    };

    it('whose names are taken without blanks around them, the values with theirs', async () => {
      expect(await items('@data/blanks.csv:$[*]')).toEqual([{ id: ' a ', note: ' b' }]);
      world.entries = [];
      expect(await warnings('@data/blanks.csv:$[*]')).toEqual([
        expect.stringContaining('the name of column 1 is "id", without the blanks around it'),
        expect.stringContaining('the name of column 2 is "note"'),
      ]);
    });

    it('one column of which may have no name', async () => {
      expect(await items('@data/unnamed.csv:$[*]')).toEqual([{ '': 'row1', id: 'a' }]);
      world.entries = [];
      expect(await warnings('@data/unnamed.csv:$[*]')).toEqual([expect.stringContaining('column 1 has no name')]);
    });
  });

  describe('is a glob', () => {
    it('with one item an object, sorted, as URIs', async () => {
      expect(await items('reads/*.fq')).toEqual(
        ['a', 'b', 'c1', 'c10', 'Ü x'].map((name) => `s3://results/job/reads/${name}.fq`),
      );
      expect(await items('reads/c?.fq')).toEqual(['s3://results/job/reads/c1.fq']);
      expect(await items('**/d.fq')).toEqual(['s3://results/job/reads/deep/d.fq']);
      expect(await items('s3://results/else*/*')).toEqual(['s3://results/elsewhere/e.fq']);
    });

    it('that never sees what bclaw keeps for itself', async () => {
      expect(await items('_JOB*')).toEqual([]);
      expect(await items('reads/**/x.fq')).toEqual([]);
      await world.put('own/_control_/job/j.json');
      await world.put('own/Align/_control_/items.csv');
      await world.put('own/p.json');
      expect(await items('**/*.json', 'own')).toEqual(['s3://results/own/p.json']);
      expect(await items('s3://results/own/**/*.csv')).toEqual([]);
    });

    it('only where the template makes it: what job data put in stands for itself', async () => {
      expect(await items('odd/${job.virus}.json')).toEqual(['s3://results/job/odd/virus-[PR].json']);
      expect(await items('odd/${job.virus}.*')).toEqual(['s3://results/job/odd/virus-[PR].json']);
      expect(await items('odd/${job.star}.json')).toEqual(['s3://results/job/odd/*.json']);
      expect(await items('s3://results/job/odd/${job.odd}.csv')).toEqual(['s3://results/job/odd/a?[b]*.csv']);
      expect(await items('@odd/${job.odd}.csv:$[*].id')).toEqual(['1']);
      const error = await failure('${job.pattern}');
      expect(error.name).toBe('SourceNotFound');
      expect(error.message).toContain('only the template makes a glob');
    });

    it('in a repository whose own name has brackets', async () => {
      expect(await items('*.txt', 'job[1]')).toEqual(['s3://results/job[1]/x.txt']);
    });

    it('that matches nothing: no items, and a warning', async () => {
      expect(await items('reads/*.bam')).toEqual([]);
      expect(world.entries).toMatchObject([
        { level: 'warning', count: 0, warnings: [expect.stringContaining('s3://results/job/reads/*.bam')] },
      ]);
    });
  });

  it('warns of what a glob leaves out in folders below, unless it names all folders', async () => {
    for (const key of ['run/a.fq', 'run/lane1/b.fq', 'run/lane2/deep/c.fq', 'run/lane1/other.txt'])
      await world.put(`job/${key}`, '');
    const warned = async (v: string) => {
      world.entries = [];
      const found = await scattered(world, { payload: await world.payload('job', {}), scatter: { v } });
      return { found: found.length, warnings: world.entries.flatMap(({ warnings = [] }) => warnings) };
    };
    expect(await warned('run/*.fq')).toEqual({
      found: 1,
      warnings: [
        'The scatter source "v", s3://results/job/run/*.fq, leaves out what is in folders below, such as s3://results/job/run/lane1/b.fq (2): "*" does not stand for "/". For all folders write "**/" before the file\'s name.',
      ],
    });
    expect(await warned('run/**/*.fq')).toEqual({ found: 3, warnings: [] });
    expect(await warned('run/lane2/deep/*.fq')).toEqual({ found: 1, warnings: [] });
  });

  it.each<[string, ScatterSource, string, string]>([
    ['a number', '${job.number}', 'SourceInvalid', '`${job.number}`, is 7'],
    ['nothing', '${job.nothing}', 'SourceInvalid', 'is nothing'],
    ['a map', '${job.map}', 'SourceInvalid', 'is a map'],
    ['an empty text', '${job.empty}', 'SourceInvalid', 'must be a list'],
    ['a value that is not there', '${job.missing}', 'ValueMissing', '${job.missing}'],
    ['a file that is not there', 'reads/none.fq', 'SourceNotFound', 's3://results/job/reads/none.fq'],
    ['a folder', 'reads/', 'SourceInvalid', 'is a folder'],
    ['a list that is not there', '@none.txt', 'SourceNotFound', 's3://results/job/none.txt'],
    ['a bucket that is not there', '@s3://not-there/x', 'SourceNotFound', 's3://not-there/x'],
    ['a glob in a bucket that is not there', 's3://not-there/*', 'BucketNotFound', 'bucket not-there'],
    [
      'a bucket that cannot be',
      's3://My_Data/x/*.fq',
      'BucketNotFound',
      'no bucket named "My_Data", as in s3://My_Data/x/*.fq. Bucket names have 3 to 63',
    ],
    ['a file in a bucket that cannot be', 's3://My_Data/x.fq', 'BucketNotFound', 'no bucket named "My_Data"'],
    ['a list in a bucket that cannot be', '@s3://x/list.txt', 'BucketNotFound', 'no bucket named "x"'],
    ['a selector on a file that is not there', '@none.json:$[*]', 'SourceNotFound', 's3://results/job/none.json'],
    ['a selector without its $', '@data/samples.json:samples', 'SourceNotFound', 'begins with `$`'],
    ['a bad selector', '@data/samples.json:$.[', 'SourceInvalid', '`$.[`'],
    ['bytes that are no text', '@lists/bytes.txt', 'SourceInvalid', 'not text in UTF-8'],
    ['bytes that are no text, to a selector', '@lists/bytes.txt:$[*]', 'SourceInvalid', 'not text in UTF-8'],
    ['bad JSON', '@data/bad.json:$', 'SourceInvalid', 'cannot read s3://results/job/data/bad.json'],
    ['a bad line of JSON', '@data/bad.ndjson:$', 'SourceInvalid', 'line 2'],
    ['two YAML documents', '@data/two.yaml:$', 'SourceInvalid', '2 YAML documents'],
    ['a number that JSON has not', '@data/infinite.yaml:$', 'SourceInvalid', 'Infinity'],
    ['YAML that contains itself', '@data/loop.yaml:$', 'SourceInvalid', '&a marks contains itself'],
    ['YAML with a key that stands twice', '@data/twice.yaml:$', 'SourceInvalid', '"a" stands twice'],
    ['YAML that expands without bounds', '@data/laughs.yaml:$.l0', 'SourceInvalid', 'more than 10000000 values'],
    ['a record with too few columns', '@data/ragged.csv:$', 'SourceInvalid', 'expect 2, got 1 on line 2'],
    ['a record with too many columns', '@data/long.csv:$', 'SourceInvalid', 'expect 2, got 3 on line 3'],
    ['CSV with two columns of one name', '@data/same.csv:$[*]', 'SourceInvalid', 'columns 1 and 3 are both named "id"'],
    [
      'CSV with two, but for blanks',
      '@data/same-trimmed.csv:$[*]',
      'SourceInvalid',
      'columns 1 and 2 are both named "id"',
    ],
    [
      'CSV with two columns without a name',
      '@data/unnamed-twice.csv:$[*]',
      'SourceInvalid',
      'columns 2 and 3 have no name',
    ],
    ['a selector of what is not there', '@data/samples.json:$.samples[*].nam', 'SourceInvalid', 'selects nothing from'],
    [
      'a selector of an empty list',
      '@data/samples.json:$.nothing[*]',
      'SourceInvalid',
      '`$.nothing[*]` selects nothing',
    ],
    ['a selector behind the last line', '@lists/gap.txt:$[5:]', 'SourceInvalid', 'selects nothing from'],
  ])('is refused when it is %s', async (_, source, name, message) => {
    const error = await failure(source);
    expect(error.name).toBe(name);
    expect(error.message).toContain(message);
  });
});
