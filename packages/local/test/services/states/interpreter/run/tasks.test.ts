import { describe, expect, it } from 'vitest';
import { AwsError } from '../../../../../src/wire/aws-error.js';
import { LeapClock } from '../../clock.js';
import { SmallEngine, until } from '../../harness.js';
import { TinyBatch, TinyS3, tinyLambda } from '../../services.js';

const functionArn = (name: string) => `arn:aws:lambda:us-east-1:123456789012:function:${name}`;
const task = (state: object) => ({
  StartAt: 'A',
  States: { A: { Type: 'Task', End: true, ...state }, Z: { Type: 'Pass', End: true } },
});
const only = (state: object) => ({ StartAt: 'A', States: { A: { Type: 'Task', End: true, ...state } } });
const types = (events: readonly { type: string }[]) => events.map(({ type }) => type);

class Oops extends Error {
  override readonly name = 'Oops';
}

function lambdaEngine(handlers: Parameters<typeof tinyLambda>[0], clock = new LeapClock()) {
  return new SmallEngine({
    services: () => ({ lambda: tinyLambda(handlers) }),
    states: { clock, randomness: { random: () => 0.5, uuid: () => 'u' } },
  });
}

describe('a Task with a function', () => {
  it('invokes it by its ARN', async () => {
    const engine = lambdaEngine({ add: (input) => ({ got: input }) });
    const finished = await engine.run(only({ Resource: functionArn('add') }), { n: 1 });
    expect(JSON.parse(finished.output)).toEqual({ got: { n: 1 } });
    const events = await engine.history(finished.executionArn);
    expect(types(events).slice(1, -1)).toEqual([
      'TaskStateEntered',
      'LambdaFunctionScheduled',
      'LambdaFunctionStarted',
      'LambdaFunctionSucceeded',
      'TaskStateExited',
    ]);
    expect(events[2]).toMatchObject({
      lambdaFunctionScheduledEventDetails: { resource: functionArn('add'), input: '{"n":1}' },
    });
  });

  it('invokes it through lambda:invoke', async () => {
    const engine = lambdaEngine({ initialize: (input) => ({ repo: input }) });
    const definition = only({
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: functionArn('initialize'), 'Payload.$': '$' },
      OutputPath: '$.Payload',
    });
    const finished = await engine.run(definition, { n: 1 });
    expect(JSON.parse(finished.output)).toEqual({ repo: { n: 1 } });
    const events = await engine.history(finished.executionArn);
    expect(types(events).slice(1, -1)).toEqual([
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
    ]);
    expect(events[2].taskScheduledEventDetails).toMatchObject({
      resourceType: 'lambda',
      resource: 'invoke',
      region: 'us-east-1',
    });
    expect(JSON.parse(events[4].taskSucceededEventDetails.output)).toMatchObject({
      ExecutedVersion: '1',
      StatusCode: 200,
      Payload: { repo: { n: 1 } },
    });
  });

  it("fails with the function's errorType and its whole answer as cause", async () => {
    const engine = lambdaEngine({
      f: () => {
        throw new Oops('no data');
      },
    });
    for (const state of [
      { Resource: functionArn('f') },
      { Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: 'f' } },
    ]) {
      const finished = await engine.run(only(state));
      expect(finished).toMatchObject({ status: 'FAILED', error: 'Oops' });
      expect(JSON.parse(finished.cause)).toEqual({ errorType: 'Oops', errorMessage: 'Oops: no data' });
    }
  });

  it("fails with Lambda's own exceptions by their names", async () => {
    const engine = lambdaEngine({
      busy: () => {
        throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', { status: 429 });
      },
    });
    expect(await engine.run(only({ Resource: functionArn('busy') }))).toMatchObject({
      error: 'Lambda.TooManyRequestsException',
      cause: expect.stringMatching(
        /^Rate Exceeded\. \(Service: AWSLambda; Status Code: 429; Error Code: TooManyRequestsException; Request ID: .+; Proxy: null\)$/,
      ),
    });
    expect(await engine.run(only({ Resource: functionArn('none') }))).toMatchObject({
      error: 'Lambda.ResourceNotFoundException',
    });
  });

  it('fails when its result is too large', async () => {
    const engine = lambdaEngine({ f: () => 'x'.repeat(300_000) });
    const finished = await engine.run(only({ Resource: functionArn('f'), ResultPath: null }));
    expect(finished).toMatchObject({
      error: 'States.DataLimitExceeded',
      cause: `The state/task '${functionArn('f')}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    });
  });

  it('times out', async () => {
    const engine = lambdaEngine({ f: () => new Promise(() => {}) });
    const finished = await engine.run(only({ Resource: functionArn('f'), TimeoutSecondsPath: '$.t' }), { t: 5 });
    expect(finished).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(types(await engine.history(finished.executionArn)).slice(-2)).toEqual([
      'LambdaFunctionTimedOut',
      'ExecutionFailed',
    ]);
  });
});

describe('Retry and Catch', () => {
  const flaky = (failures: number) => {
    let left = failures;
    return () => {
      left -= 1;
      if (left >= 0) throw new Oops('again');
      return 'done';
    };
  };
  const retry = (rules: object[], extra: object = {}) =>
    task({ Resource: functionArn('f'), Retry: rules, ...extra, Next: 'Z', End: undefined });

  it('tries again on schedule', async () => {
    const clock = new LeapClock();
    const engine = lambdaEngine({ f: flaky(4) }, clock);
    const finished = await engine.run(
      retry([{ ErrorEquals: ['Oops'], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 4, MaxDelaySeconds: 30 }]),
    );
    expect(finished.status).toBe('SUCCEEDED');
    expect(clock.slept).toEqual([2, 6, 18, 30]);
  });

  it('shortens the waits at random with JitterStrategy FULL', async () => {
    const clock = new LeapClock();
    const engine = lambdaEngine({ f: flaky(2) }, clock);
    await engine.run(retry([{ ErrorEquals: ['States.TaskFailed'], IntervalSeconds: 4, JitterStrategy: 'FULL' }]));
    expect(clock.slept).toEqual([2, 4]);
  });

  it('counts retries in the context object', async () => {
    const seen: unknown[] = [];
    const engine = lambdaEngine({
      f: (input) => {
        seen.push(input);
        throw new Oops();
      },
    });
    await engine.run(
      retry([{ ErrorEquals: ['States.ALL'], MaxAttempts: 2 }], { Parameters: { 'n.$': '$$.State.RetryCount' } }),
    );
    expect(seen).toEqual([{ n: 0 }, { n: 1 }, { n: 2 }]);
  });

  it('catches what retries did not mend', async () => {
    const engine = lambdaEngine({ f: flaky(9) });
    const finished = await engine.run(
      retry([{ ErrorEquals: ['Oops'], MaxAttempts: 1 }], {
        Catch: [
          { ErrorEquals: ['Other'], Next: 'Z' },
          { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Z' },
        ],
      }),
      { a: 1 },
    );
    const output = JSON.parse(finished.output);
    expect(output).toMatchObject({ a: 1, error: { Error: 'Oops' } });
    const events = await engine.history(finished.executionArn);
    expect(types(events).slice(1)).toEqual([
      'TaskStateEntered',
      ...['LambdaFunctionScheduled', 'LambdaFunctionStarted', 'LambdaFunctionFailed'],
      ...['LambdaFunctionScheduled', 'LambdaFunctionStarted', 'LambdaFunctionFailed'],
      'TaskStateExited',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('retries a Parallel state as a whole', async () => {
    let calls = 0;
    const engine = lambdaEngine({
      f: () => {
        calls += 1;
        if (calls === 1) throw new Oops();
        return calls;
      },
    });
    const branch = { StartAt: 'B', States: { B: { Type: 'Task', Resource: functionArn('f'), End: true } } };
    const finished = await engine.run({
      StartAt: 'A',
      States: { A: { Type: 'Parallel', Branches: [branch], Retry: [{ ErrorEquals: ['Oops'] }], End: true } },
    });
    expect(JSON.parse(finished.output)).toEqual([2]);
    expect(types(await engine.history(finished.executionArn)).filter((type) => type.startsWith('Parallel'))).toEqual([
      'ParallelStateEntered',
      'ParallelStateStarted',
      'ParallelStateStarted',
      'ParallelStateSucceeded',
      'ParallelStateExited',
    ]);
  });
});

describe('a Task with a Batch job', () => {
  const submit = (extra: object = {}) =>
    only({
      Resource: 'arn:aws:states:::batch:submitJob.sync',
      Parameters: {
        JobName: 'align',
        JobQueue: 'q',
        JobDefinition: 'd:1',
        Parameters: { 'repo.$': '$.repo', Step: 'x' },
        ContainerOverrides: { Environment: [{ Name: 'A', Value: '1' }] },
      },
      ...extra,
    });
  function batchEngine(batch: TinyBatch, clock = new LeapClock()) {
    return new SmallEngine({ services: (context) => ({ batch: batch.operations(context) }), states: { clock } });
  }

  it('waits for the job and gives its detail', async () => {
    const batch = new TinyBatch();
    const engine = batchEngine(batch);
    const executionArn = await engine.start(await engine.create(submit()), { repo: 's3://b/r' });
    await until(() => batch.jobs.length === 1, 'the job is submitted');
    expect(batch.jobs[0]).toMatchObject({
      parameters: { repo: 's3://b/r', Step: 'x' },
      container: {
        environment: [
          { name: 'A', value: '1' },
          { name: 'MANAGED_BY_AWS', value: 'STARTED_BY_STEP_FUNCTIONS' },
        ],
      },
    });
    batch.end('align', 'SUCCEEDED');
    const finished = await engine.finished(executionArn);
    expect(JSON.parse(finished.output)).toMatchObject({
      JobName: 'align',
      Status: 'SUCCEEDED',
      Parameters: { repo: 's3://b/r' },
      Container: { ExitCode: 0 },
    });
    const events = await engine.history(executionArn);
    expect(types(events).slice(1, -1)).toEqual([
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
    ]);
    expect(events[4].taskSubmittedEventDetails).toMatchObject({ resourceType: 'batch', resource: 'submitJob.sync' });
    expect(JSON.parse(events[4].taskSubmittedEventDetails.output).JobId).toBe(batch.jobs[0]?.jobId);
    expect(events.map(({ previousEventId }: { previousEventId: number }) => previousEventId)).toEqual([
      0, 0, 2, 3, 4, 5, 6, 7,
    ]);
  });

  it('does not miss a job that ends while it is being submitted', async () => {
    const batch = new TinyBatch();
    batch.immediate = 'SUCCEEDED';
    expect(await batchEngine(batch).run(submit(), { repo: 'r' })).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('fails with the detail of the failed job as cause', async () => {
    const batch = new TinyBatch();
    batch.immediate = 'FAILED';
    const finished = await batchEngine(batch).run(submit(), { repo: 'r' });
    expect(finished).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(JSON.parse(finished.cause)).toMatchObject({
      Status: 'FAILED',
      StatusReason: 'Essential container in task exited',
      Container: { ExitCode: 1 },
    });
  });

  it("names Batch's errors, and retries throttling", async () => {
    const batch = new TinyBatch();
    batch.immediate = 'SUCCEEDED';
    batch.failures = [new AwsError('TooManyRequestsException', 'Too Many Requests', { status: 429 })];
    const engine = batchEngine(batch);
    const finished = await engine.run(
      submit({ Retry: [{ ErrorEquals: ['Batch.BatchException'], JitterStrategy: 'FULL' }] }),
      { repo: 'r' },
    );
    expect(finished.status).toBe('SUCCEEDED');
    expect((await engine.history(finished.executionArn))[4]).toMatchObject({
      type: 'TaskSubmitFailed',
      taskSubmitFailedEventDetails: { error: 'Batch.BatchException' },
    });
    batch.failures = [new AwsError('ClientException', 'JobQueue q not found.')];
    expect(await engine.run(submit(), { repo: 'r' })).toMatchObject({ error: 'Batch.ClientException' });
  });

  it('terminates the job when the execution is stopped, or its time is over', async () => {
    const batch = new TinyBatch();
    const engine = batchEngine(batch, new LeapClock(1000));
    const executionArn = await engine.start(await engine.create(submit()), { repo: 'r' });
    await until(() => batch.jobs.length === 1, 'the job is submitted');
    await engine.sfn('StopExecution', { executionArn });
    await until(() => batch.terminated.length === 1, 'the job is terminated');
    expect(batch.terminated).toEqual([batch.jobs[0]?.jobId]);
    expect(await engine.run(submit({ TimeoutSeconds: 60 }), { repo: 'r' })).toMatchObject({ error: 'States.Timeout' });
    expect(batch.terminated).toEqual(batch.jobs.map(({ jobId }) => jobId));
  });

  it('submits without waiting', async () => {
    const batch = new TinyBatch();
    const finished = await batchEngine(batch).run(submit({ Resource: 'arn:aws:states:::batch:submitJob' }), {
      repo: 'r',
    });
    expect(JSON.parse(finished.output)).toMatchObject({ JobName: 'align', JobId: batch.jobs[0]?.jobId });
  });
});

describe('a Task with another execution', () => {
  const child = {
    StartAt: 'C',
    States: {
      C: { Type: 'Choice', Choices: [{ Variable: '$.bad', IsPresent: true, Next: 'F' }], Default: 'S' },
      F: { Type: 'Fail', Error: 'E', Cause: 'C' },
      S: { Type: 'Succeed' },
    },
  };
  const parent = (stateMachineArn: string, suffix: string, extra: object = {}) =>
    only({
      Resource: `arn:aws:states:::states:startExecution${suffix}`,
      Parameters: { StateMachineArn: stateMachineArn, 'Input.$': '$' },
      ...extra,
    });

  it('waits for it and gives its output as text, or as JSON with sync:2', async () => {
    const engine = new SmallEngine();
    const arn = await engine.create(child, 'child');
    const text = JSON.parse((await engine.run(parent(arn, '.sync'), { a: 1 })).output);
    expect(text).toMatchObject({ Status: 'SUCCEEDED', StateMachineArn: arn, Output: '{"a":1}', Input: '{"a":1}' });
    const json = JSON.parse((await engine.run(parent(arn, '.sync:2'), { a: 1 })).output);
    expect(json).toMatchObject({ Status: 'SUCCEEDED', Output: { a: 1 }, Input: { a: 1 } });
  });

  it('fails when it fails', async () => {
    const engine = new SmallEngine();
    const finished = await engine.run(parent(await engine.create(child, 'child'), '.sync:2'), { bad: 1 });
    expect(finished.error).toBe('States.TaskFailed');
    expect(JSON.parse(finished.cause)).toMatchObject({ Status: 'FAILED', Error: 'E', Cause: 'C' });
  });

  it('only starts it without a suffix, and names its errors', async () => {
    const engine = new SmallEngine();
    const arn = await engine.create(child, 'child');
    expect(JSON.parse((await engine.run(parent(arn, ''), {})).output).ExecutionArn).toContain(':execution:child:');
    const twice = {
      StartAt: 'A',
      States: {
        A: {
          Type: 'Task',
          Resource: 'arn:aws:states:::states:startExecution',
          Parameters: { StateMachineArn: arn, Name: 'same' },
          ResultPath: null,
          Next: 'B',
        },
        B: {
          Type: 'Task',
          Resource: 'arn:aws:states:::states:startExecution',
          Parameters: { StateMachineArn: arn, Name: 'same', Input: { other: 1 } },
          End: true,
        },
      },
    };
    expect(await engine.run(twice)).toMatchObject({ error: 'StepFunctions.ExecutionAlreadyExistsException' });
  });

  it('stops it when it is stopped itself', async () => {
    const engine = new SmallEngine({ states: { clock: new LeapClock(100) } });
    const arn = await engine.create(
      { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 1000, End: true } } },
      'child',
    );
    const executionArn = await engine.start(await engine.create(parent(arn, '.sync'), 'parent'));
    const children = async () => (await engine.sfn('ListExecutions', { stateMachineArn: arn })).executions;
    await until(async () => (await children()).length === 1, 'the child runs');
    await engine.sfn('StopExecution', { executionArn });
    await until(async () => (await children())[0].status === 'ABORTED', 'the child is stopped');
  });
});

describe('a Task with any other call', () => {
  it('reaches services through aws-sdk, and names their errors', async () => {
    const s3 = new TinyS3();
    const engine = new SmallEngine({ services: () => ({ s3: s3.operations() }) });
    const put = only({
      Resource: 'arn:aws:states:::aws-sdk:s3:putObject',
      Parameters: { Bucket: 'b', Key: 'k', 'Body.$': '$' },
    });
    expect(await engine.run(put, { a: 1 })).toMatchObject({ status: 'SUCCEEDED' });
    expect(s3.objects.get('b/k')).toBe('{"a":1}');
    const get = (Key: string) =>
      only({ Resource: 'arn:aws:states:::aws-sdk:s3:getObject', Parameters: { Bucket: 'b', Key } });
    expect(JSON.parse((await engine.run(get('k'))).output)).toMatchObject({ Body: '{"a":1}' });
    expect(await engine.run(get('none'))).toMatchObject({ error: 'S3.NoSuchKeyException' });
    const list = only({ Resource: 'arn:aws:states:::aws-sdk:sfn:listStateMachines', Parameters: { MaxResults: 1 } });
    expect(JSON.parse((await engine.run(list)).output).StateMachines).toHaveLength(1);
  });

  it('publishes, sends and puts events', async () => {
    const calls: unknown[] = [];
    const record = (answer: object) => (input: unknown) => {
      calls.push(input);
      return answer;
    };
    const engine = new SmallEngine({
      services: () => ({
        sns: { Publish: record({ MessageId: 'm' }) },
        sqs: { SendMessage: record({ MessageId: 'm' }) },
        events: { PutEvents: record({ FailedEntryCount: 1, Entries: [{}] }) },
      }),
    });
    expect(
      await engine.run(
        only({ Resource: 'arn:aws:states:::sns:publish', Parameters: { TopicArn: 't', Message: { a: 1 } } }),
      ),
    ).toMatchObject({ status: 'SUCCEEDED' });
    expect(
      await engine.run(
        only({ Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: { QueueUrl: 'q', MessageBody: 'hi' } }),
      ),
    ).toMatchObject({ status: 'SUCCEEDED' });
    expect(
      await engine.run(
        only({ Resource: 'arn:aws:states:::events:putEvents', Parameters: { Entries: [{ Detail: { a: 1 } }] } }),
      ),
    ).toMatchObject({ status: 'FAILED', error: 'EventBridge.FailedEntry' });
    expect(calls).toEqual([
      { TopicArn: 't', Message: '{"a":1}' },
      { QueueUrl: 'q', MessageBody: 'hi' },
      { Entries: [{ Detail: '{"a":1}' }] },
    ]);
  });

  it('waits for its token to come back', async () => {
    const tokens: string[] = [];
    const engine = new SmallEngine({
      services: () => ({
        sqs: {
          SendMessage: ({ MessageBody }) => {
            tokens.push(JSON.parse(MessageBody).token);
            return {};
          },
        },
      }),
      states: { clock: new LeapClock(100) },
    });
    const definition = only({
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Parameters: { QueueUrl: 'q', MessageBody: { 'token.$': '$$.Task.Token' } },
      HeartbeatSeconds: 600,
    });
    const stateMachineArn = await engine.create(definition);
    const [one, two] = [await engine.start(stateMachineArn), await engine.start(stateMachineArn)];
    await until(() => tokens.length === 2, 'both tokens are sent');
    const [first, second] = tokens;
    await engine.sfn('SendTaskHeartbeat', { taskToken: first });
    await engine.sfn('SendTaskSuccess', { taskToken: first, output: '{"ok":1}' });
    await engine.sfn('SendTaskFailure', { taskToken: second, error: 'E', cause: 'C' });
    expect(await engine.finished(one)).toMatchObject({ output: '{"ok":1}' });
    expect(await engine.finished(two)).toMatchObject({ error: 'E', cause: 'C' });
    await expect(engine.sfn('SendTaskSuccess', { taskToken: first, output: '1' })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });
  });

  it('gives up when no heartbeat comes', async () => {
    const engine = new SmallEngine({
      services: () => ({ sqs: { SendMessage: () => ({}) } }),
      states: { clock: new LeapClock() },
    });
    const definition = only({
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Parameters: { QueueUrl: 'q', MessageBody: 'm' },
      HeartbeatSeconds: 5,
    });
    const finished = await engine.run(definition);
    expect(finished).toMatchObject({ error: 'States.Timeout' });
    expect(types(await engine.history(finished.executionArn))).toContain('TaskTimedOut');
  });
});
