import { describe, expect, it } from 'vitest';
import { SmallEngine } from '../harness.js';

const pass = { StartAt: 'A', States: { A: { Type: 'Pass', End: true } } };
const wait = { StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 1000, End: true } } };
const roleArn = 'arn:aws:iam::123456789012:role/states';
const arn = (name: string) => `arn:aws:states:us-east-1:123456789012:stateMachine:${name}`;
const code = (name: string, message?: string) =>
  expect.objectContaining({ code: name, ...(message === undefined ? {} : { message }) });

describe('state machines', () => {
  it('are created once, and again only with the same settings', async () => {
    const engine = new SmallEngine();
    const input = { name: 'wf--1', definition: JSON.stringify(pass), roleArn };
    const first = await engine.sfn('CreateStateMachine', input);
    expect(first.stateMachineArn).toBe(arn('wf--1'));
    expect(await engine.sfn('CreateStateMachine', input)).toEqual(first);
    await expect(engine.sfn('CreateStateMachine', { ...input, roleArn: `${roleArn}2` })).rejects.toEqual(
      code('StateMachineAlreadyExists', `State Machine Already Exists: '${arn('wf--1')}'`),
    );
    expect(await engine.sfn('DescribeStateMachine', { stateMachineArn: arn('wf--1') })).toMatchObject({
      name: 'wf--1',
      status: 'ACTIVE',
      type: 'STANDARD',
      definition: JSON.stringify(pass),
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
      tracingConfiguration: { enabled: false },
    });
  });

  it.each(['a b', 'a*', 'x/y', 'a:b', '<a>', 'a\u0000'])('refuse the name %j', async (name) => {
    const attempt = new SmallEngine().sfn('CreateStateMachine', { name, definition: JSON.stringify(pass), roleArn });
    await expect(attempt).rejects.toEqual(code('InvalidName', `Invalid Name: '${name}'`));
  });

  it('are updated for later executions only', async () => {
    const engine = new SmallEngine();
    const stateMachineArn = await engine.create(wait);
    const executionArn = await engine.start(stateMachineArn);
    const updated = await engine.sfn('UpdateStateMachine', { stateMachineArn, definition: JSON.stringify(pass) });
    const described = await engine.sfn('DescribeStateMachine', { stateMachineArn });
    expect(described).toMatchObject({ revisionId: updated.revisionId, definition: JSON.stringify(pass) });
    const ran = await engine.sfn('DescribeStateMachineForExecution', { executionArn });
    expect(ran.definition).toBe(JSON.stringify(wait));
    await expect(engine.sfn('UpdateStateMachine', { stateMachineArn })).rejects.toEqual(
      code('MissingRequiredParameter'),
    );
    await expect(engine.sfn('UpdateStateMachine', { stateMachineArn, definition: '{}' })).rejects.toEqual(
      code(
        'InvalidDefinition',
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /'",
      ),
    );
  });

  it('are deleted when their last execution ends, and start none meanwhile', async () => {
    const engine = new SmallEngine();
    const stateMachineArn = await engine.create(wait);
    const executionArn = await engine.start(stateMachineArn);
    await engine.sfn('DeleteStateMachine', { stateMachineArn });
    expect(await engine.sfn('DescribeStateMachine', { stateMachineArn })).toMatchObject({ status: 'DELETING' });
    await expect(engine.start(stateMachineArn)).rejects.toEqual(code('StateMachineDeleting'));
    expect(await engine.sfn('DescribeExecution', { executionArn })).toMatchObject({ status: 'RUNNING' });
    await engine.sfn('StopExecution', { executionArn });
    await expect(engine.sfn('DescribeStateMachine', { stateMachineArn })).rejects.toEqual(
      code('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`),
    );
    expect(await engine.sfn('DescribeExecution', { executionArn })).toMatchObject({ status: 'ABORTED' });
    expect(await engine.sfn('DeleteStateMachine', { stateMachineArn })).toEqual({});
  });

  it('end their executions at the next transition when they are deleted', async () => {
    let release: () => void = () => undefined;
    const engine = new SmallEngine({
      services: () => ({
        lambda: {
          Invoke: () =>
            new Promise((resolve) => {
              release = () => resolve({ Payload: '{}', StatusCode: 200 });
            }),
        },
      }),
    });
    const task = { Type: 'Task', Resource: 'arn:aws:lambda:us-east-1:123456789012:function:f' };
    const definition = { StartAt: 'A', States: { A: { ...task, Next: 'B' }, B: { ...task, End: true } } };
    const stateMachineArn = await engine.create(definition, 'wf--1');
    const executionArn = await engine.start(stateMachineArn);
    await engine.sfn('DeleteStateMachine', { stateMachineArn });
    expect(await engine.sfn('DescribeExecution', { executionArn })).toMatchObject({ status: 'RUNNING' });
    release();
    expect(await engine.finished(executionArn)).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'State machine wf--1 has been deleted.',
    });
    await expect(engine.sfn('DescribeStateMachine', { stateMachineArn })).rejects.toEqual(
      code('StateMachineDoesNotExist', `State Machine Does Not Exist: '${stateMachineArn}'`),
    );
  });

  it('are listed in pages', async () => {
    const engine = new SmallEngine();
    for (const name of ['c', 'a', 'b']) await engine.create(pass, name);
    const first = await engine.sfn('ListStateMachines', { maxResults: 2 });
    const second = await engine.sfn('ListStateMachines', { maxResults: 2, nextToken: first.nextToken });
    const names = [...first.stateMachines, ...second.stateMachines].map(({ name }) => name);
    expect([names, second.nextToken]).toEqual([['a', 'b', 'c'], undefined]);
    await expect(engine.sfn('ListStateMachines', { nextToken: 'no' })).rejects.toEqual(code('InvalidToken'));
  });

  it('carry tags', async () => {
    const engine = new SmallEngine();
    const resourceArn = await engine.create(pass);
    await engine.sfn('TagResource', {
      resourceArn,
      tags: [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ],
    });
    await engine.sfn('UntagResource', { resourceArn, tagKeys: ['a'] });
    expect(await engine.sfn('ListTagsForResource', { resourceArn })).toEqual({ tags: [{ key: 'b', value: '2' }] });
    await expect(engine.sfn('ListTagsForResource', { resourceArn: arn('none') })).rejects.toEqual(
      code('ResourceNotFound'),
    );
    const tags = Array.from({ length: 51 }, (_, index) => ({ key: `k${index}`, value: '' }));
    await expect(engine.sfn('TagResource', { resourceArn, tags })).rejects.toEqual(code('TooManyTags'));
  });

  it('publish versions that keep their definition', async () => {
    const engine = new SmallEngine();
    const stateMachineArn = await engine.create(pass);
    const { stateMachineVersionArn } = await engine.sfn('PublishStateMachineVersion', { stateMachineArn });
    expect(stateMachineVersionArn).toBe(`${stateMachineArn}:1`);
    await engine.sfn('UpdateStateMachine', { stateMachineArn, definition: JSON.stringify(wait), publish: true });
    const { stateMachineVersions } = await engine.sfn('ListStateMachineVersions', { stateMachineArn });
    expect(stateMachineVersions.map((each: { stateMachineVersionArn: string }) => each.stateMachineVersionArn)).toEqual(
      [`${stateMachineArn}:2`, `${stateMachineArn}:1`],
    );
    const finished = await engine.finished(await engine.start(stateMachineVersionArn));
    expect(finished).toMatchObject({ status: 'SUCCEEDED', stateMachineVersionArn, stateMachineArn });
  });

  it('are validated without being created', async () => {
    const engine = new SmallEngine();
    const answer = await engine.sfn('ValidateStateMachineDefinition', { definition: '{}' });
    expect(answer).toEqual({
      result: 'FAIL',
      truncated: false,
      diagnostics: [
        {
          severity: 'ERROR',
          code: 'SCHEMA_VALIDATION_FAILED',
          message: 'These fields are required: [States, StartAt]',
          location: '/',
        },
      ],
    });
    const fine = await engine.sfn('ValidateStateMachineDefinition', { definition: JSON.stringify(pass) });
    expect(fine).toEqual({ result: 'OK', diagnostics: [], truncated: false });
  });
});

describe('executions', () => {
  it('start once for the same name and input while they run', async () => {
    const engine = new SmallEngine();
    const stateMachineArn = await engine.create(wait);
    const input = { stateMachineArn, name: 'job_1', input: '{"a":1}' };
    const first = await engine.sfn('StartExecution', input);
    expect(await engine.sfn('StartExecution', input)).toEqual(first);
    const exists = code('ExecutionAlreadyExists', `Execution Already Exists: '${first.executionArn}'`);
    await expect(engine.sfn('StartExecution', { ...input, input: '{"a":2}' })).rejects.toEqual(exists);
    await engine.sfn('StopExecution', { executionArn: first.executionArn });
    await expect(engine.sfn('StartExecution', input)).rejects.toEqual(exists);
  });

  it.each([
    ['not json', 'InvalidExecutionInput'],
    ['', 'InvalidExecutionInput'],
    [`"${'x'.repeat(262_143)}"`, 'ValidationException'],
  ])('refuse an input (%#)', async (input, error) => {
    const engine = new SmallEngine();
    const stateMachineArn = await engine.create(pass);
    await expect(engine.sfn('StartExecution', { stateMachineArn, input })).rejects.toEqual(code(error));
  });

  it('take any JSON as input and keep its text', async () => {
    const engine = new SmallEngine();
    const stateMachineArn = await engine.create(pass);
    for (const input of ['12', 'null', '"x"', '{ "b" : 1,\n "a" : 2.0 }']) {
      const { executionArn } = await engine.sfn('StartExecution', { stateMachineArn, input });
      expect(await engine.finished(executionArn)).toMatchObject({ input, status: 'SUCCEEDED' });
    }
  });

  it('refuse ARNs that name nothing', async () => {
    const engine = new SmallEngine();
    await expect(engine.start(arn('none'))).rejects.toEqual(code('StateMachineDoesNotExist'));
    await expect(engine.start('arn:aws:s3:::x')).rejects.toEqual(code('InvalidArn'));
    const executionArn = 'arn:aws:states:us-east-1:123456789012:execution:m:none';
    for (const operation of [
      'DescribeExecution',
      'StopExecution',
      'GetExecutionHistory',
      'RedriveExecution',
      'ListMapRuns',
    ]) {
      await expect(engine.sfn(operation, { executionArn })).rejects.toEqual(
        code('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`),
      );
    }
  });

  it('are listed newest first, by status, in pages that new executions do not disturb', async () => {
    const engine = new SmallEngine();
    const stateMachineArn = await engine.create(wait);
    for (const name of ['a', 'b', 'c', 'd']) await engine.start(stateMachineArn, {}, name);
    await engine.sfn('StopExecution', {
      executionArn: (await engine.sfn('StartExecution', { stateMachineArn, name: 'b', input: '{}' })).executionArn,
    });
    const names = (answer: { executions: { name: string }[] }) => answer.executions.map(({ name }) => name);
    const first = await engine.sfn('ListExecutions', { stateMachineArn, statusFilter: 'RUNNING', maxResults: 2 });
    await engine.start(stateMachineArn, {}, 'e');
    const second = await engine.sfn('ListExecutions', {
      stateMachineArn,
      statusFilter: 'RUNNING',
      maxResults: 2,
      nextToken: first.nextToken,
    });
    expect([names(first), names(second), second.nextToken]).toEqual([['d', 'c'], ['a'], undefined]);
    expect(names(await engine.sfn('ListExecutions', { stateMachineArn, statusFilter: 'ABORTED' }))).toEqual(['b']);
  });

  it('stop with error and cause, leaving only the end in the history', async () => {
    const engine = new SmallEngine();
    const executionArn = await engine.start(await engine.create(wait));
    const { stopDate } = await engine.sfn('StopExecution', { executionArn, error: 'Quality', cause: 'coverage < 10' });
    expect(await engine.sfn('DescribeExecution', { executionArn })).toMatchObject({
      status: 'ABORTED',
      error: 'Quality',
      cause: 'coverage < 10',
      stopDate,
      redriveStatus: 'REDRIVABLE',
    });
    const events = await engine.history(executionArn);
    expect(events.at(-1)).toMatchObject({
      id: 3,
      previousEventId: 0,
      type: 'ExecutionAborted',
      executionAbortedEventDetails: { error: 'Quality', cause: 'coverage < 10' },
    });
  });

  it('tell EventBridge of every change of status', async () => {
    const engine = new SmallEngine();
    const seen: unknown[] = [];
    engine.context.events.subscribe(({ source, detail, resources, ...event }) => {
      if (source === 'aws.states') seen.push([event['detail-type'], detail['status'], detail['output'], resources]);
    });
    const { executionArn } = await engine.run(pass, { a: 1 });
    const type = 'Step Functions Execution Status Change';
    expect(seen).toEqual([
      [type, 'RUNNING', null, [executionArn]],
      [type, 'SUCCEEDED', '{"a":1}', [executionArn]],
    ]);
  });

  it('give their history backwards too', async () => {
    const engine = new SmallEngine();
    const { executionArn } = await engine.run(pass);
    const { events } = await engine.sfn('GetExecutionHistory', {
      executionArn,
      reverseOrder: true,
      maxResults: 1,
      includeExecutionData: false,
    });
    expect(events).toEqual([
      expect.objectContaining({ type: 'ExecutionSucceeded', executionSucceededEventDetails: {} }),
    ]);
  });
});
