import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { coreValue } from '../../src/syntax/core-schema.js';

const scalar = fc.oneof(
  fc.constantFrom(
    '~',
    'null',
    'nULL',
    'true',
    'False',
    'yes',
    'off',
    '0o17',
    '0x1F',
    '017',
    '1_000',
    '+1',
    '-0',
    '.5',
    '-.5',
    '1.',
    '1e3',
  ),
  fc.constantFrom(
    '1.5E-3',
    '.inf',
    '-.INF',
    '.nan',
    '+',
    '.',
    '12:30:45',
    '2001-01-01',
    '99999999999999999999',
    '<<',
    '0x',
    '0b1',
  ),
  fc.stringMatching(/^[+.0-9eExo_nNtTfF][-+.0-9eExo_nNtTfF]{0,5}$/),
);

describe('a plain scalar', () => {
  it('is the null, boolean, number or text that YAML 1.2 makes of it', () => {
    fc.assert(
      fc.property(scalar, (text) => {
        expect([coreValue(text)]).toEqual(parseYaml(`[ ${text} ]`));
      }),
      { numRuns: 1_000 },
    );
    expect(coreValue('')).toBeNull();
  });
});
