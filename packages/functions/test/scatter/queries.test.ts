import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, World } from '../world.js';
import { scatter, scattered } from './scatter-world.js';

const sheet = [
  { sample: 'a', lane: '1', reads: '5' },
  { sample: 'b', lane: '1', reads: '2000' },
  { sample: 'a', lane: '2', reads: '3000' },
];

describe('a scatter’s source that is a query', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
    const lines = ['sample,lane,reads', ...sheet.map(({ sample, lane, reads }) => `${sample},${lane},${reads}`)];
    await world.put('q/sheet.csv', `${lines.join('\n')}\n`);
  });
  afterAll(() => world.close());

  const from = '@sheet.csv:$[*]';
  const branches = async (source: object, job: Readonly<Record<string, unknown>> = {}) =>
    await scattered(world, { payload: await world.payload('q', job), scatter: { s: { from, ...source } } });

  it('groups items by a key, in the order of their first, with every row as it is', async () => {
    expect(await branches({ group_by: ['sample'] })).toEqual([
      { s: { key: 'a', rows: [sheet[0], sheet[2]] } },
      { s: { key: 'b', rows: [sheet[1]] } },
    ]);
  });

  it('groups items by several keys', async () => {
    expect(await branches({ group_by: ['lane', 'sample'] })).toEqual([
      { s: { key: { lane: '1', sample: 'a' }, rows: [sheet[0]] } },
      { s: { key: { lane: '1', sample: 'b' }, rows: [sheet[1]] } },
      { s: { key: { lane: '2', sample: 'a' }, rows: [sheet[2]] } },
    ]);
  });

  it('keeps the items for which a condition holds, before it groups them', async () => {
    expect(await branches({ where: 'int(row.reads) > job.least' }, { least: 1000 })).toEqual([
      { s: sheet[1] },
      { s: sheet[2] },
    ]);
    expect(await branches({ where: 'row.lane == "1"', group_by: ['sample'] })).toEqual([
      { s: { key: 'a', rows: [sheet[0]] } },
      { s: { key: 'b', rows: [sheet[1]] } },
    ]);
    expect(await branches({ where: 'row.lane == "9"' })).toEqual([]);
  });

  it('is refused with the item that cannot be tested or grouped', async () => {
    const refused = async (source: object) => await refusal(branches(source));
    expect(await refused({ where: 'row.reads > 1000' })).toMatchObject({
      name: 'ConditionFailed',
      message: expect.stringContaining('"s" fails for the item {"sample":"a","lane":"1","reads":"5"}'),
    });
    expect(await refused({ where: 'row.depth > 1' })).toMatchObject({ name: 'ConditionFailed' });
    expect(await refused({ where: 'row ==' })).toMatchObject({ name: 'ConditionFailed' });
    expect(await refused({ group_by: ['smaple'] })).toMatchObject({
      name: 'SourceInvalid',
      message: expect.stringContaining('its item 1 has no "smaple" (it has sample, lane, reads)'),
    });
    expect(await refused({ from: ['x'], group_by: ['sample'] })).toMatchObject({
      name: 'SourceInvalid',
      message: expect.stringContaining('its item 1 is'),
    });
  });

  it('takes maps that the template lists, with the job’s data in their texts', async () => {
    const payload = await world.payload('q', { id: 'X', lanes: [1, 2] });
    const maps = [{ name: '${job.id}.fq', lanes: '${job.lanes}', n: 1 }];
    expect(await scattered(world, { payload, scatter: { s: maps } })).toEqual([
      { s: { name: 'X.fq', lanes: [1, 2], n: 1 } },
    ]);
  });

  it('loses and doubles no row, whatever the rows are', async () => {
    const row = fc.record({ k: fc.constantFrom('x', 'y', 1, '1', null, true), v: fc.jsonValue({ maxDepth: 1 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), async (generated) => {
        const rows: { k: unknown }[] = JSON.parse(JSON.stringify(generated));
        const payload = await world.payload('any', { rows });
        const groups = await scattered(world, {
          payload,
          scatter: { s: { from: '${job.rows}', group_by: ['k'] } },
        });
        const keys = [...new Set(rows.map(({ k }) => JSON.stringify(k)))];
        expect(groups).toEqual(
          keys.map((key) => ({ s: { key: JSON.parse(key), rows: rows.filter(({ k }) => JSON.stringify(k) === key) } })),
        );
      }),
      { numRuns: 40 },
    );
  });
});

describe('zipped sources', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.close());

  it('advance together, and are combined with the others', async () => {
    const payload = await world.payload('z', { normals: ['n1', 'n2'] });
    const call = { payload, scatter: { n: '${job.normals}', p: [7, 8], t: ['t1', 't2'] }, order: ['t', 'n', 'p'] };
    expect(await scattered(world, { ...call, zip: ['t', 'n'] })).toEqual([
      { t: 't1', n: 'n1', p: 7 },
      { t: 't1', n: 'n1', p: 8 },
      { t: 't2', n: 'n2', p: 7 },
      { t: 't2', n: 'n2', p: 8 },
    ]);
  });

  it('are refused when one has more items than another, with all the numbers', async () => {
    const payload = await world.payload('z', {});
    const scatterOf = { a: [1, 2, 3], b: ['x'], c: [] };
    expect(await refusal(scatter(world, { payload, scatter: scatterOf, zip: ['a', 'b', 'c'] }))).toMatchObject({
      name: 'SourceInvalid',
      message: expect.stringContaining('"a" has 3, "b" has 1, "c" has 0'),
    });
  });

  it('give as many branches as each has items, with the values at their places, whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.jsonValue(), fc.string({ unit: 'binary' }), fc.double())),
        async (pairs) => {
          const rows: [unknown, string, unknown][] = JSON.parse(JSON.stringify(pairs));
          const job = { a: rows.map(([a]) => a), b: rows.map(([, b]) => b), c: rows.map(([, , c]) => c) };
          const payload = await world.payload('any', job);
          const sources = { a: '${job.a}', b: '${job.b}', c: '${job.c}' };
          const found = await scattered(world, { payload, scatter: sources, zip: ['a', 'b', 'c'] });
          expect(JSON.stringify(found.length)).toBe(JSON.stringify(rows.length));
          for (const [index, values] of found.entries()) {
            const [a, b, c] = rows[index] ?? [];
            expect(JSON.parse(JSON.stringify(values, plain))).toEqual({ a, b, c });
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});

/** Numbers that keep their spelling, as plain ones. */
function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
