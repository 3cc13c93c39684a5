import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex, utf8Length } from '../src/canonical.js';

const text = fc.string({ unit: 'binary', maxLength: 300 });

describe('the digest of a text', () => {
  it('is the one that Node.js gives', () => {
    const native = (any: string) => createHash('sha256').update(any).digest('hex');
    fc.assert(fc.property(text, (any) => sha256Hex(any) === native(any)));
    expect(sha256Hex('\ud800')).toBe(native('\ud800'));
    expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});

describe('the length of a text', () => {
  it('is that of its UTF-8', () => {
    fc.assert(fc.property(text, (any) => utf8Length(any) === Buffer.byteLength(any)));
  });
});
