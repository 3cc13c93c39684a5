import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../src/wire/aws-error.js';
import { LeapClock } from './clock.js';
import { Disk, SmallEngine, until } from './harness.js';
import { tinyLambda } from './services.js';

/*
 * Behaviour of Step Functions that was recorded on AWS, where the documentation says nothing or something else. Each case is the
 * smallest input that shows it.
 */

const one = (state: object, extra: object = {}) => ({ StartAt: 'S', States: { S: { End: true, ...state } }, ...extra });
const jsonata = { QueryLanguage: 'JSONata' };
const processor = (state: object) => ({ StartAt: 'I', States: { I: state } });
const pass = processor({ Type: 'Pass', End: true });
const engineWith = (services: ConstructorParameters<typeof SmallEngine>[0] = {}) =>
  new SmallEngine({ states: { clock: new LeapClock() }, ...services });

async function run(definition: object, input: unknown = {}, engine = engineWith()) {
  const finished = await engine.run(definition, input);
  expect(engine.errors).toEqual([]);
  const { status, error, cause, output } = finished;
  return { status, error, cause, output, history: await engine.history(finished.executionArn) };
}
const chain = (events: readonly { id: number; previousEventId: number; type: string }[]) =>
  events.map(({ id, previousEventId, type }) => `${id}<${previousEventId} ${type}`);

/** The start of the cause of a failure in the state S, the first one. */
const inS = "An error occurred while executing the state 'S' (entered at the event id #2). ";

describe('items that are no array', () => {
  it.each<[unknown, string]>([
    [1, "Expected 'array', but was 'number' for value: 1"],
    [null, "Expected 'array', but was 'null' for value: null"],
    [{ a: 1 }, `Expected 'array', but was 'object' for value: {"a":1}`],
  ])('are a failed query in JSONata: %j', async (value, why) => {
    const definition = one({ Type: 'Map', Items: '{% $states.input.v %}', ItemProcessor: pass }, jsonata);
    const { error, cause, history } = await run(definition, { v: value });
    expect({ error, cause }).toEqual({
      error: 'States.QueryEvaluationError',
      cause: `${inS}The JSONata expression '$states.input.v' specified for the field 'Items' returned an unexpected result type. ${why}`,
    });
    expect(chain(history)).toEqual([
      '1<0 ExecutionStarted',
      '2<0 MapStateEntered',
      '3<0 EvaluationFailed',
      '4<3 MapStateFailed',
      '5<4 ExecutionFailed',
    ]);
  });

  it('can be caught', async () => {
    const definition = one({
      Type: 'Map',
      QueryLanguage: 'JSONata',
      ItemProcessor: { StartAt: 'I', States: { I: { Type: 'Pass', End: true } } },
      Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Cause %}', Next: 'C' }],
    });
    Object.assign(definition.States, { C: { Type: 'Pass', End: true } });
    expect((await run(definition, 'x')).output).toBe(
      JSON.stringify(`${inS}Map state input must be an array but was: "x"`),
    );
  });
});

describe('a Wait state', () => {
  const notParsed = 'an ISO-8601 extended offset date-time format string: ';
  it.each([
    '2016-12-05',
    '2016-12-05 21:29:29Z',
    '2016-12-05T21:29:29',
    '2016-02-30T00:00:00Z',
    '2016-12-05T25:00:00Z',
  ])('refuses %s at each place', async (text) => {
    await expect(engineWith().create(one({ Type: 'Wait', Timestamp: text }))).rejects.toThrow(
      'SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at /States/S/Timestamp',
    );
    expect(await run(one({ Type: 'Wait', TimestampPath: '$.t' }), { t: text })).toMatchObject({
      error: 'States.Runtime',
      cause: `${inS}The TimestampPath parameter does not reference a valid ${notParsed.slice(3)}$.t == ${text}`,
    });
    const failed = await run(one({ Type: 'Wait', Timestamp: '{% $states.input %}' }, jsonata), text);
    expect(failed).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: `${inS}The Timestamp field cannot be parsed as ${notParsed}${text}`,
    });
    expect(chain(failed.history).at(-2)).toBe('3<2 EvaluationFailed');
  });

  it.each<[unknown, string]>([
    [1.5, 'cannot be parsed as a long value: $.w == 1.5'],
    [-1.5, 'cannot be parsed as a long value: $.w == -1.5'],
    [-1, 'references a negative value: $.w == -1'],
  ])('refuses %j seconds', async (w, why) => {
    expect(await run(one({ Type: 'Wait', SecondsPath: '$.w' }), { w })).toMatchObject({
      error: 'States.Runtime',
      cause: `${inS}The SecondsPath parameter ${why}`,
    });
  });

  it('waits for 2^31 - 1 seconds at most', async () => {
    const clock = new LeapClock();
    const at = (days: number) => new Date(clock.now() + days * 86_400_000).toISOString();
    const wait = (days: number) =>
      run(one({ Type: 'Wait', TimestampPath: '$.t' }), { t: at(days) }, engineWith({ states: { clock } }));
    expect(await wait(24_856)).toMatchObject({ cause: `${inS}Wait state delay is too long.` });
    expect(await wait(24_855)).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('a Fail state', () => {
  it.each<[object, object]>([
    [{}, {}],
    [{ Error: 'E' }, { error: 'E' }],
    [{ Cause: 'c' }, { cause: 'c' }],
  ])('%j ends with %j and nothing else', async (fields, expected) => {
    const { error, cause, history } = await run({ StartAt: 'S', States: { S: { Type: 'Fail', ...fields } } });
    expect({ error, cause }).toEqual({ error: undefined, cause: undefined, ...expected });
    expect(history.at(-1).executionFailedEventDetails).toEqual(expected);
  });

  it('without an error is caught as null', async () => {
    const definition = one({
      Type: 'Parallel',
      Branches: [processor({ Type: 'Fail' })],
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }],
    });
    Object.assign(definition.States, { C: { Type: 'Pass', End: true } });
    expect((await run(definition)).output).toBe('{"Error":null,"Cause":null}');
  });
});

describe('the order of events', () => {
  const iteration = (name: string) => ({ Type: name, ...(name === 'Fail' ? { Error: 'X' } : { End: true }) });
  const retry = [{ ErrorEquals: ['X'], MaxAttempts: 1 }];

  it('has an iteration follow the last state of the one before it in its lane', async () => {
    const map = one({ Type: 'Map', MaxConcurrency: 1, ItemProcessor: processor(iteration('Pass')) });
    expect(chain((await run(map, [1, 2])).history).slice(3)).toEqual([
      '4<3 MapIterationStarted',
      '5<4 PassStateEntered',
      '6<5 PassStateExited',
      '7<6 MapIterationSucceeded',
      '8<6 MapIterationStarted',
      '9<8 PassStateEntered',
      '10<9 PassStateExited',
      '11<10 MapIterationSucceeded',
      '12<11 MapStateSucceeded',
      '13<11 MapStateExited',
      '14<13 ExecutionSucceeded',
    ]);
  });

  it('has a Map state fail once, after its last attempt', async () => {
    const map = one({ Type: 'Map', Retry: retry, ItemProcessor: processor(iteration('Fail')) });
    const { history } = await run(map, [1]);
    expect(chain(history)).toEqual([
      '1<0 ExecutionStarted',
      '2<0 MapStateEntered',
      '3<2 MapStateStarted',
      '4<3 MapIterationStarted',
      '5<4 FailStateEntered',
      '6<5 MapIterationFailed',
      '7<5 MapStateStarted',
      '8<7 MapIterationStarted',
      '9<8 FailStateEntered',
      '10<9 MapIterationFailed',
      '11<9 MapStateFailed',
      '12<11 ExecutionFailed',
    ]);
    expect(history[2].mapStateStartedEventDetails).toEqual({ length: 1 });
  });

  it('has a Parallel state fail once, after its last attempt', async () => {
    const parallel = one({ Type: 'Parallel', Retry: retry, Branches: [processor(iteration('Fail'))] });
    expect(chain((await run(parallel)).history).slice(2)).toEqual([
      '3<2 ParallelStateStarted',
      '4<3 FailStateEntered',
      '5<4 ParallelStateStarted',
      '6<5 FailStateEntered',
      '7<6 ParallelStateFailed',
      '8<7 ExecutionFailed',
    ]);
  });

  it('has a failed expression follow the event before the state was entered', async () => {
    const definition = {
      ...jsonata,
      StartAt: 'A',
      States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Output: '{% $nothing %}', End: true } },
    };
    expect(chain((await run(definition)).history).slice(3)).toEqual([
      '4<3 PassStateEntered',
      '5<3 EvaluationFailed',
      '6<5 ExecutionFailed',
    ]);
  });

  it('survives a restart between two attempts of a Map state in a branch', async () => {
    const disk = new Disk();
    const tries: number[] = [];
    const services = () => ({
      lambda: tinyLambda({
        f: (item) => {
          tries.push(Number(item));
          throw Object.assign(new Error('no'), { name: 'X' });
        },
      }),
    });
    const f = 'arn:aws:lambda:us-east-1:123456789012:function:f';
    const map = {
      Type: 'Map',
      MaxConcurrency: 1,
      Retry: [{ ErrorEquals: ['X'], IntervalSeconds: 100, MaxAttempts: 2 }],
      ItemProcessor: processor({ Type: 'Task', Resource: f, End: true }),
      End: true,
    };
    const definition = one({ Type: 'Parallel', Branches: [{ StartAt: 'M', States: { M: map } }] });
    const before = new SmallEngine({ disk, services, states: { clock: new LeapClock(150) } });
    const executionArn = await before.start(await before.create(definition), [7]);
    await until(() => tries.length === 2, 'the second attempt has failed');
    await new Promise((resolve) => setImmediate(resolve));
    await before.states.stop?.();
    const after = new SmallEngine({ disk, services, states: { clock: new LeapClock() } });
    expect(await after.finished(executionArn)).toMatchObject({ status: 'FAILED', error: 'X' });
    expect(tries).toEqual([7, 7, 7]);
    const types = (await after.history(executionArn)).map(({ type }: { type: string }) => type);
    expect(types.filter((type: string) => /^(Map|Parallel)State/.test(type))).toEqual([
      'ParallelStateEntered',
      'ParallelStateStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapStateStarted',
      'MapStateStarted',
      'MapStateFailed',
      'ParallelStateFailed',
    ]);
  });
});

describe('members that a definition gives', () => {
  const asked: unknown[] = [];
  const engine = () =>
    engineWith({
      services: () => ({
        lambda: {
          Invoke: (input: { Payload: Uint8Array }) => {
            asked.push(Buffer.from(input.Payload).toString('utf8'));
            return { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: input.Payload };
          },
        },
        sqs: {
          SendMessage: () => {
            throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
          },
        },
      }),
    });

  it.each<[unknown, string]>([
    [null, '{}'],
    ['"x"', '"x"'],
    ['0.0', '0.0'],
    ['plain', '"plain"'],
    [{ a: 1 }, '{"a":1}'],
  ])('invoke a function with the payload %j as %s', async (Payload, sent) => {
    asked.length = 0;
    const { output } = await run(
      one({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'f', Payload } }),
      {},
      engine(),
    );
    expect(asked).toEqual([sent]);
    const { Payload: answer, SdkHttpMetadata, SdkResponseMetadata } = JSON.parse(output);
    expect(answer).toEqual(JSON.parse(sent));
    expect(SdkHttpMetadata).toMatchObject({
      AllHttpHeaders: { 'Content-Length': [String(sent.length)], 'x-amzn-RequestId': [SdkResponseMetadata.RequestId] },
      HttpHeaders: { 'Content-Type': 'application/json', 'X-Amz-Executed-Version': '$LATEST' },
    });
  });

  it('start an execution with a null or an object as input', async () => {
    const own = engineWith();
    const stateMachineArn = await own.create(one({ Type: 'Pass' }), 'child');
    const start = async (resource: string, Input: unknown) => {
      const Parameters = { StateMachineArn: stateMachineArn, Input };
      const { output } = await run(
        one({ Type: 'Task', Resource: `arn:aws:states:::${resource}`, Parameters }),
        {},
        own,
      );
      const { ExecutionArn: executionArn } = JSON.parse(output);
      return (await own.sfn('DescribeExecution', { executionArn })).input;
    };
    expect(await start('aws-sdk:sfn:startExecution', null)).toBe('{}');
    expect(await start('aws-sdk:sfn:startExecution', { a: 1 })).toBe('{"a":1}');
    expect(await start('states:startExecution.sync:2', null)).toBe('{}');
    expect(await start('states:startExecution', { a: 1 })).toBe('{"a":1}');
  });

  it('send no message from a null', async () => {
    const definition = one({
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage',
      Parameters: { QueueUrl: 'q', MessageBody: null },
      Catch: [{ ErrorEquals: ['SQS.AmazonSQSException'], Next: 'C' }],
    });
    Object.assign(definition.States, { C: { Type: 'Pass', End: true } });
    expect(JSON.parse((await run(definition, {}, engine())).output)).toEqual({
      Error: 'SQS.AmazonSQSException',
      Cause: expect.stringMatching(
        /^The request must contain the parameter MessageBody\. \(Service: AmazonSQS; Status Code: 400; Error Code: MissingParameter; Request ID: .+; Proxy: null\)$/,
      ),
    });
  });
});

describe('numbers at paths', () => {
  const map = (fields: object) => one({ Type: 'Map', ItemsPath: '$.a', ItemProcessor: pass, ...fields });
  const distributed = (fields: object) =>
    map({
      ItemProcessor: { ...pass, ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
      ...fields,
    });

  it('are read from text', async () => {
    expect(await run(map({ MaxConcurrencyPath: '$.m' }), { a: [1], m: '1' })).toMatchObject({ output: '[1]' });
    expect(await run(distributed({ ToleratedFailurePercentagePath: '$.m' }), { a: [1], m: '1.5' })).toMatchObject({
      output: '[1]',
    });
  });

  it.each<[string, unknown, string]>([
    ['ToleratedFailurePercentage', 100.1, 'ToleratedFailurePercentage must be between 0 and 100.'],
    ['ToleratedFailurePercentage', -1, 'ToleratedFailurePercentage must be between 0 and 100.'],
    ['ToleratedFailureCount', -1, 'ToleratedFailureCount cannot be negative.'],
    [
      'ToleratedFailurePercentage',
      'x',
      'The ToleratedFailurePercentagePath field refers to value "x" which is not a valid float: $.m',
    ],
  ])('of the tolerance are refused once the state has started: %s %j', async (name, m, why) => {
    const { error, cause, history } = await run(distributed({ [`${name}Path`]: '$.m' }), { a: [1], m });
    expect({ error, cause }).toEqual({ error: 'States.Runtime', cause: inS + why });
    expect(chain(history).slice(2)).toEqual(['3<2 MapStateStarted', '4<3 ExecutionFailed']);
  });

  it('accept a tolerance in an inline Map', async () => {
    expect(await run(map({ ToleratedFailureCount: 1 }), { a: [1] })).toMatchObject({ output: '[1]' });
  });
});

describe('a definition', () => {
  it.each<[object]>([[{}], [{ InvalidField: 1 }]])('must name a role in Credentials: %j', async (Credentials) => {
    const task = { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:s3:listBuckets', Credentials };
    await expect(engineWith().create(one(task))).rejects.toThrow(
      "SCHEMA_VALIDATION_FAILED: The field 'RoleArn' is required but was missing at /States/S/Credentials",
    );
  });

  it.each(['', ' '])('gets null from States.StringToJson of %j', async (text) => {
    const parsed = one({ Type: 'Pass', Parameters: { 'r.$': 'States.StringToJson($)' } });
    expect(await run(parsed, text)).toMatchObject({ output: '{"r":null}' });
  });

  it('formats objects as Java prints them', async () => {
    const formatted = one({ Type: 'Pass', Parameters: { 'r.$': "States.Format('{}', $)" } });
    expect(await run(formatted, { A: 1, B: [], C: ['x', null] })).toMatchObject({
      output: '{"r":"{A=1, B=[], C=[x, null]}"}',
    });
  });
});

describe('arrays that JSONata functions make', () => {
  it.each<[string, unknown]>([
    ['$range(1, 9, 9)', 1],
    ['$range(1, 9, 2)', [1, 3, 5, 7, 9]],
    ['$range(3, 1, 1)', []],
    ['$partition([0], 1)', [[0]]],
    ['$partition([0, 1], 5)', [[0, 1]]],
    ['[$range(1, 9, 9)]', [1]],
  ])('are %s = %j', async (query, expected) => {
    const { output } = await run(one({ Type: 'Pass', Output: `{% ${query} %}` }, jsonata));
    expect(JSON.parse(output)).toEqual(expected);
  });
});

describe('paths', () => {
  it('keep a backslash before a double quote in single quotes', async () => {
    const picked = one({ Type: 'Pass', Parameters: { 'value.$': `$['Test\\""Name"']` } });
    expect(await run(picked, { 'Test\\""Name"': 'found' })).toMatchObject({ output: '{"value":"found"}' });
  });

  it.each<[string, string]>([
    ['$.l[?(@.x =~ /ab.*/)]', '[{"x":"abc"}]'],
    ['$.l[?(@.x =~ /AB.*/i)].x', '["abc"]'],
    ["$.l[?(@['x'] =~ /b/)]", '[]'],
    ['$.l[?(@.x =~ /c|ab./)].x', '["abc","c"]'],
  ])('select with a regular expression: %s', async (OutputPath, output) => {
    expect(await run(one({ Type: 'Pass', OutputPath }), { l: [{ x: 'abc' }, { x: 'c' }] })).toMatchObject({ output });
  });

  it.each<[object, string]>([
    [{ InputPath: '$.a' }, "Invalid path '$.a' : No results for path: $['a']"],
    [{ OutputPath: '$.b.c' }, "Invalid path '$.b.c' : Missing property in path $['b']"],
    [
      { Parameters: { 'v.$': '$$.Execution.Input.a' } },
      "The JSONPath '$$.Execution.Input.a' specified for the field 'v.$' could not be found in the input '",
    ],
  ])('that lead nowhere are reported: %j', async (fields, cause) => {
    const failed = await run(one({ Type: 'Pass', ...fields }), {});
    expect(failed).toMatchObject({ error: 'States.Runtime', cause: expect.stringContaining(inS + cause) });
  });
});

describe('the context object', () => {
  const shown = (state: object) => one({ ...state, Parameters: { FunctionName: 'f', 'Payload.$': '$$' } });

  it('has the retries of a Task, and a token only where it waits for one', async () => {
    const seen: { State: object; Task?: object }[] = [];
    const services = () => ({
      lambda: {
        Invoke: ({ Payload }: { Payload: Uint8Array }) => {
          seen.push(JSON.parse(Buffer.from(Payload).toString('utf8')));
          if (seen.length === 1) throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', { status: 429 });
          return { StatusCode: 200, Payload };
        },
      },
    });
    const Retry = [{ ErrorEquals: ['States.ALL'] }];
    await run(shown({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Retry }), {}, engineWith({ services }));
    expect(seen.map(({ State, Task }) => ({ State, Task }))).toEqual([
      { State: expect.objectContaining({ RetryCount: 0 }), Task: undefined },
      { State: expect.objectContaining({ RetryCount: 1 }), Task: undefined },
    ]);
    const own = engineWith();
    const StateMachineArn = await own.create(one({ Type: 'Pass' }), 'child');
    const Parameters = { StateMachineArn, Input: { 'token.$': '$$.Task.Token' } };
    const waiting = one({ Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync:2', Parameters });
    const started = await run(waiting, {}, own);
    expect(JSON.parse(started.output).Input.token).toEqual(expect.stringMatching(/.+/));
    const { output } = await run(one({ Type: 'Pass', Parameters: { 's.$': '$$.State' } }));
    expect(JSON.parse(output).s).toEqual({ Name: 'S', EnteredTime: expect.any(String) });
  });
});

describe('state machines and their versions', () => {
  const definition = JSON.stringify(one({ Type: 'Pass' }));
  const other = JSON.stringify(one({ Type: 'Pass', Result: 1 }));

  it('make a revision only when something changes, and name none at first', async () => {
    const engine = engineWith();
    const stateMachineArn = await engine.create(one({ Type: 'Pass' }));
    const describe = async () => (await engine.sfn('DescribeStateMachine', { stateMachineArn })).revisionId;
    expect(await describe()).toBeUndefined();
    const same = await engine.sfn('UpdateStateMachine', { stateMachineArn, definition });
    expect(same).toEqual({ updateDate: expect.any(Date), revisionId: undefined });
    const { revisionId } = await engine.sfn('UpdateStateMachine', { stateMachineArn, definition: other });
    expect(await describe()).toBe(revisionId);
    const again = await engine.sfn('UpdateStateMachine', { stateMachineArn, definition: other });
    expect(again.revisionId).toBe(revisionId);
    const executionArn = await engine.start(stateMachineArn);
    const ran = await engine.sfn('DescribeStateMachineForExecution', { executionArn });
    expect(ran.revisionId).toBe(revisionId);
    await expect(engine.sfn('PublishStateMachineVersion', { stateMachineArn, revisionId: 'x' })).rejects.toThrow(
      `Failed to publish the State Machine version for revision x. The current State Machine revision is ${revisionId}.`,
    );
  });

  it('never use the number of a version again', async () => {
    const engine = engineWith();
    const stateMachineArn = await engine.create(one({ Type: 'Pass' }));
    const publish = async () =>
      (await engine.sfn('PublishStateMachineVersion', { stateMachineArn })).stateMachineVersionArn;
    const first = await publish();
    expect([first, await publish()]).toEqual([`${stateMachineArn}:1`, `${stateMachineArn}:1`]);
    await engine.sfn('DeleteStateMachineVersion', { stateMachineVersionArn: first });
    expect(await publish()).toBe(`${stateMachineArn}:2`);
    await expect(
      engine.sfn('UpdateStateMachine', { stateMachineArn: `${stateMachineArn}:2`, definition: other }),
    ).rejects.toMatchObject({ code: 'StateMachineDoesNotExist' });
    await expect(engine.sfn('TagResource', { resourceArn: `${stateMachineArn}:2`, tags: [] })).rejects.toMatchObject({
      code: 'ResourceNotFound',
    });
  });

  it('list the variables that their states read', async () => {
    const engine = engineWith();
    const inner = { Type: 'Pass', Parameters: { 'x.$': "States.Format('$no {}', $inner)" }, End: true };
    const stateMachineArn = await engine.create({
      StartAt: 'A',
      States: {
        A: {
          Type: 'Pass',
          Assign: { b: 1 },
          Parameters: { c: '$no', 'd.$': '$$.State.Name', 'e.$': '$.f' },
          Next: 'C',
        },
        C: { Type: 'Choice', Choices: [{ Variable: '$b', StringEqualsPath: '$a[0]', Next: 'M' }], Default: 'J' },
        M: { Type: 'Map', ItemsPath: '$list', ItemProcessor: { StartAt: 'I', States: { I: inner } }, Next: 'J' },
        J: {
          Type: 'Pass',
          QueryLanguage: 'JSONata',
          Output: "{% ($own := 1; $f := function($x) { $x + $own }; $f($y) & '$no' & $string($states.input)) %}",
          End: true,
        },
      },
    });
    expect((await engine.sfn('DescribeStateMachine', { stateMachineArn })).variableReferences).toEqual({
      C: ['a', 'b'],
      M: ['list'],
      I: ['inner'],
      J: ['y'],
    });
    const plain = await engine.create(one({ Type: 'Pass' }), 'plain');
    expect((await engine.sfn('DescribeStateMachine', { stateMachineArn: plain })).variableReferences).toBeUndefined();
  });

  it('have the query language of the state machine inside a state with another one', async () => {
    const map = {
      Type: 'Map',
      QueryLanguage: 'JSONata',
      ItemProcessor: processor({ Type: 'Pass', Result: 1, End: true }),
    };
    expect(await run(one(map), [0])).toMatchObject({ output: '[1]' });
  });
});

describe('requests', () => {
  it.each<[string, object, string]>([
    ['DescribeStateMachine', { stateMachineArn: 'x' }, "Invalid Arn: 'Invalid ARN prefix: x'"],
    [
      'ListStateMachines',
      { maxResults: 1001 },
      "Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000",
    ],
    ['ListStateMachines', { nextToken: 'x'.repeat(1025) }, 'Member must have length less than or equal to 1024'],
    [
      'ListExecutions',
      { stateMachineArn: 'arn:x', statusFilter: 'succeeded' },
      'Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]',
    ],
    ['SendTaskSuccess', { taskToken: 'x', output: 'no JSON' }, "Invalid Token: 'Invalid token'"],
  ])("are refused in AWS's words: %s %j", async (operation, input, message) => {
    await expect(engineWith().sfn(operation, input)).rejects.toThrow(message);
  });
});

describe('a logging configuration', () => {
  const group = (name: string, end = ':*') => ({
    cloudWatchLogsLogGroup: { logGroupArn: `arn:aws:logs:us-east-1:123456789012:log-group:${name}${end}` },
  });
  const withLogs = () =>
    engineWith({
      services: () => ({ logs: { DescribeLogGroups: () => ({ logGroups: [{ logGroupName: 'there' }] }) } }),
    });
  const create = (loggingConfiguration: unknown, engine = withLogs()) =>
    engine.sfn('CreateStateMachine', {
      name: 'logging',
      definition: JSON.stringify(one({ Type: 'Pass' })),
      roleArn: 'arn:aws:iam::123456789012:role/states',
      loggingConfiguration,
    });
  const exactlyOne = 'Invalid Logging Configuration: Must specify exactly one Log Destination.';

  it.each<[object, string]>([
    [{ level: 'ALL' }, exactlyOne],
    [{ level: 'FATAL', destinations: [] }, exactlyOne],
    [{ level: 'ERROR', destinations: [group('there'), group('there')] }, exactlyOne],
    [{ level: 'OFF', destinations: [group('there'), group('there')] }, exactlyOne],
    [{ level: 'ALL', destinations: [group('gone')] }, 'Invalid Logging Configuration: Log Destination not found.'],
    [{ level: 'ALL', destinations: [group('ther')] }, 'Invalid Logging Configuration: Log Destination not found.'],
    [{ level: 'ALL', destinations: [group('there', '')] }, 'end with :*'],
  ])('is refused: %j', async (configuration, message) => {
    const refused = { code: 'InvalidLoggingConfiguration', message: expect.stringContaining(message) };
    await expect(create(configuration)).rejects.toMatchObject(refused);
    const engine = withLogs();
    const { stateMachineArn } = await create(undefined, engine);
    await expect(
      engine.sfn('UpdateStateMachine', { stateMachineArn, loggingConfiguration: configuration }),
    ).rejects.toMatchObject(refused);
  });

  it('is replaced as a whole by an update', async () => {
    const engine = withLogs();
    const { stateMachineArn } = await create({ level: 'ALL', destinations: [group('there')] }, engine);
    const update = (loggingConfiguration: object) =>
      engine.sfn('UpdateStateMachine', { stateMachineArn, loggingConfiguration });
    await expect(update({ level: 'FATAL' })).rejects.toThrow(exactlyOne);
    await update({ includeExecutionData: true });
    const { loggingConfiguration } = await engine.sfn('DescribeStateMachine', { stateMachineArn });
    expect(loggingConfiguration).toEqual({ level: 'OFF', includeExecutionData: true });
  });

  it.each<[unknown, object]>([
    [undefined, { level: 'OFF', includeExecutionData: false }],
    [{}, { level: 'OFF', includeExecutionData: false }],
    [{ destinations: [] }, { level: 'OFF', includeExecutionData: false, destinations: [] }],
    [
      { level: 'ALL', destinations: [group('there')] },
      { level: 'ALL', includeExecutionData: false, destinations: [group('there')] },
    ],
  ])('is shown as it was given: %j', async (configuration, shown) => {
    const engine = withLogs();
    const { stateMachineArn } = await create(configuration, engine);
    const { loggingConfiguration } = await engine.sfn('DescribeStateMachine', { stateMachineArn });
    expect(loggingConfiguration).toEqual(shown);
  });
});

describe('an Express state machine', () => {
  const create = (definition: object, type = 'EXPRESS') =>
    engineWith().sfn('CreateStateMachine', {
      name: 'express',
      definition: JSON.stringify(definition),
      roleArn: 'arn:aws:iam::123456789012:role/states',
      type,
    });
  const task = (resource: string) => ({
    Type: 'Task',
    Resource: `arn:aws:states:::${resource}`,
    Parameters: { a: 1 },
    End: true,
  });
  const nested = (state: object): [string, object][] => [
    ['/States/S', one(state)],
    ['/States/S/Branches[0]/States/I', one({ Type: 'Parallel', Branches: [processor(state)] })],
    ['/States/S/ItemProcessor/States/I', one({ Type: 'Map', ItemProcessor: processor(state) })],
  ];

  it.each<[string, string]>([
    ['sqs:sendMessage.waitForTaskToken', '.waitForTaskToken'],
    ['aws-sdk:sqs:sendMessage.waitForTaskToken', '.waitForTaskToken'],
    ['states:startExecution.sync', '.sync'],
    ['batch:submitJob.sync', '.sync'],
  ])('cannot wait for %s, wherever it is', async (resource, pattern) => {
    for (const [place, definition] of nested(task(resource))) {
      await expect(create(definition)).rejects.toMatchObject({
        code: 'InvalidDefinition',
        message: expect.stringMatching(
          new RegExp(
            `Express state machine does not support '\\${pattern}' service integration +at ${place.replaceAll('[', '\\[')}/Resource`,
          ),
        ),
      });
      await create(definition, 'STANDARD');
    }
  });

  it('can be the kind of a distributed Map state, with the same limits, and has none itself', async () => {
    const map = (ExecutionType: string, state: object) =>
      one({
        Type: 'Map',
        ItemProcessor: { ...processor(state), ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType } },
      });
    const waiting = task('sqs:sendMessage.waitForTaskToken');
    await create(map('STANDARD', waiting), 'STANDARD');
    await create(map('EXPRESS', task('sqs:sendMessage')), 'STANDARD');
    await expect(create(map('EXPRESS', waiting), 'STANDARD')).rejects.toThrow("'.waitForTaskToken'");
    await expect(create(map('EXPRESS', task('sqs:sendMessage')))).rejects.toThrow('distributed Map states');
  });
});

describe('credentials', () => {
  const role = 'arn:aws:iam::123456789012:role/other';
  const invoke = { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:123456789012:function:f' };
  const service = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke' };
  const engine = () => engineWith({ services: () => ({ lambda: tinyLambda({ f: () => 'done' }) }) });

  it.each<[string, object, object]>([
    ['a name', { ...invoke, Credentials: { RoleArn: role } }, {}],
    ['a path', { ...invoke, Credentials: { 'RoleArn.$': '$.role' } }, {}],
    ['a query', { ...invoke, Credentials: { RoleArn: '{% $states.input.role %}' } }, jsonata],
    ['a query for all', { ...invoke, Credentials: "{% {'RoleArn': $states.input.role} %}" }, jsonata],
    ['a service', { ...service, Parameters: { FunctionName: 'f' }, Credentials: { RoleArn: role } }, {}],
  ])('are shown where an attempt is scheduled: %s', async (_, state, language) => {
    const { history } = await run(one(state, language), { role }, engine());
    const scheduled = history.find(({ type }: { type: string }) => type.endsWith('Scheduled'));
    expect(scheduled.taskScheduledEventDetails ?? scheduled.lambdaFunctionScheduledEventDetails).toMatchObject({
      taskCredentials: { roleArn: role },
    });
  });

  it('are not shown where there are none', async () => {
    const { history } = await run(one(invoke), {}, engine());
    expect(history[2].lambdaFunctionScheduledEventDetails).not.toHaveProperty('taskCredentials');
  });
});

describe('an object that a definition writes', () => {
  it.each<[object, object]>([
    [{}, { ChecksumAlgorithm: 'CRC32' }],
    [{ ChecksumAlgorithm: 'SHA256' }, { ChecksumAlgorithm: 'SHA256' }],
    [{ ChecksumCRC32C: 'AAAAAA==' }, { ChecksumCRC32C: 'AAAAAA==' }],
  ])('has the checksum of the SDK, or the one that is given: %j', async (given, sent) => {
    const asked: object[] = [];
    const engine = engineWith({
      services: () => ({
        s3: {
          PutObject: ({ Body: _, ...rest }: { Body: unknown }) => {
            asked.push(rest);
            return {};
          },
        },
      }),
    });
    const Parameters = { Bucket: 'b', Key: 'k', Body: 'text', ...given };
    await run(one({ Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:s3:putObject', Parameters }), {}, engine);
    expect(asked).toEqual([{ Bucket: 'b', Key: 'k', ContentLength: 6, ...sent }]);
  });
});

describe('errors of AWS SDK integrations', () => {
  it('tell how often the SDK tried, and name what is not modelled after the service', async () => {
    const thrown = (code: string) => () => {
      throw new AwsError(code, 'no');
    };
    const engine = engineWith({
      services: () => ({
        secretsmanager: {
          CreateSecret: thrown('ValidationException'),
          GetSecretValue: thrown('ResourceNotFoundException'),
        },
      }),
    });
    const sdk = (action: string) =>
      one({ Type: 'Task', Resource: `arn:aws:states:::aws-sdk:secretsmanager:${action}`, Parameters: { Name: 'n' } });
    expect(await run(sdk('createSecret'), {}, engine)).toMatchObject({
      error: 'SecretsManager.SecretsManagerException',
      cause: expect.stringMatching(
        /^no \(Service: SecretsManager, Status Code: 400, Request ID: [^)]+\) \(SDK Attempt Count: 1\)$/,
      ),
    });
    expect((await run(sdk('getSecretValue'), {}, engine)).error).toBe('SecretsManager.ResourceNotFoundException');
  });
});
