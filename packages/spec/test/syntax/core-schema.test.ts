import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { readYaml } from '../../src/syntax/yaml.js';

/** With a directive, the library's composer decides what scalars mean; without one, the reader asks the same rules. */
const composed = (text: string) => readYaml(`%YAML 1.2\n---\n${text}`).value;

const scalar = fc.oneof(
  fc.constantFrom(
    '',
    '~',
    'null',
    'Null',
    'nULL',
    'true',
    'False',
    'yes',
    'no',
    'off',
    '0o17',
    '0x1F',
    '017',
    '1_000',
    '+1',
  ),
  fc.constantFrom(
    '-0',
    '.5',
    '-.5',
    '1.',
    '1e3',
    '1.5E-3',
    '.inf',
    '-.INF',
    '.nan',
    '.NaN',
    '+',
    '-x',
    '.',
    '...x',
    '12:30:45',
  ),
  fc.constantFrom(
    '2001-01-01',
    '99999999999999999999',
    '"1"',
    "'true'",
    '!!str 1',
    '!!int "3"',
    '!Ref 5',
    '<<',
    '0x',
    '0b1',
  ),
  fc.stringMatching(/^[-+.0-9eExo_nNtTfF]{1,6}$/),
);

describe('a plain scalar', () => {
  it('is the null, boolean, number or text that YAML 1.2 makes of it', () => {
    fc.assert(
      fc.property(scalar, (text) => {
        const document = `a: ${text}\nb: [${text === '' ? '~' : text}]\n${text === '' ? 'c' : '? '}${text}: d\n`;
        expect(readYaml(document).value).toEqual(composed(document));
      }),
      { numRuns: 1_000 },
    );
    expect(readYaml('[1, 0o17, 0x1F, 1.5, .inf, ~, null, True, yes, 2001-01-01]').value).toEqual(
      parseYaml('[1, 0o17, 0x1F, 1.5, .inf, ~, null, True, yes, 2001-01-01]'),
    );
  });
});
