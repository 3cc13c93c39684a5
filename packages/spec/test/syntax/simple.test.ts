import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSimpleYaml } from '../../src/syntax/simple/read.js';
import { composeYaml } from '../../src/syntax/yaml.js';
import { templates } from '../fuzz/corpus.js';
import { mangled } from '../fuzz/mangled-text.js';

/** Fixed, so that a failure is the same tomorrow; more cases with FUZZ_RUNS, as in conformance/spec-fuzz. */
const parameters = { seed: 20_261_124, numRuns: Number(process.env['FUZZ_RUNS'] ?? 2_000) };

describe('readSimpleYaml', () => {
  it('reads a text as the YAML library does, or not at all', () => {
    let read = 0;
    fc.assert(
      fc.property(mangled, (text) => {
        const value = readSimpleYaml(text);
        if (value === undefined) return;
        read += 1;
        const composed = composeYaml(text);
        expect(composed.findings).toEqual([]);
        // As text, for the order of keys counts too.
        expect(JSON.stringify(value)).toBe(JSON.stringify(composed.value));
      }),
      parameters,
    );
    expect(read).toBeGreaterThan(parameters.numRuns / 10);
  });

  it('reads most templates', () => {
    const read = templates.filter((text) => readSimpleYaml(text) !== undefined);
    expect(read.length / templates.length).toBeGreaterThan(0.8);
  });

  it.each([
    [
      'a: 1\nb: -2.5e3\nc: true\nd: null\ne: x y # comment\nf:\n',
      { a: 1, b: -2500, c: true, d: null, e: 'x y', f: null },
    ],
    ['a: \'it\'\'s\'\n"b c": "\\"q\\"\\n"\n', { a: "it's", 'b c': '"q"\n' }],
    ['a: {b: [1, x, s3://c/d], e: {}}\nf: []\n', { a: { b: [1, 'x', 's3://c/d'], e: {} }, f: [] }],
    ['a:\n- b: 1\n  c: 2\n- - d\n  - e\n-\n  f: 3\n', { a: [{ b: 1, c: 2 }, ['d', 'e'], { f: 3 }] }],
    ['a: |\n  one\n\n   two\n\nb: |-\n  three\nc: |+\n  four\n\n', { a: 'one\n\n two\n', b: 'three', c: 'four\n\n' }],
    ['__proto__: 1\nconstructor: 2\n', JSON.parse('{"__proto__": 1, "constructor": 2}')],
  ])('reads %j', (text, value) => {
    expect(readSimpleYaml(text)).toEqual(value);
  });

  it.each([
    'a: &x 1',
    'a: *x',
    'a: !Ref x',
    'a: >\n  folded\n',
    'a: one\n  two\n',
    'a: [1,\n  2]\n',
    'a: 1\na: 2\n',
    'a: b: c\n',
    'a: 0x1f\n',
    'a:\n\t- b\n',
    '---\na: 1\n',
    'a: 1\n...\n',
    '- a\n',
    'text',
    '',
    '? a\n: b\n',
    '<<: {a: 1}\n',
    'a: {b: 1, b: 2}\n',
    'a: "one\\x41"\n',
    `${'- '.repeat(200)}a`,
    `a: ${'['.repeat(200)}${']'.repeat(200)}\n`,
  ])('leaves %j to the library', (text) => {
    expect(readSimpleYaml(text)).toBeUndefined();
  });
});
