import { describe, expect, it } from 'vitest';
import { parsed } from '../../packages/spec/test/fuzz/judge.js';
import { compiled } from './compiled.js';

/** CloudFormation's maximum template size: a larger one is rejected unread. */
const largest = 1_048_576;

/** Texts that, repeated often, could be slow in a reader, a composer, a reference finder or an expression parser. */
const pieces = ['\n', '- ', '- a: 1\n', 'a: ', '{a: ', '[', '"', '|\n', '&a ', '<<: *a\n', '${job.', '${a} ', '('];

const heads = ['', 'Repository: s3://abc/${job.x}\nSteps:\n  - a:\n      commands: x\n      image: '];

describe('parser, given very much', () => {
  it.each(pieces)('is through with a megabyte of %j within 2 s, alone and in a step', (piece) => {
    for (const head of heads) parsed((head + piece.repeat(largest / piece.length)).slice(0, largest), compiled);
  });

  it('is through with a megabyte of one condition within 2 s', () => {
    const head = 'Repository: s3://abc/${job.x}\nSteps:\n  - a:\n      choices:\n        - next: b\n          if: ';
    for (const piece of ['1 + ', 'not ', '((', 'a.b.c or '])
      parsed(`${head}${piece.repeat(largest / piece.length)}`.slice(0, largest - 20), compiled);
  });

  it.each(['a', '- a: 1\n', '[', '&a '])('refuses 10 MB of %j', (piece) => {
    const { diagnostics } = parsed(piece.repeat(10_000_000 / piece.length), compiled);
    expect(diagnostics.map(({ code }) => code)).toEqual(['limit-exceeded']);
  });
});

describe('parser, given a billion laughs', () => {
  const levels = (first: string, next: (name: string) => string, indent: string) =>
    Array.from(
      { length: 12 },
      (_, level) => `${indent}l${level}: &l${level} ${level === 0 ? first : next(`l${level - 1}`)}\n`,
    ).join('');
  const laughs: Readonly<Record<string, (indent: string) => string>> = {
    lists: (indent) => levels('[x, x, x]', (name) => `[${Array(9).fill(`*${name}`).join(', ')}]`, indent),
    maps: (indent) => levels('{a: x}', (name) => `{a: *${name}, b: *${name}, c: *${name}, d: *${name}}`, indent),
    'merge keys': (indent) => levels('{a: x}', (name) => `{<<: [${Array(9).fill(`*${name}`).join(', ')}]}`, indent),
  };
  const head = 'Transform: BC2_Compiler\nRepository: s3://abc/${job.x}\n';

  it.each(Object.entries(laughs))('of %s, does not expand them, wherever they stand', (_, make) => {
    parsed(make(''), compiled);
    parsed(`${head}Options:\n${make('  ')}Steps: *l11\n`, compiled);
    parsed(`${head}Steps:\n  - a:\n      commands: x\n      inputs:\n${make('        ')}`, compiled);
  });
});
