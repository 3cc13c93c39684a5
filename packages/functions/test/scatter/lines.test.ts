import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter, linesOf } from '../../src/scatter/lines.js';

const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r', '\r\n') });

describe('lines', () => {
  it('are the same, however the file arrives', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(20)), (whole, cuts) => {
        const places = [...new Set(cuts)].filter((at) => at < whole.length).sort((a, b) => a - b);
        const pieces = [0, ...places].map((from, index) => whole.slice(from, places[index] ?? whole.length));
        const splitter = new LineSplitter();
        expect([...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()]).toEqual(linesOf(whole));
      }),
    );
  });

  it('are as many as there are ends, and one more for what stands after the last', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const ends = whole.match(/\r\n|\n|\r/g)?.length ?? 0;
        expect(linesOf(whole)).toHaveLength(ends + (whole === '' || /[\n\r]$/.test(whole) ? 0 : 1));
        expect(linesOf(whole).join('')).toBe(whole.replace(/[\n\r]/g, ''));
      }),
    );
  });
});
