import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  TestEventPatternCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEventsService } from '../../../src/services/events/service.js';
import { createSqsService } from '../../../src/services/sqs/service.js';
import { openQueue } from '../../open-queue.js';
import { eventually, RunningEngine } from '../../running-engine.js';

describe('EventBridge', () => {
  let engine: RunningEngine;
  let events: EventBridgeClient;
  let sqs: SQSClient;
  const queueArn = (name: string) => `arn:aws:sqs:us-east-1:123456789012:${name}`;

  beforeAll(async () => {
    engine = await RunningEngine.start([createSqsService, createEventsService]);
    events = new EventBridgeClient(engine.client);
    sqs = new SQSClient(engine.client);
  });
  afterAll(() => engine.dispose());

  const putRule = (Name: string, pattern: unknown) =>
    events.send(new PutRuleCommand({ Name, EventPattern: JSON.stringify(pattern) }));
  const putEvent = (Source: string, detail: unknown) =>
    events.send(new PutEventsCommand({ Entries: [{ Source, DetailType: 'Test', Detail: JSON.stringify(detail) }] }));
  const createQueue = async (QueueName: string) =>
    (await sqs.send(new CreateQueueCommand({ QueueName, Attributes: openQueue }))).QueueUrl ?? '';
  const receive = (QueueUrl: string) =>
    eventually(async () => {
      const { Messages } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1, MessageAttributeNames: ['All'] }),
      );
      return Messages?.[0];
    }, `a message in ${QueueUrl}`);

  it('keeps rules: put, describe, list, disable, enable, tag, delete', async () => {
    const { RuleArn } = await putRule('keep-a', { source: ['a'] });
    await putRule('keep-b', { source: ['b'] });
    expect(await events.send(new DescribeRuleCommand({ Name: 'keep-a' }))).toMatchObject({
      Name: 'keep-a',
      Arn: RuleArn,
      EventPattern: '{"source":["a"]}',
      State: 'ENABLED',
      EventBusName: 'default',
    });
    const first = await events.send(new ListRulesCommand({ NamePrefix: 'keep-', Limit: 1 }));
    const rest = await events.send(new ListRulesCommand({ NamePrefix: 'keep-', NextToken: first.NextToken }));
    expect([...(first.Rules ?? []), ...(rest.Rules ?? [])].map((rule) => rule.Name)).toEqual(['keep-a', 'keep-b']);
    expect(rest.NextToken).toBeUndefined();

    await events.send(new DisableRuleCommand({ Name: 'keep-a' }));
    expect((await events.send(new DescribeRuleCommand({ Name: 'keep-a' }))).State).toBe('DISABLED');
    await events.send(new EnableRuleCommand({ Name: 'keep-a' }));
    expect((await events.send(new DescribeRuleCommand({ Name: 'keep-a' }))).State).toBe('ENABLED');

    await events.send(new TagResourceCommand({ ResourceARN: RuleArn, Tags: [{ Key: 'k', Value: 'v' }] }));
    expect((await events.send(new ListTagsForResourceCommand({ ResourceARN: RuleArn }))).Tags).toEqual([
      { Key: 'k', Value: 'v' },
    ]);
    await events.send(new UntagResourceCommand({ ResourceARN: RuleArn, TagKeys: ['k'] }));
    expect((await events.send(new ListTagsForResourceCommand({ ResourceARN: RuleArn }))).Tags).toEqual([]);

    await events.send(new DeleteRuleCommand({ Name: 'keep-a' }));
    await events.send(new DeleteRuleCommand({ Name: 'keep-a' }));
    await expect(events.send(new DescribeRuleCommand({ Name: 'keep-a' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('keeps targets, and a rule as long as it has some', async () => {
    await putRule('targets', { source: ['t'] });
    await events.send(
      new PutTargetsCommand({
        Rule: 'targets',
        Targets: [
          { Id: '1', Arn: queueArn('x') },
          { Id: '2', Arn: queueArn('y') },
        ],
      }),
    );
    await putRule('targets', { source: ['changed'] });
    const { Targets } = await events.send(new ListTargetsByRuleCommand({ Rule: 'targets' }));
    expect(Targets).toEqual([
      { Id: '1', Arn: queueArn('x') },
      { Id: '2', Arn: queueArn('y') },
    ]);
    const named = await events.send(new ListRuleNamesByTargetCommand({ TargetArn: queueArn('y') }));
    expect(named.RuleNames).toEqual(['targets']);
    await expect(events.send(new DeleteRuleCommand({ Name: 'targets' }))).rejects.toThrow(/since it has targets/);
    await events.send(new RemoveTargetsCommand({ Rule: 'targets', Ids: ['1', '2'] }));
    await events.send(new DeleteRuleCommand({ Name: 'targets' }));
  });

  it('delivers what matches to a queue, and nothing else', async () => {
    const url = await createQueue('inbox');
    await putRule('to-inbox', { source: ['app'], detail: { kind: [{ prefix: 'ord' }] } });
    await events.send(new PutTargetsCommand({ Rule: 'to-inbox', Targets: [{ Id: 'q', Arn: queueArn('inbox') }] }));
    const unmatched = await putEvent('app', { kind: 'other' });
    const matched = await putEvent('app', { kind: 'order' });
    expect(unmatched.Entries?.[0]?.EventId).toBeDefined();
    const message = await receive(url);
    expect(JSON.parse(message.Body ?? '')).toMatchObject({
      version: '0',
      id: matched.Entries?.[0]?.EventId,
      source: 'app',
      'detail-type': 'Test',
      account: '123456789012',
      detail: { kind: 'order' },
    });
    const more = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }));
    expect(more.Messages).toBeUndefined();
  });

  it('gives what cannot be delivered to the dead letters, saying why', async () => {
    const url = await createQueue('dead');
    await putRule('nowhere', { source: ['lost'] });
    await events.send(
      new PutTargetsCommand({
        Rule: 'nowhere',
        Targets: [{ Id: 'q', Arn: queueArn('missing'), DeadLetterConfig: { Arn: queueArn('dead') } }],
      }),
    );
    await putEvent('lost', { n: 1 });
    const message = await receive(url);
    expect(JSON.parse(message.Body ?? '')).toMatchObject({ detail: { n: 1 } });
    expect(message.MessageAttributes).toMatchObject({
      ERROR_CODE: { StringValue: 'QueueDoesNotExist' },
      TARGET_ARN: { StringValue: queueArn('missing') },
    });
  });

  it('answers each entry of PutEvents on its own', async () => {
    const answer = await events.send(
      new PutEventsCommand({
        Entries: [
          { Source: 'ok', DetailType: 'T', Detail: '{}' },
          { Source: 'ok', DetailType: 'T', Detail: 'not json' },
          { Source: 'aws.s3', DetailType: 'T', Detail: '{}' },
          { DetailType: 'T', Detail: '{}' },
          { Source: 'ok', DetailType: 'T', Detail: '{}', EventBusName: 'other' },
        ],
      }),
    );
    expect(answer.FailedEntryCount).toBe(4);
    expect(answer.Entries?.map((entry) => entry.ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'NotAuthorizedForSourceException',
      'InvalidArgument',
      'InvalidArgument',
    ]);
  });

  it('takes a megabyte of events at once, counted as EventBridge counts them', async () => {
    const put = (bytes: number, more: object = {}) => {
      const entry = { Source: 's', DetailType: 'type', ...more };
      const halves = [Math.floor(bytes / 2), Math.ceil(bytes / 2)];
      const Detail = (size: number) =>
        `{"a":"${'é'.repeat(Math.floor((size - 13) / 2))}${'x'.repeat((size - 13) % 2)}"}`;
      return events.send(new PutEventsCommand({ Entries: halves.map((size) => ({ ...entry, Detail: Detail(size) })) }));
    };
    const tooMuch = {
      name: 'ValidationException',
      message: 'Total size of the entries in the request is over the limit.',
    };
    expect((await put(1_048_576)).FailedEntryCount).toBe(0);
    await expect(put(1_048_577)).rejects.toMatchObject(tooMuch);
    expect((await put(1_048_576 - 34, { Time: new Date(0), Resources: ['a', 'bb'] })).FailedEntryCount).toBe(0);
    await expect(put(1_048_576 - 33, { Time: new Date(0), Resources: ['a', 'bb'] })).rejects.toMatchObject(tooMuch);
  });

  it('tests patterns', async () => {
    const test = (EventPattern: string) =>
      events.send(new TestEventPatternCommand({ EventPattern, Event: JSON.stringify(event) }));
    const event: Record<string, unknown> = {
      id: '1',
      account: '123456789012',
      region: 'us-east-1',
      time: '2026-01-01T00:00:00Z',
      'detail-type': 't',
      source: 'a',
      detail: { n: 3 },
    };
    expect((await test('{"detail":{"n":[{"numeric":[">",2]}]}}')).Result).toBe(true);
    expect((await test('{"source":["b"]}')).Result).toBe(false);
    await expect(test('{"source":"a"}')).rejects.toMatchObject({ name: 'InvalidEventPatternException' });
    delete event['region'];
    await expect(test('{"source":["a"]}')).rejects.toThrow('Parameter Event is not valid.');
  });

  it('refuses what it does not have in sentences', async () => {
    await expect(
      events.send(new PutRuleCommand({ Name: 'cron', ScheduleExpression: 'rate(1 minute)' })),
    ).rejects.toThrow(/no scheduled rules/);
    await expect(putRule('bad', { source: [] })).rejects.toMatchObject({ name: 'InvalidEventPatternException' });
    await expect(
      events.send(new PutRuleCommand({ Name: 'bus', EventPattern: '{"a":["b"]}', EventBusName: 'mine' })),
    ).rejects.toThrow(/default event bus only/);
    await putRule('other-target', { source: ['x'] });
    await expect(
      events.send(
        new PutTargetsCommand({
          Rule: 'other-target',
          Targets: [{ Id: '1', Arn: 'arn:aws:kinesis:us-east-1:123456789012:stream/s' }],
        }),
      ),
    ).rejects.toThrow(/not to arn:aws:kinesis/);
    await expect(events.send(new DescribeRuleCommand({ Name: 'no such name!' }))).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});
