import { parse } from '@bclaw/spec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ambiguityOf, keyAmbiguityOf, yaml11Value } from '../../src/syntax/cloudformation-scalar.js';
import { readYaml } from '../../src/syntax/yaml.js';

describe('a plain scalar', () => {
  it.each([
    ['NO', 'Write "NO" for the text, or false for the boolean.'],
    ['on', 'Write "on" for the text, or true for the boolean.'],
    ['010', 'Write "010" for the text, or 8 for the number, or 10 for the number.'],
    ['08', 'Write "08" for the text, or 8 for the number.'],
    ['0o10', 'Write "0o10" for the text, or 8 for the number.'],
    ['012345678901', 'Write "012345678901" for the text, or 12345678901 for the number.'],
    ['12:30:45', 'Write "12:30:45" for the text, or 45045 for the number.'],
    ['1_000', 'Write "1_000" for the text, or 1000 for the number.'],
    ['0b11', 'Write "0b11" for the text, or 3 for the number.'],
    ['1e3', 'Write "1e3" for the text, or 1000 for the number.'],
    ['-.5', 'Write "-.5" for the text, or -0.5 for the number.'],
    ['12345678901234567890', 'Put it in quotes to keep every digit: "12345678901234567890".'],
    ['.inf', 'Put it in quotes if it is meant as text: ".inf".'],
    ['=', 'Put it in quotes: "=".'],
  ])('%s is refused with what to write', (text, hint) => {
    expect(ambiguityOf(text)?.hint).toBe(hint);
  });

  it.each([
    'y',
    'n',
    'Norway',
    'true',
    'False',
    'null',
    '~',
    '',
    '12',
    '-7',
    '0x1F',
    '1.5',
    '1.10',
    '2026-11-29',
    '00:30',
    '1.2.3',
  ])('"%s" has one meaning', (text) => {
    expect(ambiguityOf(text)).toBeUndefined();
  });

  it('without an ambiguity has the same value in both versions of YAML', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[+._0-9eExobynNOtfa~=<-][+._:0-9eExobynNOtfa]{0,8}$/), (text) => {
        fc.pre(ambiguityOf(text) === undefined && !/:$|^-$/.test(text));
        expect(readYaml(`[ ${text} ]`).value).toEqual([yaml11Value(text)]);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('a plain key', () => {
  it.each(['yes', 'NO', '010', '1.10', '1e3', '~', '', '1_000', '12:30'])('"%s" is refused', (text) => {
    expect(keyAmbiguityOf(text)?.hint).toBe(`Put the key in quotes: "${text}".`);
  });

  it.each(['y', 'reads', '1', '1.5', 'true', '2026-11-29'])('"%s" keeps its spelling', (text) => {
    expect(keyAmbiguityOf(text)).toBeUndefined();
  });
});

const codesOf = (text: string) =>
  parse(text).diagnostics.map(({ code, range }) => `${code} ${range?.start.line}:${range?.start.column}`);

describe('what CloudFormation does not support in YAML', () => {
  const head = 'Transform: BC2_Compiler\nRepository: s3://abc/${job.x}\n';
  const steps = 'Steps: [{a: {inputs: {}, commands: x}}]\n';
  it.each([
    ['a directive', `%YAML 1.2\n---\n${head}${steps}`, 'unsupported-yaml 1:1'],
    ['a tag of its own', `${head}Description: !Foo x\n${steps}`, 'unsupported-yaml 3:19'],
    ['a tag that CloudFormation excludes', `${head}Description: !!binary aGk=\n${steps}`, 'unsupported-yaml 3:23'],
    ['a tab between words', `${head}Description:\tx\n${steps}`, 'unsupported-yaml 3:13'],
    ['a tab in a text without quotes', `${head}Description: a\tb\n${steps}`, 'unsupported-yaml 3:15'],
    ['an escaped slash', `${head}Description: "a\\/b"\n${steps}`, 'unsupported-yaml 3:16'],
    ['an anchor', `${head}Description: &d x\n${steps}`, 'unsupported-yaml 3:14'],
    ['a control character', `${head}Description: a\u0007b\n${steps}`, 'unsupported-yaml 3:15'],
    ['a line separator', `${head}Description: a\u2028b\n${steps}`, 'unsupported-yaml 3:15'],
    [
      'a text in brackets that begins with a colon',
      `${head}${steps}Options: {job_tags: {a: :b}}\n`,
      'unsupported-yaml 4:25',
    ],
  ])('%s is an error with its place', (_, text, expected) => {
    expect(codesOf(text)).toEqual([expected]);
  });

  it('is found neither in quotes, block texts and comments, nor in JSON', () => {
    expect(
      codesOf(
        `${head}Description: "a\tb"\n#\tc\nSteps:\n  - a:\n      inputs: {}\n      commands: |\n        a &b\tc\n`,
      ),
    ).toEqual([]);
    const json = JSON.stringify(
      { Transform: 'BC2_Compiler', Repository: 's3:\\/\\/abc/${job.x}', Steps: [{ a: { inputs: {}, commands: 'x' } }] },
      null,
      '\t',
    );
    expect(codesOf(json.replaceAll('\\\\', '\\'))).toEqual([]);
  });
});
