import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ExpressionError,
  ExpressionSyntaxError,
  evaluateExpression,
  namesOf,
  valueFromJson,
} from '@bclaw/spec/expressions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { data, expression } from './random-expression.js';
import { show } from './show.js';

const runs = Number(process.env['BCLAW_EXPRESSION_RUNS'] ?? '24000');
const seed = Number(process.env['BCLAW_SEED'] ?? '20261123');

/**
 * Features of CPython that the language rejects on purpose, each with a diagnostic or a clear error, so these differ by
 * design. Everything else must agree.
 */
const refusedOnPurpose = /lambda|:=|f"|[&~]|\*xs|xs\.append|" % i|^print|__class__|list\(map/;

function ours(text: string, json: string): { value: unknown } | { error: string } {
  try {
    const names = valueFromJson(json);
    return { value: show(evaluateExpression(text, namesOf(names))) };
  } catch (error) {
    if (error instanceof ExpressionError) return { error: error.failure };
    if (error instanceof ExpressionSyntaxError)
      return { error: /compares with None only/.test(error.message) ? 'Unsupported' : 'SyntaxError' };
    throw error;
  }
}

/** Equal, or for functions of the C library two floats that differ by at most a few units in the last place. */
function agree(left: unknown, right: unknown, loose: boolean): boolean {
  if (JSON.stringify(left) === JSON.stringify(right)) return true;
  if (!loose || typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  const [a, b] = [Object.entries(left), Object.entries(right)];
  if (a.length !== b.length) return false;
  return a.every(([key, item], index) => {
    const [otherKey, other] = b[index] ?? [];
    if (key !== otherKey) return false;
    if (key === 'float') {
      const [x, y] = [Number(item), Number(other)];
      return Math.abs(x - y) <= 1e-12 * Math.max(Math.abs(x), Math.abs(y));
    }
    return agree(item, other, loose);
  });
}

interface Case {
  readonly expression: string;
  readonly data: object;
}

/** CPython's result for each case. */
function answersOfPython(cases: readonly Case[]): ({ value: unknown } | { error: string })[] {
  const python = spawnSync('python3', [join(import.meta.dirname, 'oracle.py')], {
    input: cases.map((one) => JSON.stringify(one)).join('\n'),
    encoding: 'utf8',
    maxBuffer: 1024 ** 3,
    timeout: 150_000,
  });
  expect(python.stderr.replaceAll(/<string>:\d+: (?:Syntax|Future)Warning.*\n?/g, '').trim()).toBe('');
  const answers = python.stdout
    .trimEnd()
    .split('\n')
    .map((line): { value: unknown } | { error: string } => JSON.parse(line));
  expect(answers).toHaveLength(cases.length);
  return answers;
}

/** Values of every type, including the difficult ones. */
const handMade = {
  s: 'Hello, Wörld 😀',
  e: '',
  xs: [3, 1, 2],
  ys: [1, 2.5, true, null, 'a'],
  d: { a: 1, b: { c: [1, 2] }, 'x y': 2 },
  n: 1234567890123,
  f: 0.1,
  t: '  a b\tc\n',
  words: ['b', 'A', 'c', 'ä'],
  nested: [
    [1, 2],
    [3, [4]],
  ],
  u: 'İIıßﬀǅ',
  k: 'ACGTACGT',
};

describe('expressions', () => {
  it(`mean what CPython says they mean, in ${runs} random cases`, () => {
    const cases = fc
      .sample(fc.tuple(expression, data), { numRuns: runs, seed })
      .map(([text, names]) => ({ expression: text, data: names }));
    const answers = answersOfPython(cases);
    let unsupported = 0;
    const differences = cases.flatMap((one, index) => {
      const theirs = answers[index];
      const mine = ours(one.expression, JSON.stringify(one.data));
      // CPython would run for hours where the language's budget stops it.
      if (theirs === undefined || ('error' in theirs && theirs.error === 'TooMuch')) return [];
      if ('error' in mine && mine.error === 'Unsupported') {
        unsupported += 1;
        return [];
      }
      if ('error' in mine || 'error' in theirs) {
        if ('error' in mine && ('error' in theirs || refusedOnPurpose.test(one.expression))) return [];
      } else if (agree(mine.value, theirs.value, one.expression.includes('math.') || one.expression.includes('**')))
        return [];
      return [
        `${one.expression}\n   ours ${JSON.stringify(mine)}\n python ${JSON.stringify(theirs)}\n   data ${JSON.stringify(one.data)}`,
      ];
    });
    const valued = answers.filter((answer) => 'value' in answer).length;
    // A generator that produces only errors would prove nothing.
    expect(valued).toBeGreaterThan(runs / 4);
    expect(differences.slice(0, 10).join('\n')).toBe('');
    expect(differences).toHaveLength(0);
    // Complex numbers, % on strings, look-around: a clear error, and rare.
    expect(unsupported).toBeLessThan(runs / 50);
  });

  it('mean what CPython says they mean, in every corner that a person thought of', () => {
    const cases = readFileSync(join(import.meta.dirname, 'hand-picked.txt'), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => ({ expression: line, data: handMade }));
    const answers = answersOfPython(cases);
    const differences = cases.flatMap(({ expression: text }, index) => {
      const mine = ours(text, JSON.stringify(handMade));
      const theirs = answers[index];
      if (theirs !== undefined && 'value' in mine && 'value' in theirs && agree(mine.value, theirs.value, true))
        return [];
      if (theirs !== undefined && 'error' in mine && 'error' in theirs) return [];
      return [`${text}\n   ours ${JSON.stringify(mine)}\n python ${JSON.stringify(theirs)}`];
    });
    expect(differences.join('\n')).toBe('');
    expect(cases.length).toBeGreaterThan(700);
  });
});
