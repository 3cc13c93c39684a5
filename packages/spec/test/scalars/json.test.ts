import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonText, parseJson } from '../../src/scalars/json.js';

describe('JSON with whole numbers of any size', () => {
  it('keeps every digit, there and back', () => {
    const text = '{"id":12345678901234567890,"list":[-9007199254740993,1,"9007199254740993"],"none":null}';
    expect(parseJson(text)).toEqual({
      id: 12345678901234567890n,
      list: [-9007199254740993n, 1, '9007199254740993'],
      none: null,
    });
    expect(jsonText(parseJson(text))).toBe(text);
  });

  it('leaves numbers that are exact, and those with a fraction, what they are', () => {
    expect(parseJson('[9007199254740991, 0.12345678901234567890, 1e30, 1234567890123456]')).toEqual([
      9007199254740991, 0.12345678901234568, 1e30, 1234567890123456,
    ]);
  });

  it('takes the last of two equal keys, as JSON.parse does', () => {
    expect(parseJson('{"a":1,"a":12345678901234567890}')).toEqual({ a: 12345678901234567890n });
  });

  it('gives what JSON.parse gives for everything else', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(`{"v":${text},"s":"0123456789012345678"}`)).toEqual({
          v: JSON.parse(text, (_, member) =>
            Number.isInteger(member) && !Number.isSafeInteger(member) && /^-?\d+$/.test(String(member))
              ? BigInt(String(member))
              : member,
          ),
          s: '0123456789012345678',
        });
      }),
    );
  });

  it('refuses what is not JSON with a reason', () => {
    expect(() => parseJson('{"a": 12345678901234567890')).toThrow(SyntaxError);
    expect(() => parseJson('')).toThrow(SyntaxError);
  });
});
