import { describe, expect, it } from 'vitest';
import { isBounded } from '../../../../../src/services/states/interpreter/data/bounded-expression.js';
import type { Json } from '../../../../../src/services/states/interpreter/data/json.js';
import {
  evaluateJsonata,
  evaluateJsonataTemplate,
} from '../../../../../src/services/states/interpreter/data/jsonata.js';
import { QueryEvaluationError } from '../../../../../src/services/states/interpreter/data/state-error.js';

const scope = (input: Json = {}) => ({
  input,
  context: {},
  variables: { v: [1, 2, 3] },
  randomness: { random: () => 0.25, uuid: () => 'id' },
});
const evaluate = (source: string, input?: Json) => evaluateJsonata(source, 'Output', scope(input));

describe('expressions that are evaluated in the engine’s own process', () => {
  it.each([
    ['$states.input.a.b', 7],
    ['$states.input.items[0].name', 'x'],
    ['$states.input.items[-1].name', 'y'],
    ["$states.input.items[name='y'].n", 2],
    ['$states.input.items.{"k": name}', [{ k: 'x' }, { k: 'y' }]],
    ["$states.input.a.b & '-' & $string($states.input.items[0].n)", '7-1'],
    ['$count($states.input.items) > 1 and $not($states.input.a.b = 8)', true],
    ['{ "a": $states.input.a.b, "b": [1, $v] }', { a: 7, b: [1, 1, 2, 3] }],
    ['$exists($states.input.z) ? 1 : -$states.input.a.b', -7],
    ["'x' in $states.input.items.name", true],
    ['($sum($v) + $random()) * 4', 25],
    ['$uuid()', 'id'],
  ])('are those whose work is bounded: %s', async (source, value) => {
    expect(isBounded(source)).toBe(true);
    expect(
      await evaluate(source, {
        a: { b: 7 },
        items: [
          { name: 'x', n: 1 },
          { name: 'y', n: 2 },
        ],
      }),
    ).toEqual(value);
  });

  it.each([
    '$pad("x", 5e8)',
    '[1..1e7]',
    '($x := "aa"; $y := $x & $x; $y)',
    '$states.input.items.($states.input.items)',
    '$states.input.items[$count($states.input.items) > 1]',
    '$states.input.**',
    '$states.input.*',
    '$states.input{a: $sum(b)}',
    '$map($v, function($x) { $x })',
    '$contains("a", /a/)',
    '$v ~> $sum',
    '$states.input.items@$i.items@$j',
    '$states.input.items#$i',
    '$states.input.items^(name)',
    '$join($v, "x")',
    '$replace("a", "", "b")',
    '$eval("1")',
    `[${'$states.input,'.repeat(60)} 1]`,
    `[${'1,'.repeat(600)} 1]`,
  ])('are not those that can grow: %s', (source) => expect(isBounded(source)).toBe(false));
});

describe('expressions that are evaluated apart', () => {
  it('give what they give elsewhere', async () => {
    expect(await evaluate('$map($v, function($x) { $x * 2 })')).toEqual([2, 4, 6]);
    expect(await evaluate('$sum($states.input.items.(n * 2))', { items: [{ n: 1 }, { n: 2 }] })).toBe(6);
    expect(await evaluate('$match("a1b22", /[0-9]+/).match')).toEqual(['1', '22']);
    expect(await evaluate('$pad("x", 3) & "|"')).toBe('x  |');
    expect(await evaluateJsonataTemplate({ a: '{% [1..3] %}', b: ['plain', '{% $v %}'] }, 'Output', scope())).toEqual({
      a: [1, 2, 3],
      b: ['plain', [1, 2, 3]],
    });
  });

  it('fail with the field and the words of JSONata', async () => {
    await expect(evaluateJsonataTemplate({ a: { b: '{% [1..] %}' } }, 'Output', scope())).rejects.toMatchObject({
      error: 'States.QueryEvaluationError',
      location: 'Output/a/b',
    });
    await expect(evaluate('$map($v, 1)')).rejects.toThrow(QueryEvaluationError);
    await expect(evaluate('$range(1, 1e9, 1)')).rejects.toThrow(/at most 1000/);
    await expect(evaluate('$filter($v, function($x) { false })')).rejects.toThrow(/returned nothing/);
    await expect(evaluate('[1..1e9]')).rejects.toThrow(/1e7/);
  });

  it.each([
    '$pad("x", 5e8)',
    '($f := function($x) { $f($x & $x) }; $f("x"))',
    '($f := function($x) { 1 + $f($x) }; $f(1))',
    '($f := function($x, $l) { $f($append($x, $x), 1) }; $f([1..1000], 1))',
    '$reduce([1..40], function($s, $i) { $s & $s }, "x")',
    '$split($pad("", 5e7, "ab"), "")',
    '$replace($pad("", 1e6, "a"), "a", $pad("", 1e4, "b"))',
  ])(
    'are ended at their limit of memory, depth or length: %s',
    async (source) => {
      await expect(evaluate(source)).rejects.toMatchObject({
        error: 'States.QueryEvaluationError',
        location: 'Output',
      });
      expect(await evaluate('$sum([1..3])')).toBe(6);
    },
    60_000,
  );

  it('match regular expressions in linear time', async () => {
    expect(await evaluate('$contains($pad("", 5000, "a") & "!", /^(a|a)*$/)')).toBe(false);
    expect(await evaluate('$contains($pad("", 5000, "a"), /^(a|a)*$/)')).toBe(true);
    expect(await evaluate('$contains("x" & $pad("", 3000, "a") & "!", /(a+)+$/)')).toBe(false);
  });

  it('are ended at their limit of time where nothing else ends them, and keep no other waiting', async () => {
    const slow = evaluate('$contains($pad("", 60, "a") & "!", /^(?=(a|a)*$)(\\w|a)*\\1$/)');
    const outcome = expect(slow).rejects.toThrow(/took longer than 10 s/);
    expect(await evaluate('$sum([1..3])')).toBe(6);
    await outcome;
  });
});
