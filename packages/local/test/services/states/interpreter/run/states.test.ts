import { describe, expect, it } from 'vitest';
import { LeapClock } from '../../clock.js';
import { SmallEngine } from '../../harness.js';

const single = (state: object) => ({ StartAt: 'A', States: { A: state, Z: { Type: 'Succeed' } } });
const end = (state: object) => ({ StartAt: 'A', States: { A: { ...state, End: true } } });
const outputOf = async (definition: unknown, input: unknown = {}) => {
  const engine = new SmallEngine({ states: { clock: new LeapClock() } });
  const finished = await engine.run(definition, input);
  expect(engine.errors).toEqual([]);
  expect(finished).toMatchObject({ status: 'SUCCEEDED' });
  return JSON.parse(finished.output);
};
const failureOf = async (definition: unknown, input: unknown = {}) => {
  const finished = await new SmallEngine({ states: { clock: new LeapClock() } }).run(definition, input);
  return { status: finished.status, error: finished.error, cause: finished.cause };
};

/** Types of the events with the events that they follow. */
const chain = (events: readonly { id: number; previousEventId: number; type: string }[]) =>
  events.map(({ id, previousEventId, type }) => `${id}<${previousEventId} ${type}`);

describe('Pass', () => {
  it('hands its input on, or its result', async () => {
    expect(await outputOf(end({ Type: 'Pass' }), { a: 1 })).toEqual({ a: 1 });
    expect(await outputOf(end({ Type: 'Pass', Result: { b: 2 }, ResultPath: '$.c' }), { a: 1 })).toEqual({
      a: 1,
      c: { b: 2 },
    });
    expect(await outputOf(end({ Type: 'Pass', Parameters: { 'x.$': '$.a' } }), { a: 1 })).toEqual({ x: 1 });
  });

  it('assigns variables for the states after it', async () => {
    const definition = {
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', Assign: { 'n.$': 'States.MathAdd($.n, 1)', list: [1] }, Next: 'B' },
        B: { Type: 'Pass', Parameters: { 'n.$': '$n', 'first.$': '$list[0]' }, End: true },
      },
    };
    expect(await outputOf(definition, { n: 1 })).toEqual({ n: 2, first: 1 });
  });
});

describe('Choice', () => {
  const choice = {
    StartAt: 'A',
    States: {
      A: {
        Type: 'Choice',
        Choices: [{ Variable: '$.n', NumericGreaterThan: 5, Assign: { big: true }, Next: 'B' }],
        Default: 'C',
      },
      B: { Type: 'Pass', Parameters: { 'big.$': '$big' }, End: true },
      C: { Type: 'Pass', Result: 'small', End: true },
    },
  };

  it('follows the first rule that holds, or Default', async () => {
    expect(await outputOf(choice, { n: 6 })).toEqual({ big: true });
    expect(await outputOf(choice, { n: 5 })).toBe('small');
  });

  it("fails in Step Functions' words when nothing holds", async () => {
    const definition = single({ Type: 'Choice', Choices: [{ Variable: '$.n', IsNull: true, Next: 'Z' }] });
    expect(await failureOf(definition, { n: 1 })).toEqual({
      status: 'FAILED',
      error: 'States.Runtime',
      cause:
        "An error occurred while executing the state 'A' (entered at the event id #2). Failed to transition out of the state. The state does not point to a next state.",
    });
  });

  it('decides by JSONata', async () => {
    const definition = {
      QueryLanguage: 'JSONata',
      StartAt: 'A',
      States: {
        A: {
          Type: 'Choice',
          Choices: [{ Condition: '{% $states.input.n > 5 %}', Output: '{% $states.input.n %}', Next: 'B' }],
          Default: 'B',
        },
        B: { Type: 'Pass', End: true },
      },
    };
    expect(await outputOf(definition, { n: 7 })).toBe(7);
    expect(await outputOf(definition, { n: 1 })).toEqual({ n: 1 });
  });
});

describe('Wait', () => {
  it('waits for seconds, by path and by computation', async () => {
    const clock = new LeapClock();
    const engine = new SmallEngine({ states: { clock } });
    for (const state of [
      { Type: 'Wait', Seconds: 10 },
      { Type: 'Wait', SecondsPath: '$.s' },
      { Type: 'Wait', QueryLanguage: 'JSONata', Seconds: '{% $states.input.s * 3 %}' },
      { Type: 'Wait', Timestamp: '2026-01-01T00:01:10Z' },
      { Type: 'Wait', TimestampPath: '$.past' },
    ]) {
      expect(await engine.run(end(state), { s: 20, past: '2001-01-01T00:00:00Z' })).toMatchObject({
        status: 'SUCCEEDED',
      });
    }
    // The absolute time has passed when it is its turn: after 10, 20 and 60 seconds it is 00:01:30.
    expect(clock.slept).toEqual([10, 20, 60]);
  });

  it('fails when the path holds no time', async () => {
    expect(await failureOf(end({ Type: 'Wait', TimestampPath: '$.t' }), { t: 'soon' })).toMatchObject({
      error: 'States.Runtime',
    });
  });
});

describe('Fail', () => {
  it('ends the execution with error and cause, given, by path or computed', async () => {
    expect(
      await failureOf(
        single({ Type: 'Fail', Error: 'E', Cause: 'C' }) && {
          StartAt: 'A',
          States: { A: { Type: 'Fail', Error: 'E', Cause: 'C' } },
        },
      ),
    ).toEqual({ status: 'FAILED', error: 'E', cause: 'C' });
    expect(
      await failureOf(
        { StartAt: 'A', States: { A: { Type: 'Fail', ErrorPath: '$.e', CausePath: "States.Format('{}!', $.c)" } } },
        { e: 'X', c: 'why' },
      ),
    ).toEqual({ status: 'FAILED', error: 'X', cause: 'why!' });
  });

  it('has no exit in the history', async () => {
    const engine = new SmallEngine();
    const { executionArn } = await engine.run({ StartAt: 'A', States: { A: { Type: 'Fail', Error: 'E' } } });
    expect(chain(await engine.history(executionArn))).toEqual([
      '1<0 ExecutionStarted',
      '2<0 FailStateEntered',
      '3<2 ExecutionFailed',
    ]);
  });
});

describe('Parallel', () => {
  const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: state } });

  it('gives the outputs of its branches in their order', async () => {
    const definition = end({
      Type: 'Parallel',
      Branches: [
        branch('Slow', { Type: 'Wait', Seconds: 5, End: true }),
        branch('Fast', { Type: 'Pass', Result: 2, End: true }),
      ],
    });
    expect(await outputOf(definition, 1)).toEqual([1, 2]);
  });

  it('keeps the variables of a branch inside it, and lets it see those outside', async () => {
    const definition = {
      StartAt: 'V',
      States: {
        V: { Type: 'Pass', Assign: { x: 1 }, Next: 'A' },
        A: {
          Type: 'Parallel',
          Branches: [
            {
              StartAt: 'B',
              States: {
                B: { Type: 'Pass', Assign: { y: 2 }, Next: 'C' },
                C: { Type: 'Pass', Parameters: { 'x.$': '$x', 'y.$': '$y' }, End: true },
              },
            },
          ],
          Next: 'Z',
        },
        Z: { Type: 'Choice', Choices: [{ Variable: '$y', IsPresent: true, Next: 'Bad' }], Default: 'Good' },
        Bad: { Type: 'Fail' },
        Good: { Type: 'Succeed' },
      },
    };
    expect(await outputOf(definition)).toEqual([{ x: 1, y: 2 }]);
  });

  it('writes the chain of each branch, success and exit after the last one', async () => {
    const engine = new SmallEngine();
    const { executionArn } = await engine.run(
      end({
        Type: 'Parallel',
        Branches: [branch('B', { Type: 'Pass', End: true }), branch('C', { Type: 'Pass', End: true })],
      }),
    );
    expect(chain(await engine.history(executionArn))).toEqual([
      '1<0 ExecutionStarted',
      '2<0 ParallelStateEntered',
      '3<2 ParallelStateStarted',
      '4<3 PassStateEntered',
      '5<3 PassStateEntered',
      '6<4 PassStateExited',
      '7<5 PassStateExited',
      '8<7 ParallelStateSucceeded',
      '9<7 ParallelStateExited',
      '10<9 ExecutionSucceeded',
    ]);
  });

  it('ends its other branches when one fails, and fails with the error of that one', async () => {
    const engine = new SmallEngine({ states: { clock: new LeapClock(100) } });
    const finished = await engine.run(
      end({
        Type: 'Parallel',
        Branches: [
          branch('W', { Type: 'Wait', Seconds: 1000, End: true }),
          branch('F', { Type: 'Fail', Error: 'E', Cause: 'C' }),
        ],
      }),
    );
    expect(finished).toMatchObject({ status: 'FAILED', error: 'E', cause: 'C' });
    expect(chain(await engine.history(finished.executionArn)).slice(3)).toEqual([
      '4<3 WaitStateEntered',
      '5<3 FailStateEntered',
      '6<4 WaitStateAborted',
      '7<5 ParallelStateFailed',
      '8<7 ExecutionFailed',
    ]);
  });

  it('ends the execution at once for a runtime error inside', async () => {
    const engine = new SmallEngine();
    const finished = await engine.run(
      end({
        Type: 'Parallel',
        Branches: [branch('Fast', { Type: 'Pass', Parameters: { 'm.$': '$.nope' }, End: true })],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'A' }],
      }),
      { x: 'a' },
    );
    expect(finished.cause).toBe(
      `An error occurred while executing the state 'Fast' (entered at the event id #4). The JSONPath '$.nope' specified for the field 'm.$' could not be found in the input '{"x":"a"}'`,
    );
    expect(chain(await engine.history(finished.executionArn)).slice(2)).toEqual([
      '3<2 ParallelStateStarted',
      '4<3 PassStateEntered',
      '5<4 ExecutionFailed',
    ]);
  });

  it('holds many branches without a word', async () => {
    const Branches = Array.from({ length: 200 }, (_, index) =>
      branch(`B${index}`, { Type: 'Wait', Seconds: 1, End: true }),
    );
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    expect(await outputOf(end({ Type: 'Parallel', Branches }), 1)).toHaveLength(200);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });
});

describe('an inline Map', () => {
  const map = (extra: object, state: object = { Type: 'Pass', End: true }) =>
    end({ Type: 'Map', ItemProcessor: { StartAt: 'I', States: { I: state } }, ...extra });

  it('runs an iteration for each item, in order', async () => {
    const definition = map({
      ItemsPath: '$.items',
      ItemSelector: { 'value.$': '$$.Map.Item.Value', 'index.$': '$$.Map.Item.Index', 'all.$': '$.all' },
      ResultPath: '$.results',
    });
    expect(await outputOf(definition, { items: ['a', 'b'], all: 1 })).toEqual({
      items: ['a', 'b'],
      all: 1,
      results: [
        { value: 'a', index: 0, all: 1 },
        { value: 'b', index: 1, all: 1 },
      ],
    });
  });

  it('gives an empty array for no items', async () => {
    expect(await outputOf(map({}), [])).toEqual([]);
  });

  it('speaks JSONata', async () => {
    const definition = map(
      {
        QueryLanguage: 'JSONata',
        Items: '{% $states.input.items %}',
        ItemSelector: { v: '{% $states.context.Map.Item.Value * 2 %}' },
      },
      { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% $states.input.v + 1 %}', End: true },
    );
    expect(await outputOf(definition, { items: [1, 2] })).toEqual([3, 5]);
  });

  it('still knows Iterator and Parameters', async () => {
    const definition = end({
      Type: 'Map',
      Iterator: { StartAt: 'I', States: { I: { Type: 'Pass', End: true } } },
      Parameters: { 'v.$': '$$.Map.Item.Value' },
    });
    expect(await outputOf(definition, [1])).toEqual([{ v: 1 }]);
  });

  it('runs at most MaxConcurrency iterations at once, and at most 40', async () => {
    for (const [limit, most] of [
      [3, 3],
      [0, 40],
      [100, 40],
    ] as const) {
      let running = 0;
      let peak = 0;
      const engine = new SmallEngine({
        services: () => ({
          lambda: {
            Invoke: async () => {
              running += 1;
              peak = Math.max(peak, running);
              await new Promise((resolve) => setImmediate(resolve));
              running -= 1;
              return { Payload: Buffer.from('1') };
            },
          },
        }),
      });
      const definition = map(
        { MaxConcurrency: limit },
        { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:123456789012:function:f', End: true },
      );
      expect(
        await engine.run(
          definition,
          Array.from({ length: 90 }, (_, index) => index),
        ),
      ).toMatchObject({ status: 'SUCCEEDED' });
      expect(peak).toBe(most);
    }
  });

  it('fails with the first failure of an iteration', async () => {
    const engine = new SmallEngine();
    const finished = await engine.run(map({}, { Type: 'Fail', Error: 'E' }), [1]);
    expect(finished).toMatchObject({ status: 'FAILED', error: 'E' });
    expect(chain(await engine.history(finished.executionArn)).slice(2)).toEqual([
      '3<2 MapStateStarted',
      '4<3 MapIterationStarted',
      '5<4 FailStateEntered',
      '6<5 MapIterationFailed',
      '7<5 MapStateFailed',
      '8<7 ExecutionFailed',
    ]);
  });

  it('refuses items that are no array', async () => {
    expect(await failureOf(map({ ItemsPath: '$.x' }), { x: 1 })).toMatchObject({
      error: 'States.Runtime',
      cause: expect.stringContaining('must point to an array'),
    });
  });
});

describe('an execution', () => {
  it('sees itself in the context object', async () => {
    const engine = new SmallEngine();
    const definition = end({
      Type: 'Pass',
      Parameters: {
        'id.$': '$$.Execution.Id',
        'name.$': '$$.Execution.Name',
        'input.$': '$$.Execution.Input.a',
        'machine.$': '$$.StateMachine.Name',
        'state.$': '$$.State.Name',
      },
    });
    const executionArn = await engine.start(await engine.create(definition, 'wf--1'), { a: 1 }, 'job');
    expect(JSON.parse((await engine.finished(executionArn)).output)).toEqual({
      id: executionArn,
      name: 'job',
      input: 1,
      machine: 'wf--1',
      state: 'A',
    });
  });

  it('fails when data outgrows 256 KiB', async () => {
    const doubled = { Type: 'Pass', Parameters: { 'a.$': '$', 'b.$': '$' }, End: true };
    expect(await failureOf({ StartAt: 'A', States: { A: doubled } }, 'x'.repeat(200_000))).toMatchObject({
      error: 'States.DataLimitExceeded',
      cause: "The state/task 'A' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  it('times out as a whole', async () => {
    const engine = new SmallEngine({ states: { clock: new LeapClock(600) } });
    const definition = { TimeoutSeconds: 60, ...end({ Type: 'Wait', Seconds: 1000 }) };
    const finished = await engine.run(definition);
    expect(finished.status).toBe('TIMED_OUT');
    expect((await engine.history(finished.executionArn)).at(-1)).toMatchObject({ type: 'ExecutionTimedOut' });
  });

  it('ends an endless loop at 25,000 events without holding up the engine', async () => {
    const engine = new SmallEngine();
    const loop = {
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', Next: 'B' },
        B: { Type: 'Choice', Choices: [{ Variable: '$.stop', IsPresent: true, Next: 'C' }], Default: 'A' },
        C: { Type: 'Succeed' },
      },
    };
    const executionArn = await engine.start(await engine.create(loop));
    let turns = 0;
    let over = false;
    const finished = engine.finished(executionArn).finally(() => {
      over = true;
    });
    while (!over) {
      turns += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await finished).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (25000).',
    });
    expect(turns).toBeGreaterThan(50);
  });

  it('tells of a failed JSONata expression with EvaluationFailed', async () => {
    const engine = new SmallEngine();
    const finished = await engine.run(
      end({ Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% $states.input.x.y %}' }),
    );
    expect(finished).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect((await engine.history(finished.executionArn)).at(-2)).toMatchObject({
      type: 'EvaluationFailed',
      evaluationFailedEventDetails: { state: 'A', location: 'Output', error: 'States.QueryEvaluationError' },
    });
  });
});
