import { parse } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { findingsIn, template } from '../template.js';

const messages = (fields: string) =>
  parse(
    template(
      `  - only:\n${fields
        .split('\n')
        .map((line) => `      ${line}\n`)
        .join('')}`,
    ),
  ).diagnostics.map(({ message, hint }) => `${message}${hint === undefined ? '' : ` | ${hint}`}`);

describe('a field of the wrong type', () => {
  it.each([
    ['compute: {cpus: four}', '`cpus` must be a whole number of at least 1, not "four".'],
    ['compute: {cpus: 0}', '`cpus` must be a whole number of at least 1, not 0.'],
    ['compute: {cpus: 1.5}', '`cpus` must be a whole number of at least 1, not 1.5.'],
    ['compute: {spot: maybe}', '`spot` must be true or false, not "maybe".'],
    ['compute: [1]', '`compute` must be a map such as {cpus: 4, memory: 16 Gb}, not a list.'],
    [
      'compute:',
      '`compute` must be a map such as {cpus: 4, memory: 16 Gb}, not nothing. | Write a value, or remove the key.',
    ],
    ['compute: {shell: bsh}', '`shell` must be sh, bash or sh-pipefail, not "bsh". | Did you mean `bash`?'],
    ['image: 1.2', '`image` must be an image name, or a map of name and auth, not 1.2. | Put quotes around it.'],
    ['image: {auth: x}', '`name` is missing. | Add `name`: an image name.'],
    ['outputs: {a: [x]}', '`a` must be a file, or a map of name, dest and s3_tags, not a list.'],
    ['outputs: [x]', 'An entry of `outputs` must be a map, name: file, not "x".'],
    ['outputs: [{a: x, b: y}]', 'An entry of `outputs` must be a map, name: file, not a map.'],
    [
      'filesystems: [{efs_id: x, host_path: data}]',
      '`efs_id` must be an EFS file system id, such as fs-1234abcd, not "x".',
    ],
    ['retry: {backoff_rate: 0.5}', '`backoff_rate` must be a number of at least 1, not 0.5.'],
    ['references: {a: genome.fa}', '`a` must be an S3 URI, such as s3://bucket/genome.fa, not "genome.fa".'],
  ])('%s is told in words', (fields, expected) => {
    expect(messages(`inputs: {}\ncommands: x\n${fields}`)[0]).toContain(expected);
  });

  it('is told for a command that YAML takes for a map, with the way out', () => {
    expect(messages('inputs: {}\ncommands:\n  - echo a: b')).toEqual([
      'An entry of `commands` must be a text, not a map. | A text that contains ": " must be quoted.',
    ]);
  });

  it('names the steps to use instead of Choice and Map', () => {
    expect(messages('Type: Choice')[0]).toContain('chooser');
    expect(messages('Type: Map')[0]).toContain('scatter');
    expect(messages('Type: pass')[0]).toContain('Did you mean `Pass`?');
  });
});

describe('several mistakes in one step', () => {
  it('are all told, each at its own place', () => {
    expect(
      findingsIn(
        'commands: []\ncolour: red\ninputs: {a: 1}\noutputs: {b: {nmae: x}}\ncompute: {cpus: x, memory: [1]}\nqc_check: {}',
      ),
    ).toEqual([
      '5:17 error wrong-type',
      '6:7 error unknown-field',
      '7:19 error wrong-type',
      '8:21 error unknown-field',
      '9:23 error wrong-type',
      '9:34 error wrong-type',
      '10:7 error missing-field',
      '10:7 error missing-field',
    ]);
  });
});
