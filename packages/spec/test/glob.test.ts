import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatcher, globPrefix, isGlob } from '../src/glob.js';

describe('globs', () => {
  it.each([
    ['*.bam', 'a.bam', true],
    ['*.bam', '.bam', true],
    ['*.bam', 'a.bam.bai', false],
    ['*.bam', 'x/a.bam', false],
    ['x/*', 'x/y', true],
    ['x/*', 'x/', false],
    ['x/*', 'x', false],
    ['*/*.bam', 'x/a.bam', true],
    ['**/*.bam', 'x/y/a.bam', true],
    ['**/*.bam', 'a.bam', true],
    ['x/**/a.bam', 'x/a.bam', true],
    ['x/**/a.bam', 'xa.bam', false],
    ['x/**/z/*.bam', 'x/z/y/z/a.bam', true],
    ['x/**', 'x/y/z', true],
    ['x/**', 'x', false],
    ['**', 'x/y', true],
    ['a**', 'ab', true],
    ['a**', 'a/b', false],
    ['chr?.fa', 'chr1.fa', true],
    ['chr?.fa', 'chr10.fa', false],
    ['chr?fa', 'chr/fa', false],
    ['chr[1-3X].fa', 'chrX.fa', true],
    ['chr[1-3X].fa', 'chr4.fa', false],
    ['chr[!1-3].fa', 'chr2.fa', false],
    ['chr[!1-3].fa', 'chr4.fa', true],
    ['chr[^1-3].fa', 'chr2.fa', false],
    ['chr[!1]fa', 'chr/fa', false],
    ['[!]', '!', true],
    ['[a-]', '-', true],
    ['[*]', '*', true],
    ['[*]', 'a', false],
    ['x[a/b]*', 'x[a/b]c', true],
    ['*', '.hidden', true],
    ['*', '..', true],
    ['*', '', false],
    ['a(1)*.txt', 'a(1)b.txt', true],
    ['{a,b}*', '{a,b}c', true],
    ['{a,b}*', 'ac', false],
    ['!(x)*', '!(x)y', true],
    ['a+b*', 'a+bc', true],
    ['$x^*', '$x^1', true],
    ['a\\*', 'a\\b', true],
    ['open[*', 'open[1', true],
    ['ä ö*', 'ä öü', true],
    ['?', '🧬', true],
    ['[α-ω🧬]', '🧬', true],
    ['plain', 'plain', true],
    ['plain', 'plainer', false],
  ])('%s and %s: %s', (pattern, name, expected) => {
    expect(globMatcher(pattern)(name)).toBe(expected);
  });

  it('are told from plain names', () => {
    expect(['*', 'a?', '[ab]', 'x**'].every(isGlob)).toBe(true);
    expect(['a.txt', 'a b(1).txt', 'open[', '[a/b]', '${x}'].some(isGlob)).toBe(false);
  });

  const plain = fc.stringMatching(/^[A-Za-z0-9 (){}!+@|$^.,;=~#%&'\\-]{0,12}$/);

  it('match whatever is put for a star, and only below their literal beginning', () => {
    fc.assert(
      fc.property(plain, plain, plain, (before, middle, after) => {
        const name = `${before}${middle}${after}`;
        const pattern = `${before}*${after}`;
        expect(globPrefix(pattern)).toBe(before);
        // No file has an empty name.
        expect(globMatcher(pattern)(name)).toBe(name !== '');
      }),
    );
  });

  it('mean what a regular expression of the same meaning matches', () => {
    const part = fc.constantFrom('a', 'b', '*', '?', '[ab]', '[!a]');
    const folder = fc.oneof(fc.constant('**'), fc.array(part, { minLength: 1, maxLength: 4 }).map(joined));
    const pattern = fc.array(folder, { minLength: 1, maxLength: 4 }).map((folders) => folders.join('/'));
    const name = fc
      .array(fc.stringMatching(/^[abc]{1,4}$/), { minLength: 1, maxLength: 4 })
      .map((folders) => folders.join('/'));
    fc.assert(
      fc.property(pattern, name, (glob, file) => {
        expect(globMatcher(glob)(file)).toBe(regularExpression(glob).test(file));
      }),
      { numRuns: 1000 },
    );
  });

  it('take no longer for a pattern that would make a backtracking matcher despair', () => {
    const matches = globMatcher(`${'*a'.repeat(60)}*b`);
    expect(matches('a'.repeat(1000))).toBe(false);
  });
});

function joined(parts: readonly string[]): string {
  // Two stars that are the whole name of a folder would match across folders.
  return parts.join('').replace(/\*+/g, '*');
}

function regularExpression(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\*\*$|\*|\?|\[!a\]/g, (wildcard) => {
    switch (wildcard) {
      case '**/':
        return '(?:.+/)?';
      case '**':
        return '.+';
      case '*':
        return '[^/]*';
      case '?':
        return '[^/]';
      default:
        return '[^a/]';
    }
  });
  return new RegExp(`^${source}$`);
}
