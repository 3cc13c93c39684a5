import { references, replaceReferences } from '@bclaw/spec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const contents = (text: string) => references(text).map(({ content }) => content);

describe('references', () => {
  it.each([
    ['plain', []],
    ['${a}${b} ${c}', ['a', 'b', 'c']],
    ['$a {b} $', []],
    ['${', []],
    ['${unclosed', []],
    ['${a} ${b', ['a']],
    ['${job.a || `"}"`}', ['job.a || `"}"`']],
    ["${job.{a: b, c: 'x}y'}}", ["job.{a: b, c: 'x}y'}"]],
    ['${job.["a\\"}"]}', ['job.["a\\"}"]']],
    // The shell's own forms are not JMESPath: no quotes, no nesting.
    ["${x:-'} ${y}", ["x:-'", 'y']],
    ['${x%\\}} ${job.y}', ['x%\\', 'job.y']],
    ['${x:-${name}} ${y:+"${job.z}"}', ['name', 'job.z']],
    ["${job.open['}", []],
  ])('finds in %j %j', (text, expected) => {
    expect(contents(text)).toEqual(expected);
  });

  it('finds nothing in much text that never closes', () => {
    expect(references('${job.'.repeat(150_000))).toEqual([]);
  });
});

describe('replaceReferences', () => {
  it('leaves alone what has no value, and does not look at what it put in', () => {
    expect(replaceReferences('${a} ${b}', (name) => (name === 'a' ? '${b}' : undefined))).toBe('${b} ${b}');
  });

  it('changes nothing when it puts back what it found', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('${', '}', 'job.', 'a', '"', "'", '{', ' ', '$', '\\')), (parts) => {
        const text = parts.join('');
        expect(replaceReferences(text, (content) => `\${${content}}`)).toBe(text);
      }),
    );
  });
});
