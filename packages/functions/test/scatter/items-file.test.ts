import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { World } from '../world.js';
import { readItems, scatter } from './scatter-world.js';

/** Any JSON value that survives a round trip through JSON: -0 does not. */
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)));
/** Characters that are special in CSV or to parsers that split lines. */
const difficult = fc
  .array(
    fc.constantFrom(
      '"',
      ',',
      '\n',
      '\r',
      '\r\n',
      '\t',
      '\u0085',
      '\u2028',
      '\u2029',
      '\0',
      '\\',
      '🧬',
      '\ud800',
      'é',
      "'",
      '{',
      '}',
      ' ',
    ),
  )
  .map((parts) => parts.join(''));
const items = fc.array(fc.oneof(json, difficult, fc.string({ unit: 'binary' })), { maxLength: 6 });
const sources = fc.dictionary(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,6}$/), items, {
  minKeys: 1,
  maxKeys: 3,
});

/** The result of `itertools.product`. */
function product(axes: readonly (readonly [string, readonly unknown[]])[]): readonly Record<string, unknown>[] {
  const [first, ...rest] = axes;
  if (first === undefined) return [{}];
  const [name, values] = first;
  return values.flatMap((value) => product(rest).map((others) => ({ [name]: value, ...others })));
}

describe('the file of items', () => {
  let world: World;

  beforeAll(async () => {
    world = await World.create();
  });
  afterAll(() => world.close());

  it('is read back as the product of its sources, whatever is in them', async () => {
    await fc.assert(
      fc.asyncProperty(sources, async (lists) => {
        const payload = await world.payload('any', { lists });
        const result = await scatter(world, {
          payload,
          scatter: Object.fromEntries(Object.keys(lists).map((name) => [name, `\${job.lists."${name}"}`])),
        });
        const expected = product(Object.entries(lists));
        const rows = await readItems(world, result);
        // JSON writes a lone surrogate as an escape, which survives the round trip.
        expect(rows.map(({ scatter: values }) => values)).toEqual(expected);
        expect(rows.map(({ index }) => index)).toEqual(expected.map((_, index) => String(index).padStart(5, '0')));
        expect(result.count).toBe(expected.length);
      }),
      { numRuns: 60 },
    );
  });

  it('has one line a row: what readers split at is escaped', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(difficult, { maxLength: 8 }), async (texts) => {
        const result = await scatter(world, {
          payload: await world.payload('lines', { texts }),
          scatter: { x: '${job.texts}' },
        });
        const text = await world.readText('results', result.items.key);
        expect(text.split(/[\n\r\u0085\u2028\u2029]/)).toHaveLength(texts.length + 2);
        expect(parse(text, { columns: true })).toHaveLength(texts.length);
      }),
      { numRuns: 20 },
    );
  });
});
