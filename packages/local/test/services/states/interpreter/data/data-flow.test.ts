import { describe, expect, it } from 'vitest';
import type { Catcher, JsonataFields, JsonPathFields } from '../../../../../src/services/states/definition/model.js';
import {
  argumentsOf,
  caughtOutcome,
  evaluateValue,
  outcomeOf,
  throughOutcome,
} from '../../../../../src/services/states/interpreter/data/data-flow.js';
import type { Json } from '../../../../../src/services/states/interpreter/data/json.js';
import { numberOf } from '../../../../../src/services/states/interpreter/data/numbers.js';

const randomness = { random: () => 0.25, uuid: () => 'id' };
const scope = (input: Json, variables = {}) => ({ input, context: { State: { Name: 'S' } }, variables, randomness });
const byPath = (extra: Partial<JsonPathFields> = {}): JsonPathFields => ({
  language: 'JSONPath',
  inputPath: '$',
  parameters: undefined,
  resultSelector: undefined,
  resultPath: '$',
  outputPath: '$',
  assign: undefined,
  ...extra,
});
const jsonata = (extra: Partial<JsonataFields> = {}): JsonataFields => ({
  language: 'JSONata',
  arguments: undefined,
  output: undefined,
  assign: undefined,
  ...extra,
});

describe('data through a JSONPath state', () => {
  it('filters by InputPath, then builds Parameters', async () => {
    const fields = byPath({
      inputPath: '$.numbers',
      parameters: {
        flagged: true,
        parts: { 'first.$': '$.vals[0]', 'last3.$': '$.vals[-3:]' },
        'name.$': '$$.State.Name',
      },
    });
    expect(await argumentsOf(fields, scope({ numbers: { vals: [3, 4, 5, 6] } }))).toEqual({
      flagged: true,
      parts: { first: 3, last3: [4, 5, 6] },
      name: 'S',
    });
  });

  it('gives an empty object for a null InputPath', async () => {
    expect(await argumentsOf(byPath({ inputPath: null }), scope({ a: 1 }))).toEqual({});
  });

  it.each<[string | null, Json]>([
    ['$', { sum: 7 }],
    [null, { title: 'Numbers to add', numbers: [3, 4] }],
    ['$.sum', { title: 'Numbers to add', numbers: [3, 4], sum: { sum: 7 } }],
    ['$.a.b', { title: 'Numbers to add', numbers: [3, 4], a: { b: { sum: 7 } } }],
    ['$.numbers', { title: 'Numbers to add', numbers: { sum: 7 } }],
  ])('puts the result at ResultPath %j', async (resultPath, output) => {
    const input = { title: 'Numbers to add', numbers: [3, 4] };
    expect((await outcomeOf(byPath({ resultPath }), scope(input), { sum: 7 })).output).toEqual(output);
  });

  it('combines the result with the raw input, not with what InputPath left', async () => {
    const fields = byPath({ inputPath: '$.part', resultPath: '$.r' });
    expect((await outcomeOf(fields, scope({ part: 1, rest: 2 }), 3)).output).toEqual({ part: 1, rest: 2, r: 3 });
  });

  it('selects from the result before, and from the whole after', async () => {
    const fields = byPath({
      resultSelector: { 'id.$': '$.Payload.id' },
      resultPath: '$.r',
      outputPath: '$.r.id',
    });
    expect((await outcomeOf(fields, scope({}), { Payload: { id: 9, noise: 1 } })).output).toBe(9);
  });

  it('fails with States.ResultPathMatchFailure where the result cannot go', async () => {
    await expect(outcomeOf(byPath({ resultPath: '$.a.b' }), scope({ a: 'text' }), 1)).rejects.toMatchObject({
      error: 'States.ResultPathMatchFailure',
    });
  });

  it("fails in Step Functions' words where a path leads nowhere", async () => {
    await expect(argumentsOf(byPath({ parameters: { 'm.$': '$.nope' } }), scope({ x: 'a' }))).rejects.toMatchObject({
      error: 'States.Runtime',
      cause: `The JSONPath '$.nope' specified for the field 'm.$' could not be found in the input '{"x":"a"}'`,
    });
  });

  it('assigns variables from the result itself', async () => {
    const fields = byPath({
      resultSelector: { 'x.$': '$.a' },
      assign: { 'a.$': '$', 'sum.$': 'States.MathAdd($before, 1)' },
    });
    const { assigned, output } = await outcomeOf(fields, scope({}, { before: 41 }), { a: 1 });
    expect({ assigned, output }).toEqual({ assigned: { a: { a: 1 }, sum: 42 }, output: { x: 1 } });
  });

  it('hands input through InputPath and OutputPath', async () => {
    const fields = byPath({ inputPath: '$.a', outputPath: '$.b' });
    expect((await throughOutcome(fields, scope({ a: { b: 1 } }))).output).toBe(1);
  });
});

describe('data through a JSONata state', () => {
  it('computes Arguments from $states and variables', async () => {
    const fields = jsonata({
      arguments: {
        sum: '{% $sum($states.input.n) + $x %}',
        name: '{% $states.context.State.Name %}',
        text: 'a {% b %}',
      },
    });
    expect(await argumentsOf(fields, scope({ n: [1, 2] }, { x: 10 }))).toEqual({
      sum: 13,
      name: 'S',
      text: 'a {% b %}',
    });
  });

  it('sees the result in Output and Assign, and old variables in both', async () => {
    const fields = jsonata({ output: { v: '{% $states.result.v * $x %}' }, assign: { x: '{% $states.result.v %}' } });
    expect(await outcomeOf(fields, scope({}, { x: 2 }), { v: 3 })).toEqual({ output: { v: 6 }, assigned: { x: 3 } });
  });

  it.each<[string, Json]>([
    ['$partition([1,2,3,4], 3)', [[1, 2, 3], [4]]],
    ['$range(0, 4, 2)', [0, 2, 4]],
    ["$hash('data', 'MD5')", '8d777f385d3dfec8815d20f7496026dc'],
    ['$random()', 0.25],
    ['$random(7) = $random(7)', true],
    ['$uuid()', 'id'],
    [`$parse('{"a":1}').a`, 1],
    ['[$states.input.a[b > 1].b]', [2]],
    ['$states.input.a.b', [1, 2]],
  ])('evaluates %s', async (source, value) => {
    const given = scope({ a: [{ b: 1 }, { b: 2 }] });
    expect(await evaluateValue({ kind: 'jsonata', field: 'F', source }, given)).toEqual(value);
  });

  it.each([
    ['$states.input.missing', 'returned nothing (undefined)'],
    ['$eval("1")', '$eval is not supported'],
    ['function($x) { $x }', 'A function is not JSON data'],
    ['1 + "a"', 'threw an error during evaluation'],
    ['$parse("{")', 'threw an error during evaluation'],
  ])('fails with States.QueryEvaluationError for %s', async (source, why) => {
    const failure = evaluateValue({ kind: 'jsonata', field: 'Output', source }, scope({}));
    await expect(failure).rejects.toMatchObject({ error: 'States.QueryEvaluationError', location: 'Output' });
    await expect(failure).rejects.toThrow(why);
  });

  it('ends an expression that never would', async () => {
    const endless = evaluateValue(
      { kind: 'jsonata', field: 'F', source: '($f := function($n) { $f($n + 1) + 1 }; $f(0))' },
      scope({}),
    );
    await expect(endless).rejects.toMatchObject({ error: 'States.QueryEvaluationError' });
  });
});

describe('a caught error', () => {
  const errorOutput = { Error: 'E', Cause: 'why' };
  const catcher = (extra: Partial<Catcher>): Catcher => ({
    errors: ['E'],
    next: 'N',
    resultPath: '$',
    output: undefined,
    assign: undefined,
    ...extra,
  });

  it('goes to ResultPath', async () => {
    const { output } = await caughtOutcome(
      catcher({ resultPath: '$.error' }),
      'JSONPath',
      scope({ a: 1 }),
      errorOutput,
    );
    expect(output).toEqual({ a: 1, error: errorOutput });
  });

  it('is $states.errorOutput in JSONata', async () => {
    const rule = catcher({
      output: '{% $states.errorOutput.Cause %}',
      assign: { e: '{% $states.errorOutput.Error %}' },
    });
    expect(await caughtOutcome(rule, 'JSONata', scope({}), errorOutput)).toEqual({
      output: 'why',
      assigned: { e: 'E' },
    });
  });
});

it('refuses a number that is none', async () => {
  const reference = { kind: 'reference', field: 'TimeoutSecondsPath', text: '$.t' } as const;
  const read = (t: Json) => numberOf(reference, scope({ t }), { least: 1 });
  expect(await read(5)).toBe(5);
  expect(await read('5')).toBe(5);
  await expect(read('x')).rejects.toThrow(
    'The TimeoutSecondsPath field refers to value "x" which is not a valid integer',
  );
  await expect(read({})).rejects.toThrow('refers to value "{}" which is not a valid integer: $.t');
  await expect(read(1.5)).rejects.toThrow('refers to value "1.5"');
  await expect(read(0)).rejects.toThrow('must be a number that is at least 1');
});
