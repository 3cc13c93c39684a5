import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatcher, isGlob, literalPrefix } from '../src/glob.js';

describe('globs', () => {
  it.each([
    ['*.bam', 'a.bam', true],
    ['*.bam', 'x/a.bam', false],
    ['**/*.bam', 'x/y/a.bam', true],
    ['**/*.bam', 'a.bam', true],
    ['chr?.fa', 'chr1.fa', true],
    ['chr?.fa', 'chr10.fa', false],
    ['chr[1-3X].fa', 'chrX.fa', true],
    ['chr[!1-3].fa', 'chr2.fa', false],
    ['*', '.hidden', true],
    ['a(1)*.txt', 'a(1)b.txt', true],
    ['{a,b}*', '{a,b}c', true],
    ['{a,b}*', 'ac', false],
    ['!(x)*', '!(x)y', true],
    ['a+b*', 'a+bc', true],
    ['$x^*', '$x^1', true],
    ['ä ö*', 'ä öü', true],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(globMatcher(pattern)(name)).toBe(expected);
  });

  it('are told from plain names', () => {
    expect(['*', 'a?', '[ab]', 'x**'].every(isGlob)).toBe(true);
    expect(['a.txt', 'a b(1).txt', 'open[', '${x}'].some(isGlob)).toBe(false);
  });

  it('match whatever is put for a star, and only below their literal beginning', () => {
    const plain = fc.stringMatching(/^[A-Za-z0-9 (){}!+@|$^.,;=~#%&'-]{0,12}$/);
    fc.assert(
      fc.property(plain, plain, plain, (before, middle, after) => {
        const pattern = `${before}*${after}`;
        expect(literalPrefix(pattern)).toBe(before);
        expect(globMatcher(pattern)(`${before}${middle}${after}`)).toBe(true);
      }),
    );
  });
});
