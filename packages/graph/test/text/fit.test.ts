import { describe, expect, it } from 'vitest';
import { shorten, wrap } from '../../src/text/fit.js';
import { type Font, textWidth } from '../../src/text/measure.js';

const sans: Font = { family: 'sans', bold: false, size: 10 };
const mono: Font = { family: 'mono', bold: false, size: 10 };

describe('wrapping', () => {
  it('breaks behind spaces and punctuation, and keeps every character', () => {
    const lines = wrap('a_long-name.of/parts', 60, mono);
    expect(lines).toEqual(['a_long-', 'name.of/', 'parts']);
    for (const line of lines) expect(textWidth(line, mono)).toBeLessThanOrEqual(60);
  });

  it('breaks inside a word only where it must', () => {
    expect(wrap('abcdefghijklmnop', 60, mono)).toEqual(['abcdefghi', 'jklmnop']);
    expect(wrap('日本語のテキスト', 40, mono)).toHaveLength(3);
  });

  it('says with an ellipsis that there is more', () => {
    const lines = wrap('one two three four five six', 60, mono, 2);
    expect(lines).toEqual(['one two', 'three f…']);
  });

  it('makes one line of what has line breaks, and one of nothing', () => {
    expect(wrap('a\n  b', 60, mono)).toEqual(['a b']);
    expect(wrap('', 60, mono)).toEqual(['']);
  });
});

describe('shortening', () => {
  it('leaves alone what fits, and cuts the rest to fit', () => {
    expect(shorten('short', 100, sans)).toBe('short');
    const cut = shorten('a text that is much too long', 80, sans);
    expect(cut).toMatch(/^a text.*…$/);
    expect(textWidth(cut, sans)).toBeLessThanOrEqual(80);
  });
});
