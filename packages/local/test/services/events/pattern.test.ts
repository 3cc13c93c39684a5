import { describe, expect, it } from 'vitest';
import { matches } from '../../../src/services/events/pattern/match.js';
import { PatternError, parsePattern } from '../../../src/services/events/pattern/parse.js';

const fits = (pattern: unknown, event: unknown) => matches(parsePattern(pattern), event);

describe('an event pattern', () => {
  it.each<[string, unknown, unknown[], unknown[]]>([
    ['an exact text', ['aws.s3'], ['aws.s3', ['x', 'aws.s3']], ['aws.s4', 'AWS.S3', ['x'], undefined, {}]],
    ['an exact number', [5], [5, 5.0, [4, 5]], ['5', 6]],
    ['a boolean, null or empty text', [true, null, ''], [true, null, ''], [false, 'null', undefined]],
    ['a prefix', [{ prefix: 'wf/' }], ['wf/', 'wf/a'], ['wf', 'WF/a', 7]],
    ['a prefix in any case', [{ prefix: { 'equals-ignore-case': 'WF/' } }], ['wf/a', 'Wf/a'], ['w']],
    ['a suffix', [{ suffix: '.json' }], ['a.json', '.json'], ['a.json5', 'a.JSON']],
    ['a suffix in any case', [{ suffix: { 'equals-ignore-case': '.json' } }], ['a.JSON'], ['a.yaml']],
    ['a text in any case', [{ 'equals-ignore-case': 'Éa' }], ['éA', 'ÉA'], ['ea']],
    ['a wildcard', [{ wildcard: 'a*b*c' }], ['abc', 'a--b--c', 'abcbc'], ['ab', 'xabc', 'abcx', 'acb']],
    ['an escaped star', [{ wildcard: 'a\\*b\\\\' }], ['a*b\\'], ['axb\\', 'a*b']],
    ['a wildcard that overlaps itself', [{ wildcard: 'aba*aba' }], ['abaaba', 'abaxaba'], ['aba', 'ababa']],
    ['a range', [{ numeric: ['>', 0, '<=', 5] }], [1, 5, [9, 3]], [0, 5.1, '3']],
    ['an equality of numbers', [{ numeric: ['=', 3.018e2] }], [301.8], [301]],
    ['an address range', [{ cidr: '10.0.0.0/24' }], ['10.0.0.255'], ['10.0.1.0', 'x']],
    ['presence', [{ exists: true }], ['x', null, 0, ['x']], [undefined, {}, { a: 1 }, []]],
    ['absence', [{ exists: false }], [undefined, {}, []], ['x', null]],
    ['anything but a text', [{ 'anything-but': 'x' }], ['y', 5, null, ['x', 'y']], ['x', undefined]],
    ['anything but some', [{ 'anything-but': ['x', 'y', 7] }], ['z', 8], ['x', 'y', 7]],
    ['anything but a prefix', [{ 'anything-but': { prefix: 'us-' } }], ['eu-1'], ['us-1']],
    ['anything but some suffixes', [{ 'anything-but': { suffix: ['.a', '.b'] } }], ['x.c'], ['x.a', 'x.b']],
    ['anything but a wildcard', [{ 'anything-but': { wildcard: '*/lib/*' } }], ['/usr/bin/x'], ['/usr/lib/x']],
    ['anything but in any case', [{ 'anything-but': { 'equals-ignore-case': ['A'] } }], ['b'], ['a', 'A']],
    ['one of several tests', ['x', { prefix: 'y' }, { exists: false }], ['x', 'yes', undefined], ['z']],
  ])('fits %s', (_, leaf, fitting, others) => {
    for (const value of fitting) expect(fits({ field: leaf }, { field: value }), JSON.stringify(value)).toBe(true);
    for (const value of others)
      expect(fits({ field: leaf }, value === undefined ? {} : { field: value }), JSON.stringify(value)).toBe(false);
  });

  it('needs all of its fields, however deep', () => {
    const pattern = { source: ['aws.s3'], detail: { bucket: { name: ['b'] }, object: { key: [{ prefix: 'wf/' }] } } };
    expect(fits(pattern, { source: 'aws.s3', detail: { bucket: { name: 'b' }, object: { key: 'wf/1' } } })).toBe(true);
    expect(fits(pattern, { source: 'aws.s3', detail: { bucket: { name: 'b' }, object: { key: 'x/1' } } })).toBe(false);
    expect(fits(pattern, { source: 'aws.s3' })).toBe(false);
    expect(fits(pattern, { source: 'aws.s3', detail: 'text' })).toBe(false);
  });

  it('needs one alternative of each $or, beside the other fields', () => {
    const pattern = { a: [1], $or: [{ b: [2] }, { c: [{ exists: true }] }] };
    expect(fits(pattern, { a: 1, b: 2 })).toBe(true);
    expect(fits(pattern, { a: 1, c: 0 })).toBe(true);
    expect(fits(pattern, { a: 1, b: 3 })).toBe(false);
    expect(fits(pattern, { b: 2 })).toBe(false);
  });

  it('takes a field that is called $or for a field unless it holds alternatives', () => {
    expect(fits({ $or: ['x'] }, { $or: 'x' })).toBe(true);
  });

  it('fits one element of an array of objects as a whole', () => {
    const pattern = { list: { a: [1], b: [2] } };
    expect(fits(pattern, { list: [{ a: 0 }, { a: 1, b: 2 }] })).toBe(true);
    expect(fits(pattern, { list: [{ a: 1 }, { b: 2 }] })).toBe(false);
  });

  it('joins the names of nested fields with dots, in patterns and in events', () => {
    const [nested, dotted] = [{ a: { b: ['x'] } }, { 'a.b': ['x'] }];
    for (const event of [{ a: { b: 'x' } }, { 'a.b': 'x' }, { a: [{ b: 'x' }] }, { a: { c: 1 }, 'a.b': 'x' }]) {
      expect([fits(nested, event), fits(dotted, event)]).toEqual([true, true]);
    }
    expect(fits({ 'a.b': { c: ['x'] } }, { a: { 'b.c': 'x' } })).toBe(true);
    for (const event of [{ 'a.b': { b: 'x' } }, { a: { c: { b: 'x' } } }, { ab: 'x' }]) {
      expect([fits(nested, event), fits(dotted, event)]).toEqual([false, false]);
    }
    expect(fits({ 'a.b': [{ exists: false }] }, { a: { b: 1 } })).toBe(false);
  });

  it('never reads what an object inherits', () => {
    expect(fits({ constructor: { name: [{ exists: true }] } }, {})).toBe(false);
    expect(fits({ toString: [{ exists: false }] }, {})).toBe(true);
  });

  // An implementation that tries every possible match would not finish.
  it('decides a wildcard of many stars over a long text', () => {
    expect(fits({ f: [{ wildcard: `${'a*'.repeat(4)}b` }] }, { f: 'a'.repeat(100_000) })).toBe(false);
  });

  it.each<[string, unknown, RegExp]>([
    ['no object', [], /^Filter is not an object$/],
    ['an empty object', { detail: {} }, /^Empty objects are not allowed\n at \[Source: "detail"\]$/],
    ['a bare value', { source: 'aws.s3' }, /"source" must be an object or an array/],
    ['an empty list', { source: [] }, /^Empty arrays are not allowed\n/],
    ['a list in a list', { a: [['x']] }, /^Match value must be String, number, true, false, or null\n/],
    ['an unknown comparison', { a: { b: [{ like: 'x' }] } }, /^Unrecognized match type like\n at \[Source: "a\.b"\]$/],
    [
      'two comparisons in one object',
      { a: [{ prefix: 'x', suffix: 'y' }] },
      /^Only one key allowed in match expression\n/,
    ],
    ['a number as prefix', { a: [{ prefix: 1 }] }, /^prefix match pattern must be a string\n/],
    ['an unknown operator', { a: [{ numeric: ['!', 1] }] }, /^Unrecognized numeric range operator: !\n/],
    ['half a range', { a: [{ numeric: ['>', 1, '<'] }] }, /^Value of < must be numeric\n/],
    ['a text in a range', { a: [{ numeric: ['>', '1'] }] }, /^Value of > must be numeric\n/],
    ['a text as exists', { a: [{ exists: 'true' }] }, /^exists match pattern must be either true or false/],
    ['no address range', { a: [{ cidr: '10.0.0.0/33' }] }, /^IPv4 mask bits must be < 33\n/],
    ['two stars', { a: [{ wildcard: 'a**b' }] }, /^Consecutive wildcard characters at pos 2\n/],
    ['a lone backslash', { a: [{ wildcard: 'a\\b' }] }, /^Invalid escape character at pos 1\n/],
    ['nothing to be anything but', { a: [{ 'anything-but': [] }] }, /^Empty arrays are not allowed\n/],
    [
      'anything but an object in a list',
      { a: [{ 'anything-but': [{ prefix: 'x' }] }] },
      /^Inside anything but list, start\|null\|boolean is not supported\.\n/,
    ],
    ['anything but null', { a: [{ 'anything-but': null }] }, /^Value of anything-but must be an array or single/],
    ['anything but an empty prefix', { a: [{ 'anything-but': { prefix: '' } }] }, /^Null prefix\/suffix not allowed\n/],
    ['anything but a number as suffix', { a: [{ 'anything-but': { suffix: [1] } }] }, /^prefix\/suffix match pattern/],
    [
      'anything but a suffix in any case',
      { a: [{ 'anything-but': { suffix: { 'equals-ignore-case': 'x' } } }] },
      /^Value of anything-but must be an array or single string\/number value\.\n/,
    ],
    [
      'anything but an unknown comparison',
      { a: [{ 'anything-but': { like: 'x' } }] },
      /^Unsupported anything-but pattern/,
    ],
    ['a range with two bottoms', { a: [{ numeric: ['>', 0, '>', 0] }] }, /^Bad numeric range operator: >\n/],
    ['a range with three bounds', { a: [{ numeric: ['>', 0, '<', 5, '<', 6] }] }, /^Too many terms in numeric range/],
    ['a range without room', { a: [{ numeric: ['<', 1, '>', 2] }] }, /^Bottom must be less than top\n/],
    ['a number as range', { a: [{ numeric: 10 }] }, /^Value of numeric must be an array\.\n/],
    ['a range of no network', { a: [{ cidr: 'x' }] }, /^Malformed CIDR, one '\/' required\n/],
    ['a network without bits', { a: [{ cidr: '10.0.0.0/x' }] }, /^Malformed CIDR, mask bits must be an integer\n/],
    ['bits without a network', { a: [{ cidr: 'x/8' }] }, /^Nonstandard IP address: x\n/],
    ['many stars before the same character', { a: [{ wildcard: '*:*:*:*:*:x' }] }, /^Rule is too complex/],
  ])('refuses %s, naming the place', (_, pattern, message) => {
    expect(() => parsePattern(pattern)).toThrow(PatternError);
    expect(() => parsePattern(pattern)).toThrow(message);
  });
});
