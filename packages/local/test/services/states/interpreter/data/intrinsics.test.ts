import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIntrinsic } from '../../../../../src/services/states/interpreter/data/intrinsic-parser.js';
import type { Json, JsonObject } from '../../../../../src/services/states/interpreter/data/json.js';
import {
  evaluateReference,
  evaluateTemplate,
} from '../../../../../src/services/states/interpreter/data/payload-template.js';

const randomness = { random: () => 0.5, uuid: () => '00000000-0000-4000-8000-000000000000' };
const evaluate = (text: string, data: Json = {}, context: JsonObject = {}) =>
  evaluateReference(text, 'x.$', { data, context, variables: {}, randomness });

describe('intrinsic functions', () => {
  // The examples of the States Language, "Intrinsic Functions".
  it.each<[string, Json, Json]>([
    ["States.Format('Hello, my name is {}.', $.name)", { name: 'Arnav' }, 'Hello, my name is Arnav.'],
    ["States.Format('{}: {} {}', $.a, $.b, $.c)", { a: 1, b: true, c: { d: null } }, '1: true {d=null}'],
    ["States.Format('it\\'s \\{{}\\}', 'x')", {}, "it's {x}"],
    ['States.StringToJson($.s)', { s: '{"n":20}' }, { n: 20 }],
    ['States.JsonToString($.o)', { o: { n: 20 } }, '{"n":20}'],
    ['States.Array($.Id, 1, null, true)', { Id: 123456 }, [123456, 1, null, true]],
    ['States.Array()', {}, []],
    ['States.ArrayPartition($.a, 4)', { a: [1, 2, 3, 4, 5, 6, 7, 8, 9] }, [[1, 2, 3, 4], [5, 6, 7, 8], [9]]],
    ['States.ArrayContains($.a, $.v)', { a: [1, { b: 2 }], v: { b: 2 } }, true],
    ['States.ArrayRange(1, 9, 2)', {}, [1, 3, 5, 7, 9]],
    ['States.ArrayRange(3, 1, -1)', {}, [3, 2, 1]],
    ['States.ArrayGetItem($.a, 2)', { a: ['a', 'b', 'c'] }, 'c'],
    ['States.ArrayLength($.a)', { a: [1, 2] }, 2],
    ['States.ArrayUnique($.a)', { a: [1, 2, 1, [3], [3]] }, [1, 2, [3]]],
    ["States.Base64Encode('Data to encode')", {}, 'RGF0YSB0byBlbmNvZGU='],
    ["States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", {}, 'Data to encode'],
    ['States.JsonMerge($.a, $.b, false)', { a: { x: { p: 1 }, y: 2 }, b: { x: { q: 3 } } }, { x: { q: 3 }, y: 2 }],
    ['States.MathAdd($.v, -1)', { v: 111 }, 110],
    ["States.StringSplit('a.b+c,d=e', '.+,=')", {}, ['a', 'b', 'c', 'd', 'e']],
    ['States.UUID()', {}, '00000000-0000-4000-8000-000000000000'],
    ['States.MathRandom(0, 10)', {}, 5],
    ["States.Format('{}', States.ArrayLength(States.Array(1, 2)))", {}, '2'],
    ["States.ArrayLength($.a[?(@.x == 'a,b)')])", { a: [{ x: 'a,b)' }, { x: 1 }] }, 1],
  ])('%s', (text, data, value) => {
    expect(evaluate(text, data)).toEqual(value);
  });

  it('gives the same random number for the same seed, inside its bounds', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: -1000, max: 1000 }),
        fc.integer({ min: 1, max: 1000 }),
        (seed, from, span) => {
          const text = `States.MathRandom(${from}, ${from + span}, ${seed})`;
          const value = Number(evaluate(text));
          expect(value).toBe(evaluate(text));
          expect(value).toBeGreaterThanOrEqual(from);
          expect(value).toBeLessThan(from + span);
        },
      ),
    );
  });

  it('digests as the algorithms do', () => {
    for (const [name, own] of [
      ['MD5', 'md5'],
      ['SHA-1', 'sha1'],
      ['SHA-256', 'sha256'],
      ['SHA-384', 'sha384'],
      ['SHA-512', 'sha512'],
    ] as const) {
      expect(evaluate(`States.Hash('data', '${name}')`)).toBe(createHash(own).update('data').digest('hex'));
    }
  });

  it('partitions into chunks that join to the array', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer({ min: 1, max: 20 }), (a, n) => {
        const chunks = evaluate(`States.ArrayPartition($.a, ${n})`, { a });
        expect(Array.isArray(chunks) ? chunks.flat() : chunks).toEqual(a);
        if (Array.isArray(chunks)) for (const chunk of chunks.slice(0, -1)) expect(chunk).toHaveLength(n);
      }),
    );
  });

  it('takes any text through encoding and through Format', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (s) => {
        expect(evaluate('States.Base64Decode(States.Base64Encode($.s))', { s })).toBe(s);
        expect(evaluate("States.Format('<{}>', $.s)", { s })).toBe(`<${s}>`);
        expect(evaluate('States.StringToJson(States.JsonToString($.s))', { s })).toBe(s);
      }),
    );
  });

  it.each([
    ["States.Format('{} {}', 1)", 'more place-holders than values'],
    ["States.Format('{}', 1, 2)", 'more values than place-holders'],
    ['States.ArrayRange(1, 5, 0)', 'must not be 0'],
    ['States.ArrayRange(0, 5000, 1)', 'at most 1000'],
    ['States.ArrayPartition($.a, 0)', 'positive'],
    ['States.ArrayGetItem($.a, 9)', 'outside'],
    ["States.StringToJson('no')", 'not JSON'],
    ["States.Hash('a', 'CRC')", 'must be one of'],
    ['States.MathRandom(5, 5)', 'less than'],
    ['States.JsonMerge($.o, $.o, true)', 'shallow'],
    ['States.Nope(1)', 'does not exist'],
    ['States.UUID(1)', 'does not take 1 argument'],
    ['States.ArrayLength(', 'valid intrinsic function call'],
    ["States.Format('open", 'valid intrinsic function call'],
    ['States.ArrayLength($.missing)', "The JSONPath '$.missing' specified for the field 'x.$' could not be found"],
  ])('refuses %s', (text, why) => {
    expect(() => evaluate(text, { a: [1], o: {} })).toThrow(why);
  });

  it.each([
    ['of a text', `States.Format('${'{}'.repeat(200)}'${', $.big'.repeat(200)})`],
    [
      'of shared parts',
      `States.Array(${Array(9)
        .fill(`States.Array(${Array(9).fill('$.big').join()})`)
        .join()})`,
    ],
  ])('limit the size %s', (_, text) => {
    expect(() => evaluate(text, { big: 'x'.repeat(250_000) })).toThrow(/too long|exceeds the maximum/);
  });

  it('limit the size of a template that names its input again and again', () => {
    const template = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`k${index}.$`, '$']));
    const scope = { data: 'x'.repeat(250_000), context: {}, variables: {}, randomness };
    expect(() => evaluateTemplate(template, scope)).toThrow('exceeds the maximum');
    expect(evaluateTemplate({ 'a.$': '$', 'b.$': '$' }, scope)).toEqual({ a: scope.data, b: scope.data });
  });

  it('find what is unique among very many', () => {
    const items = Array.from({ length: 60_000 }, (_, index) => index);
    expect(evaluate('States.ArrayUnique($)', [...items, ...items])).toEqual(items);
    expect(evaluate('States.ArrayUnique($)', [{ a: 1, b: 2 }, { b: 2, a: 1 }, '1', 1, [1]])).toEqual([
      { a: 1, b: 2 },
      '1',
      1,
      [1],
    ]);
  });

  it('limits nesting', () => {
    const deep = (n: number): string => (n === 0 ? '1' : `States.Array(${deep(n - 1)})`);
    expect(() => parseIntrinsic(deep(10))).not.toThrow();
    expect(() => parseIntrinsic(deep(11))).toThrow('nested');
  });
});
