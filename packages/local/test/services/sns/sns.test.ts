import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSnsService } from '../../../src/services/sns/service.js';
import { createSqsService } from '../../../src/services/sqs/service.js';
import { openQueue } from '../../open-queue.js';
import { eventually, RunningEngine } from '../../running-engine.js';

describe('SNS', () => {
  let engine: RunningEngine;
  let sns: SNSClient;
  let sqs: SQSClient;
  beforeAll(async () => {
    engine = await RunningEngine.start([createSqsService, createSnsService]);
    sns = new SNSClient(engine.client);
    sqs = new SQSClient(engine.client);
  });
  afterAll(() => engine.dispose());

  const createTopic = async (Name: string) => (await sns.send(new CreateTopicCommand({ Name }))).TopicArn ?? '';
  const subscribeQueue = async (TopicArn: string, name: string, Attributes: Record<string, string> = {}) => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: openQueue }));
    const Endpoint = `arn:aws:sqs:us-east-1:123456789012:${name}`;
    const { SubscriptionArn = '' } = await sns.send(
      new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint, Attributes, ReturnSubscriptionArn: true }),
    );
    return { url: QueueUrl, arn: SubscriptionArn };
  };
  const receive = (QueueUrl: string) =>
    eventually<Message>(async () => {
      const command = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1, MessageAttributeNames: ['All'] });
      return (await sqs.send(command)).Messages?.[0];
    }, `a message in ${QueueUrl}`);

  it('keeps topics: create, list, attributes, tags, delete', async () => {
    const arn = await createTopic('kept');
    expect(arn).toBe('arn:aws:sns:us-east-1:123456789012:kept');
    expect(await createTopic('kept')).toBe(arn);
    await sns.send(
      new SetTopicAttributesCommand({ TopicArn: arn, AttributeName: 'DisplayName', AttributeValue: 'A <b> & "c"' }),
    );
    expect((await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }))).Attributes).toMatchObject({
      TopicArn: arn,
      DisplayName: 'A <b> & "c"',
      SubscriptionsConfirmed: '0',
    });
    const tagged = await sns.send(new CreateTopicCommand({ Name: 'tagged', Tags: [{ Key: 'k', Value: 'v' }] }));
    const tags = await sns.send(new ListTagsForResourceCommand({ ResourceArn: tagged.TopicArn }));
    expect(tags.Tags).toEqual([{ Key: 'k', Value: 'v' }]);
    expect((await sns.send(new ListTopicsCommand({}))).Topics).toContainEqual({ TopicArn: arn });
    await sns.send(new DeleteTopicCommand({ TopicArn: arn }));
    await expect(sns.send(new GetTopicAttributesCommand({ TopicArn: arn }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  it('delivers to a queue in its envelope, or raw with the attributes', async () => {
    const TopicArn = await createTopic('news');
    const wrapped = await subscribeQueue(TopicArn, 'wrapped');
    const raw = await subscribeQueue(TopicArn, 'raw', { RawMessageDelivery: 'true' });
    const { MessageId } = await sns.send(
      new PublishCommand({
        TopicArn,
        Subject: 'S',
        Message: 'line 1\nä <b>',
        MessageAttributes: { status: { DataType: 'String', StringValue: 'SUCCEEDED' } },
      }),
    );
    expect(JSON.parse((await receive(wrapped.url)).Body ?? '')).toMatchObject({
      Type: 'Notification',
      MessageId,
      TopicArn,
      Subject: 'S',
      Message: 'line 1\nä <b>',
      MessageAttributes: { status: { Type: 'String', Value: 'SUCCEEDED' } },
    });
    expect(await receive(raw.url)).toMatchObject({
      Body: 'line 1\nä <b>',
      MessageAttributes: { status: { StringValue: 'SUCCEEDED' } },
    });
  });

  it('delivers only what a filter policy lets through, by attributes or body', async () => {
    const TopicArn = await createTopic('filtered');
    const byAttribute = await subscribeQueue(TopicArn, 'by-attribute', { FilterPolicy: '{"n":[{"numeric":[">",5]}]}' });
    const byBody = await subscribeQueue(TopicArn, 'by-body', {
      FilterPolicy: '{"kind":["b"]}',
      FilterPolicyScope: 'MessageBody',
    });
    const publish = (Message: string, n: number) =>
      sns.send(
        new PublishCommand({
          TopicArn,
          Message,
          MessageAttributes: { n: { DataType: 'Number', StringValue: String(n) } },
        }),
      );
    await publish('{"kind":"a"}', 1);
    await publish('{"kind":"a","x":1}', 9);
    await publish('{"kind":"b"}', 2);
    expect(JSON.parse((await receive(byAttribute.url)).Body ?? '').Message).toBe('{"kind":"a","x":1}');
    expect(JSON.parse((await receive(byBody.url)).Body ?? '').Message).toBe('{"kind":"b"}');
  });

  it('keeps subscriptions: list, attributes, unsubscribe', async () => {
    const TopicArn = await createTopic('subscribed');
    const { arn } = await subscribeQueue(TopicArn, 'subscriber');
    expect((await subscribeQueue(TopicArn, 'subscriber')).arn).toBe(arn);
    await sns.send(
      new SetSubscriptionAttributesCommand({
        SubscriptionArn: arn,
        AttributeName: 'RawMessageDelivery',
        AttributeValue: 'true',
      }),
    );
    const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }));
    expect(Attributes).toMatchObject({ RawMessageDelivery: 'true', Protocol: 'sqs', PendingConfirmation: 'false' });
    const mail = new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'someone@example.com' });
    expect((await sns.send(mail)).SubscriptionArn).toBe('pending confirmation');
    const listed = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(listed.Subscriptions?.map((each) => each.Protocol).sort()).toEqual(['email', 'sqs']);
    await sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
    const after = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(after.Subscriptions?.map((each) => each.Protocol)).toEqual(['email']);
  });

  it('keeps what was published for people to read, over a restart too', async () => {
    const TopicArn = await createTopic('readable');
    await sns.send(new PublishCommand({ TopicArn, Message: 'first', Subject: 'one' }));
    await sns.send(
      new PublishCommand({ TopicArn, Message: '{"default":"second","sqs":"for queues"}', MessageStructure: 'json' }),
    );
    await engine.close();
    await engine.open();
    sns = new SNSClient(engine.client);
    sqs = new SQSClient(engine.client);
    const read = async (query: string) => {
      const answer = await fetch(`${engine.url}/_bclaw/messages?topic=readable${query}`);
      return (await answer.json()) as { messages: { sequence: number; message: string; subject?: string }[] };
    };
    const { messages } = await read('');
    expect(messages.map(({ message, subject }) => [message, subject])).toEqual([
      ['first', 'one'],
      ['second', undefined],
    ]);
    expect((await read(`&after=${messages[0]?.sequence}`)).messages.map((each) => each.message)).toEqual(['second']);
    expect((await read('&limit=1')).messages).toHaveLength(1);
  });

  it('publishes batches, entry by entry', async () => {
    const TopicArn = await createTopic('batches');
    const answer = await sns.send(
      new PublishBatchCommand({
        TopicArn,
        PublishBatchRequestEntries: [
          { Id: 'a', Message: 'A' },
          { Id: 'b', Message: '' },
        ],
      }),
    );
    expect(answer.Successful?.map((entry) => entry.Id)).toEqual(['a']);
    expect(answer.Failed?.map((entry) => entry.Id)).toEqual(['b']);
  });

  it.each<[string, string]>([
    ['message.id', 'contains an impermissible character: message.id'],
    ['', 'contains an impermissible character: '],
    ['x'.repeat(81), `is too long: ${'x'.repeat(81)}`],
  ])('refuses the id %j of a batch entry', async (Id, why) => {
    const TopicArn = await createTopic('batch-ids');
    const batch = new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: [{ Id, Message: 'm' }] });
    await expect(sns.send(batch)).rejects.toMatchObject({
      name: 'InvalidBatchEntryIdException',
      message: `The Id of a batch entry in the batch request ${why}`,
    });
  });

  it.each<[object, string]>([
    [{ Message: '' }, 'Empty message'],
    [{ Message: 'x'.repeat(262_145) }, 'Message too long'],
    [
      { Message: 'x'.repeat(262_144), MessageAttributes: { a: { DataType: 'String', StringValue: 'v' } } },
      'Message too long',
    ],
    [{ Message: 'a\0' }, 'Message Reason: it has invalid characters'],
    [{ Message: '\u0008' }, 'Message Reason: it has invalid characters'],
    [{ Message: 'm', Subject: '' }, 'Subject'],
    [{ Message: 'm', Subject: 'a\nb' }, 'Subject'],
    [{ Message: 'm', Subject: 'a\0' }, 'Subject'],
    [{ Message: 'm', Subject: 'x'.repeat(101) }, 'Subject'],
  ])('refuses a message that is not valid: %#', async (message, why) => {
    const TopicArn = await createTopic('messages');
    await expect(sns.send(new PublishCommand({ TopicArn, Message: '', ...message }))).rejects.toThrow(
      new RegExp(`^Invalid parameter: ${why}$`),
    );
  });

  it('adds up the messages of a batch', async () => {
    const TopicArn = await createTopic('sizes');
    const entries = (bytes: number) => [
      { Id: 'a', Message: 'x'.repeat(200_000) },
      { Id: 'b', Message: 'x'.repeat(bytes - 200_000) },
    ];
    const publish = (bytes: number) =>
      sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries(bytes) }));
    expect((await publish(262_144)).Successful).toHaveLength(2);
    await expect(publish(262_145)).rejects.toMatchObject({
      name: 'BatchRequestTooLongException',
      message: 'The length of all the messages put together is more than the limit.',
    });
  });

  it('refuses what it does not have in sentences', async () => {
    const TopicArn = await createTopic('refusing');
    await expect(
      sns.send(new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint: 'https://example.com' })),
    ).rejects.toThrow(/not of https/);
    await expect(sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: 'q' }))).rejects.toThrow(
      /does not fit the protocol sqs/,
    );
    await expect(createTopic('x.fifo')).rejects.toThrow(/standard topics only/);
    await expect(sns.send(new PublishCommand({ PhoneNumber: '+1', Message: 'm' }))).rejects.toThrow(/phones/);
    await expect(sns.send(new PublishCommand({ TopicArn: `${TopicArn}x`, Message: 'm' }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    await expect(
      sns.send(new PublishCommand({ TopicArn, Message: '{"sqs":"x"}', MessageStructure: 'json' })),
    ).rejects.toThrow(/No default entry/);
    await expect(
      sns.send(
        new SubscribeCommand({
          TopicArn,
          Protocol: 'sqs',
          Endpoint: 'arn:aws:sqs:us-east-1:123456789012:q',
          Attributes: { FilterPolicy: '{"a":1}' },
        }),
      ),
    ).rejects.toThrow(/FilterPolicy/);
  });
});
