import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonText, parseJson } from '../../src/scalars/json.js';
import { SpelledNumber } from '../../src/scalars/spelled-number.js';
import { numberLiteral } from '../number-literal.js';

describe('JSON with numbers as they are written', () => {
  it('keeps every digit, there and back', () => {
    const text = '{"id":12345678901234567890,"list":[-9007199254740993,1,"9007199254740993"],"none":null}';
    expect(parseJson(text)).toEqual({
      id: 12345678901234567890n,
      list: [-9007199254740993n, 1, '9007199254740993'],
      none: null,
    });
    expect(jsonText(parseJson(text))).toBe(text);
  });

  it('leaves numbers that JavaScript writes as they are written what they are', () => {
    const numbers = [9007199254740991, 0.5, -7.25, 1e21, 1e-7, 1234567890123456, 0];
    expect(parseJson(JSON.stringify(numbers))).toEqual(numbers);
    expect(parseJson('{"a": "1.10", "b": 1.5}')).toEqual({ a: '1.10', b: 1.5 });
  });

  it('keeps the spelling of every other number, which it is', () => {
    const [version, ...others] = [parseJson('[1.10, 1.0, 1e5, -0, 0.12345678901234567890]')].flat();
    expect(version).toBeInstanceOf(SpelledNumber);
    expect(String(version)).toBe('1.10');
    expect(Number(version)).toBe(1.1);
    expect(others.map(String)).toEqual(['1.0', '1e5', '-0', '0.12345678901234567890']);
    expect(() => JSON.stringify(version)).toThrow(TypeError);
  });

  it('writes every number as it was written', () => {
    fc.assert(
      fc.property(fc.array(numberLiteral), (numbers) => {
        const text = `{"a":[${numbers.join(',')}]}`;
        expect(jsonText(parseJson(text))).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  it('takes the last of two equal keys, as JSON.parse does', () => {
    expect(parseJson('{"a":1,"a":12345678901234567890}')).toEqual({ a: 12345678901234567890n });
  });

  it('gives what JSON.parse gives for everything else', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify({ v: value, s: '0123456789012345678' });
        expect(jsonText(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('refuses what is not JSON with a reason', () => {
    expect(() => parseJson('{"a": 12345678901234567890')).toThrow(SyntaxError);
    expect(() => parseJson('')).toThrow(SyntaxError);
  });
});
