import { describe, expect, it } from 'vitest';
import { ExpressionSyntaxError, freeNames, parseExpression } from '../../src/index.js';

const refusal = (text: string) => {
  try {
    parseExpression(text);
  } catch (error) {
    if (error instanceof ExpressionSyntaxError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
};

describe('parseExpression', () => {
  it.each([
    ['x = 1', /may not assign/],
    ['(x := 1)', /:=/],
    ['lambda x: x', /lambda/],
    ['import os', /import/],
    ['x.__class__', /underscore/],
    ['_x', /underscore/],
    ['f"{x}"', /f-strings/],
    ['a & b', /Bit operators/],
    ['a is 1', /None only/],
    ['f(*xs)', /unpacked/],
    ['1 2', /one line|not a valid/],
    ['a\nb', /one line/],
    ['1 +', /not a valid expression/],
    ['(a', /not a valid expression/],
    ['[a for (a, *b) in xs]', /cannot be collected/],
    ['[a for a b in xs]', /not a valid expression/],
    ['${job.x} > 1', /`\$\{job\.x\}` is not replaced in conditions/],
    ['!x', /`!` is no operator/],
    ["'a", /not a valid expression|closing quote/],
    ['', /empty/],
    ['1j', /Complex/],
    ['010', /begin with 0/],
    ['a == not b', /parentheses/],
    [`${'('.repeat(200)}1${')'.repeat(200)}`, /nests deeper/],
  ])('refuses %j', (text, message) => {
    expect(refusal(text).message).toMatch(message);
  });

  it.each([
    ['${job.x} > 1', 'Write `job.x`: a condition uses names as they are.'],
    ['!x', 'Write `not`.'],
    ['a and\n b', expect.stringContaining('one line')],
    ['a is null', 'Write `is None`.'],
    ['a is not 3', 'Write `!=`.'],
  ])('says what to write instead of %j', (text, hint) => {
    expect(refusal(text).hint).toEqual(hint);
  });

  it('says where', () => {
    expect(refusal('reads > 1 and x.__class__').offset).toBe(16);
  });

  it('binds not looser than comparisons and tighter than and', () => {
    expect(parseExpression('not a == b and c')).toMatchObject({
      kind: 'boolean',
      operator: 'and',
      left: { kind: 'unary', operator: 'not', operand: { kind: 'comparison' } },
    });
  });
});

describe('freeNames', () => {
  it('gives the names that come from the data, with their places', () => {
    const names = freeNames(parseExpression('any(x > limit for x in depths if x) and qc.q30'));
    expect([...names]).toEqual([
      ['any', 0],
      ['depths', 23],
      ['limit', 8],
      ['qc', 40],
    ]);
  });
});
