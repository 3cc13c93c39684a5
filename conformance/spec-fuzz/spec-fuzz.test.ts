import { compile } from '@bclaw/compiler';
import type { Workflow } from '@bclaw/spec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { benchCore } from '../../bench/bench-core.mjs';
import { parsed } from '../../packages/spec/test/fuzz/judge.js';
import { fuzzProperties } from '../../packages/spec/test/fuzz/properties.js';

/** Cases of all properties together; `npm test` runs a sample of them. */
const cases = Number(process.env['FUZZ_RUNS'] ?? 52_000);
const seed = Number(process.env['BCLAW_SEED'] ?? 20_261_124);

/** Whatever the parser accepts, the compiler takes: it may refuse, never crash. */
function compiled(workflow: Workflow): void {
  compile(workflow, { core: benchCore, deploymentId: 'fuzz', bclawVersion: '0.0.0', images: 'offline' });
}

describe('parser and compiler, given anything', () => {
  it.each(fuzzProperties(compiled))('neither crash nor hang nor point to a wrong place: $name', (given) => {
    fc.assert(given.property, { seed, numRuns: Math.ceil(cases * given.share) });
  });
});

const pieces = [
  ...[
    ' ',
    '\n',
    '\t',
    '\r',
    '\r\n',
    'a',
    '#',
    '# \n',
    '-',
    '- ',
    '- - ',
    '-\n',
    '- a\n',
    '- a: 1\n',
    '?',
    '? ',
    '? a\n',
  ],
  ...[
    ':',
    ': ',
    ':\n',
    'a: ',
    'a:\n',
    'a: 1\n',
    '{',
    '}',
    '{}',
    '{a: ',
    '[',
    ']',
    '[]',
    '[a, ',
    ',',
    '"',
    "'",
    '"\n',
    "'\n",
  ],
  ...[
    '|',
    '|\n',
    '>\n',
    '&',
    '&a ',
    '&a\n',
    '*',
    '*a ',
    '!',
    '!t ',
    '%',
    '%a\n',
    '---\n',
    '...\n',
    '<<: ',
    '<<: *a\n',
    '\0',
    '\u2028',
  ],
  ...[
    'Steps:\n- a:\n    commands: ',
    '${',
    '${job.',
    '${job.a[',
    '${a} ',
    '(',
    '1 + ',
    'not ',
    '\\',
    '"\\u',
    '\u{1F4A5}',
    '\uFFFD',
  ],
];

/** CloudFormation's largest template: one character more is refused unread. */
const largest = 1_048_576;

describe('parser, given very much', () => {
  it.each(pieces)('is through with a megabyte of %j within 2 s, alone, in a map and in a step', (piece) => {
    const heads = [
      '',
      'a: &a 1\nSteps:\n',
      'Repository: s3://abc/${job.x}\nSteps:\n  - a:\n      commands: x\n      image: ',
    ];
    for (const head of heads) parsed((head + piece.repeat(largest / piece.length)).slice(0, largest), compiled);
  });

  it.each(pieces)('refuses 10 MB of %j', (piece) => {
    const { diagnostics } = parsed(piece.repeat(10_000_000 / piece.length), compiled);
    expect(diagnostics.map(({ code }) => code)).toEqual(['limit-exceeded']);
  });

  it('expands no billion laughs, of lists, maps and merge keys, wherever they stand', () => {
    const laughs = (first: string, next: (name: string) => string, indent: string) =>
      Array.from(
        { length: 12 },
        (_, level) => `${indent}l${level}: &l${level} ${level === 0 ? first : next(`l${level - 1}`)}\n`,
      ).join('');
    const lists = (indent: string) =>
      laughs('[x, x, x]', (name) => `[${Array(9).fill(`*${name}`).join(', ')}]`, indent);
    const maps = (indent: string) =>
      laughs('{a: x}', (name) => `{a: *${name}, b: *${name}, c: *${name}, d: *${name}, e: *${name}}`, indent);
    const merges = (indent: string) =>
      laughs('{a: x}', (name) => `{<<: [${Array(9).fill(`*${name}`).join(', ')}]}`, indent);
    const head = 'Transform: BC2_Compiler\nRepository: s3://abc/${job.x}\n';
    for (const make of [lists, maps, merges]) {
      parsed(make(''), compiled);
      parsed(`${head}Options:\n${make('  ')}Steps: *l11\n`, compiled);
      parsed(`${head}Steps:\n  - a:\n      commands: x\n      inputs:\n${make('        ')}`, compiled);
    }
  });
});
