import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../../src/services/states/interpreter/data/json.js';
import { isPath, readPath } from '../../../../../src/services/states/interpreter/data/json-path.js';
import {
  parseReferencePath,
  readSegments,
  writeSegments,
} from '../../../../../src/services/states/interpreter/data/reference-path.js';

const scope = (data: Json, context: JsonObject = {}, variables: JsonObject = {}) => ({ data, context, variables });

describe('a reference path', () => {
  it.each([
    ['$', []],
    ['$.a', ['a']],
    ['$.delivery-partner.name', ['delivery-partner', 'name']],
    ["$['unit price'][0]", ['unit price', 0]],
    ['$["a.b"].c', ['a.b', 'c']],
    ["$['it\\'s']", ["it's"]],
    ['$.ünïcode', ['ünïcode']],
  ])('reads %s', (text, segments) => {
    expect(parseReferencePath(text)).toEqual({ root: { kind: 'data' }, segments });
  });

  it('tells data, context and variables apart', () => {
    expect(parseReferencePath('$$.Execution.Id')).toEqual({ root: { kind: 'context' }, segments: ['Execution', 'Id'] });
    expect(parseReferencePath('$order.id')).toEqual({ root: { kind: 'variable', name: 'order' }, segments: ['id'] });
  });

  it.each(['$.a[*]', '$..a', '$.a[0:2]', '$.a[?(@.b)]', 'a.b', '$.', '$.a b'])('is not %s', (text) => {
    expect(parseReferencePath(text)).toBeUndefined();
  });

  const key = fc.string({ minLength: 1, maxLength: 8 });
  const keys = fc.array(key, { minLength: 1, maxLength: 4 });
  const quoted = (names: readonly string[]) =>
    `$${names.map((name) => `['${name.replace(/[\\']/g, '\\$&')}']`).join('')}`;

  it('reads what was written, whatever the keys', () => {
    fc.assert(
      fc.property(keys, fc.jsonValue(), fc.dictionary(key, fc.jsonValue()), (names, value, data) => {
        // Data from outside came through JSON.parse, keys such as __proto__ included.
        const given: JsonObject = JSON.parse(JSON.stringify(data));
        const plain: Json = JSON.parse(JSON.stringify(value));
        const path = parseReferencePath(quoted(names));
        expect(path?.segments).toEqual(names);
        const written = writeSegments(given, names, plain);
        // A key on the way may hold something that is no object: then nothing is written at all.
        if (written === undefined) return;
        expect(readSegments(written, names)).toEqual(plain);
        const untouched = Object.entries(given).filter(([name]) => name !== names[0]);
        for (const [name, kept] of untouched) expect(readSegments(written, [name])).toEqual(kept);
      }),
    );
  });

  it('never writes through a value that is no object, nor beyond the end of an array', () => {
    expect(writeSegments({ a: 'text' }, ['a', 'b'], 1)).toBeUndefined();
    expect(writeSegments({ a: [1] }, ['a', 1], 2)).toBeUndefined();
    expect(writeSegments({ a: [1] }, ['a', 0], 2)).toEqual({ a: [2] });
    expect(writeSegments('text', ['a'], 1)).toBeUndefined();
  });
});

describe('readPath', () => {
  const store = {
    book: [
      { title: 'A', price: 8, isbn: 'x' },
      { title: 'B', price: 22 },
    ],
    'delivery-partner': { id: 1 },
  };

  it.each<[string, Json]>([
    ['$.book[0].title', 'A'],
    ['$.book[*].title', ['A', 'B']],
    ['$.book[0:1]', [store.book[0] ?? null]],
    ['$.book[-1:].title', ['B']],
    ['$..price', [8, 22]],
    ['$.book[?(@.price < 10)].title', ['A']],
    ['$.book[?(@.isbn)].title', ['A']],
    ['$.book[?(@.price > 100)]', []],
    ['$.delivery-partner.id', 1],
    ['$..delivery-partner', [{ id: 1 }]],
  ])('reads %s', (path, value) => {
    expect(readPath(path, scope(store))).toEqual(value);
  });

  it('reads the context object and variables', () => {
    expect(readPath('$$.Map.Item.Index', scope({}, { Map: { Item: { Index: 3 } } }))).toBe(3);
    expect(readPath('$items[*].n', scope({}, {}, { items: [{ n: 1 }, { n: 2 }] }))).toEqual([1, 2]);
    expect(readPath('$missing', scope({}))).toBeUndefined();
  });

  it.each(['$.constructor', '$.__proto__', "$['toString']", '$.book.length'])(
    'sees nothing inherited in %s',
    (path) => {
      expect(readPath(path, scope(store))).toBeUndefined();
    },
  );

  it('tells paths from other text', () => {
    expect(['$', '$.a[*]', "$['a']", '$$.Task.Token', '$x.y'].every(isPath)).toBe(true);
    expect(['', 'a', '$.a[', '$.a[?(]', '$..'].some(isPath)).toBe(false);
  });
});

describe('a path of untrusted text or data', () => {
  const names = (count: number) => Array.from({ length: count }, (_, id) => ({ id, name: `x${id}`, tags: ['a', 'b'] }));

  it('matches regular expressions in linear time', () => {
    const text = `${'a'.repeat(50_000)}!`;
    expect(readPath("$[?match(@, '(a|a)*')]", scope([text]))).toEqual([]);
    expect(readPath("$[?search(@, '(a+)+$')]", scope([text]))).toEqual([]);
    expect(readPath("$[?match(@, '(a|a)*!')]", scope([text]))).toEqual([text]);
  });

  it('matches as RFC 9485 has it', () => {
    const found = (query: string, data: Json) => readPath(`$[?${query}]`, scope(data));
    expect(found("match(@, 'a|bc')", ['a', 'bc', 'ac', 'abc'])).toEqual(['a', 'bc']);
    expect(found("search(@, 'b.d')", ['abcd', 'b\nd', 'b\rd'])).toEqual(['abcd']);
    expect(found("match(@, '\\\\p{Lu}[0-9]{2,3}')", ['Ä12', 'a12', 'B1234'])).toEqual(['Ä12']);
    expect(found("match(@, '(')", ['('])).toEqual([]);
    expect(() => found("match(@, '(?=a)a')", ['a'])).toThrow('RFC 9485');
  });

  it.each([
    `$${'[0,0]'.repeat(40)}`,
    `$${"['a','a']".repeat(40)}`,
    `$${'[*,*]'.repeat(30)}`,
    '$[?count($[?count($..*) > 1]) > 1]',
    `$${'..*'.repeat(30)}`,
  ])('is refused when it may look at far more than there is: %s', (path) => {
    const nested = { a: { a: { a: { a: names(9) } } } };
    expect(() => readPath(path, scope(path.includes('..*..*') ? nested : names(5_000)))).toThrow(RangeError);
  });

  it('is read when it looks at each value a few times', () => {
    const data = { items: names(20_000), limit: 19_998 };
    expect(readPath('$.items[?@.id > $.limit].name', scope(data))).toEqual(['x19999']);
    expect(readPath("$.items[?@.tags[?@ == 'a']].id", scope(data))).toHaveLength(20_000);
    expect(readPath('$..name', scope(data))).toHaveLength(20_000);
    expect(readPath('$.items[0,1]..tags[*]', scope(data))).toEqual(['a', 'b', 'a', 'b']);
  });
});
