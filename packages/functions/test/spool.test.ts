import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Spool } from '../src/spool.js';

function contents(spool: Spool): readonly (readonly [string, number])[] {
  const found: (readonly [string, number])[] = [];
  for (const cursor = spool.cursor(); cursor.next(); )
    found.push([cursor.bytes.toString('utf8', cursor.start, cursor.end), cursor.weight]);
  return found;
}

const bclawFiles = () => readdirSync(tmpdir()).filter((name) => /^bclaw-spool-/.test(name));

describe('a spool', () => {
  it('gives back what was appended, again and again, in memory or not', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.nat(1000))),
        fc.constantFrom(0, 100, 1_000_000),
        (entries, memoryBytes) => {
          const spool = new Spool(memoryBytes);
          try {
            for (const [text, weight] of entries) spool.append(Buffer.from(text), weight);
            expect(contents(spool)).toEqual(entries);
            expect(contents(spool)).toEqual(entries);
            expect(spool.count).toBe(entries.length);
            expect(spool.bytes).toBe(entries.reduce((sum, [text]) => sum + Buffer.byteLength(text), 0));
          } finally {
            spool.dispose();
          }
        },
      ),
    );
  });

  it('keeps what is beyond its memory in a file that has no name', () => {
    const before = bclawFiles();
    const spool = new Spool(1024 * 1024);
    const large = 'x'.repeat(300_000);
    for (let index = 0; index < 20; index += 1) spool.append(Buffer.from(`${index}${large}`), index);
    expect(contents(spool).map(([text, weight]) => [text.length, weight])).toEqual(
      Array.from({ length: 20 }, (_, index) => [large.length + String(index).length, index]),
    );
    expect(bclawFiles()).toEqual(before);
    spool.dispose();
    expect(() => contents(spool)).toThrow('disposed');
  });
});
