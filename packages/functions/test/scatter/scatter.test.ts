import {
  type JobData,
  jsonText,
  maxCarriedBytes,
  parseValueMap,
  type ScatterSource,
  substitute,
} from '@bclaw/spec/run-time';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { refusal, World } from '../world.js';
import { readItems, scatter, scattered } from './scatter-world.js';

/** The data of a branch with those values. */
const dataIn = (values: unknown): JobData => ({ job: {}, scatter: parseValueMap(jsonText(values), 'x'), parent: {} });

describe('scatter', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.close());
  beforeEach(() => {
    world.entries = [];
  });

  it('writes one row for each branch and says where everything is', async () => {
    const result = await scatter(world, {
      payload: await world.payload('one', { id: 'x' }),
      scatter: { sample: ['a', 'b'] },
      inputs: { genome: 'ref/${job.id}.fa', 'mask?': 's3://lab/mask*.bed', reads: '*.fq' },
      outputs: { bam: '${job.id}*.bam' },
    });
    expect(result).toEqual({
      items: { bucket: 'results', key: 'one/Align/_control_/items.csv' },
      prefix: 'one/Align',
      uri: 's3://results/one/Align',
      results: 'one/_control_/Align',
      parent: {
        genome: 's3://results/one/ref/x.fa',
        mask: 's3://lab/mask*.bed',
        reads: 's3://results/one/*.fq',
        bam: 'x*.bam',
      },
      count: 2,
    });
    expect(await world.readText('results', 'one/Align/_control_/items.csv')).toBe(
      'index,scatter\n00000,"{""sample"":""a""}"\n00001,"{""sample"":""b""}"\n',
    );
    expect(await world.tags('results', 'one/Align/_control_/items.csv')).toEqual({ 'bclaw.system': 'true' });
  });

  it('shows native steps numbers, or the digits that would be rounded, and bclaw what was written', async () => {
    await world.put('digits/ids.json', '[12345678901234567890, 1.10, 7, {"n": 1e400}]');
    const payload = await world.payload('digits', {});
    const result = await scatter(world, { payload, scatter: { id: '@ids.json:$[*]' } });
    const rows = (await world.readText('results', 'digits/Align/_control_/items.csv'))
      .replaceAll('""', '"')
      .split('\n');
    expect(rows.slice(1, -1)).toEqual([
      '00000,"{"id":"12345678901234567890","=id":"12345678901234567890"}"',
      '00001,"{"id":1.1,"=id":"1.10"}"',
      '00002,"{"id":7}"',
      '00003,"{"id":{"n":"1e400"},"=id":"{\\"n\\":1e400}"}"',
    ]);
    expect((await readItems(world, result)).map(({ scatter: values }) => jsonText(values))).toEqual([
      '{"id":12345678901234567890}',
      '{"id":1.10}',
      '{"id":7}',
      '{"id":{"n":1e400}}',
    ]);
  });

  it('keeps numbers as they are written, from every kind of source, through branches of branches', async () => {
    const numbers = ['1.10', '1.0', '1e5', '-0', '0.12345678901234567890', '9007199254740993', '1E-400', '7', '0.5'];
    const list = `[${numbers.join(', ')}]`;
    await world.put('spelled/n.json', list);
    await world.put('spelled/n.yaml', list);
    await world.put('spelled/n.jsonl', numbers.join('\n'));
    await world.put('spelled/n.csv', `n\n${numbers.join('\n')}\n`);
    await world.put('spelled/_JOB_DATA_', `{"job":{"l":${list}},"scatter":{},"parent":{}}`);
    const payload = { ...(await world.payload('spelled-payload', {})), job_data: 's3://results/spelled/_JOB_DATA_' };
    const repo = { bucket: 'results', prefix: 'spelled', uri: 's3://results/spelled' };
    const sources = ['${job.l}', '@n.json:$[*]', '@n.yaml:$[*]', '@n.jsonl:$[*]', '@n.csv:$[*].n'];
    for (const v of sources) {
      const branches = await scattered(world, { payload: { ...payload, repo }, scatter: { v, w: ['x'] } });
      expect(branches.map((scatter) => substitute('${scatter.v} ${scatter.w}', dataIn(scatter)))).toEqual(
        numbers.map((number) => `${number} x`),
      );
    }
    const outer = { v: 1.1, '=v': '1.10' };
    const [inner] = await scattered(world, { payload: { ...payload, repo, scatter: outer }, scatter: { w: ['x'] } });
    expect(jsonText(inner)).toBe('{"v":1.10,"w":"x"}');
  });

  it('does the same in a repository that is a whole bucket', async () => {
    const payload = await world.payload('', {});
    const result = await scatter(world, {
      payload: {
        ...payload,
        repo: { bucket: 'results', prefix: '', uri: 's3://results' },
        job_data: 's3://results//_JOB_DATA_',
      },
      scatter: { x: [1] },
    });
    expect(result).toMatchObject({
      items: { key: 'Align/_control_/items.csv' },
      prefix: 'Align',
      uri: 's3://results/Align',
      results: '_control_/Align',
    });
  });

  it('makes every combination, the last source changing fastest', async () => {
    const sources = { a: ['x', 'y'], b: [1, 2, 3], c: [true] };
    expect(await scattered(world, { payload: await world.payload('product'), scatter: sources })).toEqual([
      { a: 'x', b: 1, c: true },
      { a: 'x', b: 2, c: true },
      { a: 'x', b: 3, c: true },
      { a: 'y', b: 1, c: true },
      { a: 'y', b: 2, c: true },
      { a: 'y', b: 3, c: true },
    ]);
  });

  it('takes the sources in the order that the request gives, for maps lose theirs on the way', async () => {
    const call = { payload: await world.payload('order'), scatter: { a: [1, 2], b: ['x', 'y'], c: [true] } };
    const rows = async (order: readonly string[]) =>
      (await scattered(world, { ...call, order })).map((row) => JSON.stringify(row));
    expect((await rows(['c', 'b', 'a'])).slice(0, 2)).toEqual(['{"c":true,"b":"x","a":1}', '{"c":true,"b":"x","a":2}']);
    expect((await rows(['b', 'none'])).at(1)).toBe('{"b":"x","a":2,"c":true}');
  });

  it.each([{ a: [] }, { a: ['x'], b: [] }, { a: [], b: ['x'] }, { a: '${job.none}' }])(
    'makes no branches of %j: a header, and nothing is wrong',
    async (sources) => {
      const result = await scatter(world, { payload: await world.payload('zero', { none: [] }), scatter: sources });
      expect(result.count).toBe(0);
      expect(await world.readText('results', result.items.key)).toBe('index,scatter\n');
    },
  );

  it('numbers branches with five digits, and with more when there are more', async () => {
    const thousand = Array.from({ length: 1000 }, (_, index) => index);
    const payload = await world.payload('width', { thousand, hundred: thousand.slice(0, 100), number: 1 });
    const indexes = async (sources: Readonly<Record<string, ScatterSource>>) => {
      const { items } = await scatter(world, { payload, scatter: sources });
      const lines = (await world.readText(items.bucket, items.key)).split('\n').slice(1, -1);
      return lines.map((line) => line.slice(0, line.indexOf(',')));
    };
    const numbers = (count: number, width: number) =>
      Array.from({ length: count }, (_, index) => String(index).padStart(width, '0'));
    const both = { a: '${job.thousand}', b: '${job.hundred}' };
    expect(await indexes(both)).toEqual(numbers(100_000, 5));
    expect(await indexes({ ...both, a: ['${job.number}', '${job.number}'], c: '${job.thousand}' })).toEqual(
      numbers(200_000, 6),
    );
  });

  it('refuses more branches than Step Functions takes, before it writes any', async () => {
    const many = Array.from({ length: 10_000 }, (_, index) => index);
    const payload = await world.payload('many', { many });
    const error = await refusal(
      scatter(world, { payload, scatter: { a: '${job.many}', b: '${job.many}', c: [1, 2] } }),
    );
    expect(error.name).toBe('TooManyItems');
    expect(error.message).toContain('200000000 branches (a: 10000, b: 10000, c: 2)');
    expect(await world.keys('results', 'many/Align')).toEqual([]);
  });

  describe('within a branch of another scatter', () => {
    it('knows the outer branch’s values and files, and adds its own to them', async () => {
      const payload = await world.payload(
        'outer/Align/00003',
        {},
        { index: '00003', scatter: { sample: 's1', lane: 1 }, parent: { chunks: 's3://results/outer/chunks.txt' } },
      );
      await world.put('outer/chunks.txt', 'c1\nc2\n');
      const result = await scatter(world, {
        payload,
        step: 'Inner',
        scatter: { chunk: '@${parent.chunks}', lane: ['${scatter.sample}-x'] },
        inputs: { reads: '${scatter.sample}.fq' },
      });
      expect((await readItems(world, result)).map(({ scatter: values }) => values)).toEqual([
        { sample: 's1', chunk: 'c1', lane: 's1-x' },
        { sample: 's1', chunk: 'c2', lane: 's1-x' },
      ]);
      expect(result.prefix).toBe('outer/Align/00003/Inner');
      expect(result.parent).toEqual({ reads: 's3://results/outer/Align/00003/s1.fq' });
    });

    it('reads values that were too many to travel', async () => {
      await world.put('far/Align/_control_/values/00000.json', '{"sample": "s9"}');
      await world.put('far/Align/_control_/parent.json', '{"list": "s3://results/far/list.txt"}');
      await world.put('far/list.txt', 'only');
      const payload = await world.payload(
        'far/Align/00000',
        {},
        {
          scatter: 's3://results/far/Align/_control_/values/00000.json',
          parent: 's3://results/far/Align/_control_/parent.json',
        },
      );
      expect(await scattered(world, { payload, step: 'Inner', scatter: { x: '@${parent.list}' } })).toEqual([
        { sample: 's9', x: 'only' },
      ]);
    });
  });

  describe('values that are too many to travel', () => {
    /** A text whose branch values have exactly this many bytes as JSON within JSON. */
    const sized = (bytes: number, character: string) => {
      const overhead = Buffer.byteLength(JSON.stringify(JSON.stringify({ x: '' })));
      const each = Buffer.byteLength(JSON.stringify(JSON.stringify(character))) - Buffer.byteLength('"\\"\\""');
      const count = Math.floor((bytes - overhead) / each);
      const text = character.repeat(count) + 'a'.repeat(bytes - overhead - count * each);
      expect(Buffer.byteLength(JSON.stringify(JSON.stringify({ x: text })))).toBe(bytes);
      return text;
    };

    it.each([
      ['a letter', 'a'],
      ['a quote', '"'],
      ['a backslash', '\\'],
      ['a line feed', '\n'],
      ['two bytes', 'ü'],
      ['four bytes', '🧬'],
    ])('are put into an object only beyond the limit, to the byte (%s)', async (_, character) => {
      const [within, beyond] = [sized(maxCarriedBytes, character), sized(maxCarriedBytes + 1, character)];
      const payload = await world.payload(`border/${character.codePointAt(0)}`, { within, beyond });
      const values = await scattered(world, { payload, scatter: { x: ['${job.within}', '${job.beyond}', 'small'] } });
      const uri = `${payload.repo.uri}/Align/_control_/values/00001.json`;
      expect(values).toEqual([{ x: within }, uri, { x: 'small' }]);
      const key = uri.replace('s3://results/', '');
      expect(await world.readJson(key)).toEqual({ x: beyond });
      expect(await world.tags('results', key)).toEqual({ 'bclaw.system': 'true' });
      expect(await world.keys('results', `${payload.repo.prefix}/Align/`)).toEqual([
        `${payload.repo.prefix}/Align/_control_/items.csv`,
        key,
      ]);
    });

    it('are whole, the outer branch’s and those with quotes included', async () => {
      const outer = { a: `"${'q'.repeat(maxCarriedBytes)}"`, b: ['\\', '""'] };
      const payload = await world.payload('border/outer', {}, { scatter: outer });
      const values = await scattered(world, { payload, scatter: { x: ['""', '\u2028'], y: [1, 2] } });
      expect(values).toHaveLength(4);
      for (const [index, own] of [
        ['0', { x: '""', y: 1 }],
        ['3', { x: '\u2028', y: 2 }],
      ] as const)
        expect(await world.readJson(`border/outer/Align/_control_/values/0000${index}.json`)).toEqual({
          ...outer,
          ...own,
        });
    });

    it('are put into objects for hundreds of branches', async () => {
      const big = 'x'.repeat(maxCarriedBytes);
      const numbers = Array.from({ length: 300 }, (_, index) => index);
      const payload = await world.payload('border/many', { big, numbers });
      const values = await scattered(world, { payload, scatter: { big: ['${job.big}'], n: '${job.numbers}' } });
      expect(values[299]).toBe('s3://results/border/many/Align/_control_/values/00299.json');
      expect(await world.keys('results', 'border/many/Align/_control_/values/')).toHaveLength(300);
      expect(await world.readJson('border/many/Align/_control_/values/00299.json')).toEqual({ big, n: 299 });
    });

    it('are the parent’s files, too', async () => {
      const file = (bytes: number) => 'f'.repeat(bytes - JSON.stringify(JSON.stringify({ x: '' })).length);
      const within = { x: file(maxCarriedBytes) };
      const beyond = { x: file(maxCarriedBytes + 1) };
      const payload = await world.payload('border/parent');
      expect((await scatter(world, { payload, scatter: { s: [1] }, outputs: within })).parent).toEqual(within);
      const uri = 's3://results/border/parent/Align/_control_/parent.json';
      expect((await scatter(world, { payload, scatter: { s: [1] }, outputs: beyond })).parent).toBe(uri);
      expect(await world.readJson('border/parent/Align/_control_/parent.json')).toEqual(beyond);
    });
  });

  describe('refuses', () => {
    it('a request that no state machine of bclaw sends', async () => {
      const payload = await world.payload('bad');
      expect((await refusal(scatter(world, { payload, scatter: { x: 7 as unknown as string } }))).name).toBe(
        'RequestInvalid',
      );
    });

    it('a job whose data is gone, or no job data', async () => {
      const payload = await world.payload('gone');
      const lost = { ...payload, job_data: 's3://results/gone/none' };
      expect((await refusal(scatter(world, { payload: lost, scatter: { x: [1] } }))).name).toBe('JobDataNotFound');
      await world.put('gone/other', '{"hello": 1}');
      const other = { ...payload, job_data: 's3://results/gone/other' };
      expect((await refusal(scatter(world, { payload: other, scatter: { x: [1] } }))).name).toBe('JobDataNotFound');
    });

    it('a repository whose bucket is gone', async () => {
      const payload = await world.payload('lost');
      const repo = { bucket: 'not-there-any-more', prefix: 'x', uri: 's3://not-there-any-more/x' };
      const error = await refusal(scatter(world, { payload: { ...payload, repo }, scatter: { x: [1] } }));
      expect(error).toMatchObject({ name: 'RepositoryInvalid' });
      expect(error.message).toContain('not-there-any-more, does not exist');
    });
  });

  it('logs one line with workflow, version, execution, step, branch and count', async () => {
    await scatter(world, { payload: await world.payload('log', {}, { index: '00007' }), scatter: { x: [1, 2, 3] } });
    expect(world.entries).toEqual([
      {
        level: 'info',
        message: 'done',
        function: 'scatter',
        workflow: 'wf',
        version: 3,
        execution: 'job_0a1b2c3d',
        step: 'Align',
        branch: '00007',
        count: 3,
        milliseconds: 5,
      },
    ]);
  });
});
