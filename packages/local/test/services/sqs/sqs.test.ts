import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  type Message,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSqsService } from '../../../src/services/sqs/service.js';
import { RunningEngine } from '../../running-engine.js';
import { signed } from '../../signed.js';

describe('SQS', () => {
  let engine: RunningEngine;
  let sqs: SQSClient;
  beforeAll(async () => {
    engine = await RunningEngine.start([createSqsService]);
    sqs = new SQSClient(engine.client);
  });
  afterAll(() => engine.dispose());

  const create = async (QueueName: string, Attributes?: Record<string, string>) =>
    (await sqs.send(new CreateQueueCommand({ QueueName, ...(Attributes === undefined ? {} : { Attributes }) })))
      .QueueUrl ?? '';
  const send = (QueueUrl: string, MessageBody: string) => sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const receive = async (QueueUrl: string, how: Partial<ReceiveMessageCommandInput> = {}): Promise<Message[]> =>
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...how }))).Messages ?? [];
  const attributes = async (QueueUrl: string) =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ?? {};

  it('keeps queues: create, find, list, tag, delete', async () => {
    const url = await create('keep-1', { VisibilityTimeout: '7' });
    expect(await create('keep-1', { VisibilityTimeout: '7' })).toBe(url);
    await expect(create('keep-1', { VisibilityTimeout: '8' })).rejects.toMatchObject({ name: 'QueueNameExists' });
    await create('keep-2');
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'keep-1' }))).QueueUrl).toBe(url);
    const first = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'keep-', MaxResults: 1 }));
    const rest = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'keep-', ...pick(first.NextToken) }));
    expect([...(first.QueueUrls ?? []), ...(rest.QueueUrls ?? [])].map((each) => each.split('/').at(-1))).toEqual([
      'keep-1',
      'keep-2',
    ]);
    await sqs.send(new TagQueueCommand({ QueueUrl: url, Tags: { a: '1', b: '2' } }));
    await sqs.send(new UntagQueueCommand({ QueueUrl: url, TagKeys: ['a'] }));
    expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl: url }))).Tags).toEqual({ b: '2' });
    await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
    await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'keep-1' }))).rejects.toMatchObject({
      name: 'QueueDoesNotExist',
    });
  });

  it('shows attributes, set and default, and counts', async () => {
    const url = await create('attributes');
    await sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { DelaySeconds: '0', VisibilityTimeout: '60' } }),
    );
    await send(url, 'one');
    await send(url, 'two');
    await receive(url);
    expect(await attributes(url)).toMatchObject({
      QueueArn: 'arn:aws:sqs:us-east-1:123456789012:attributes',
      VisibilityTimeout: '60',
      MessageRetentionPeriod: '345600',
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
    });
    await expect(
      sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: { VisibilityTimeout: '99999' } })),
    ).rejects.toThrow(/VisibilityTimeout/);
    await sqs.send(new PurgeQueueCommand({ QueueUrl: url }));
    expect(await attributes(url)).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  });

  it('carries bodies and attributes whole; the digests are those that clients check', async () => {
    const url = await create('whole');
    const body = 'ä😀 <&> "\u2028"\n';
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: body,
        MessageAttributes: {
          text: { DataType: 'String', StringValue: 'ü' },
          bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
        },
      }),
    );
    const [message] = await receive(url, { MessageAttributeNames: ['All'], MessageSystemAttributeNames: ['All'] });
    expect(message?.Body).toBe(body);
    expect(message?.MessageAttributes).toMatchObject({
      text: { DataType: 'String', StringValue: 'ü' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
    });
    expect(message?.Attributes).toMatchObject({ ApproximateReceiveCount: '1', SenderId: '123456789012' });
  });

  it('hides a received message until its visibility timeout, and deletes it by its latest receipt', async () => {
    const url = await create('visibility');
    await send(url, 'm');
    const [first] = await receive(url, { VisibilityTimeout: 30 });
    expect(await receive(url)).toEqual([]);
    await sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 }),
    );
    const [second] = await receive(url, { MessageSystemAttributeNames: ['ApproximateReceiveCount'] });
    expect(second?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle }));
    expect((await attributes(url))['ApproximateNumberOfMessagesNotVisible']).toBe('1');
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: second?.ReceiptHandle }));
    expect((await attributes(url))['ApproximateNumberOfMessagesNotVisible']).toBe('0');
    await expect(
      sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: 'nonsense' })),
    ).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });

  it('lets a receiver wait for a message that is sent meanwhile', async () => {
    const url = await create('waiting');
    const waiting = receive(url, { WaitTimeSeconds: 20 });
    await send(url, 'late');
    expect((await waiting).map((message) => message.Body)).toEqual(['late']);
  });

  it('lets a receiver wait for a message that becomes visible', async () => {
    const url = await create('delayed');
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'delayed', DelaySeconds: 1 }));
    expect(await receive(url)).toEqual([]);
    expect((await receive(url, { WaitTimeSeconds: 20 })).map((message) => message.Body)).toEqual(['delayed']);
  });

  it('moves what was received too often to the dead letters', async () => {
    await create('graves');
    const url = await create('mortal', {
      VisibilityTimeout: '0',
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: 'arn:aws:sqs:us-east-1:123456789012:graves',
        maxReceiveCount: 2,
      }),
    });
    const sent = await send(url, 'm');
    expect(await receive(url)).toHaveLength(1);
    expect(await receive(url)).toHaveLength(1);
    expect(await receive(url)).toEqual([]);
    const graves = (await sqs.send(new GetQueueUrlCommand({ QueueName: 'graves' }))).QueueUrl ?? '';
    const [dead] = await receive(graves, { MessageSystemAttributeNames: ['All'] });
    expect(dead).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'm',
      Attributes: { DeadLetterQueueSourceArn: 'arn:aws:sqs:us-east-1:123456789012:mortal' },
    });
  });

  it('answers each entry of a batch on its own', async () => {
    const url = await create('batch');
    const sent = await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: 'a', MessageBody: 'A' },
          { Id: 'b', MessageBody: 'B' },
        ],
      }),
    );
    expect(sent.Successful?.map((entry) => entry.Id)).toEqual(['a', 'b']);
    const messages = await receive(url, { MaxNumberOfMessages: 10 });
    expect(messages.map((message) => message.Body)).toEqual(['A', 'B']);
    const deleted = await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl: url,
        Entries: [
          { Id: '1', ReceiptHandle: messages[0]?.ReceiptHandle },
          { Id: '2', ReceiptHandle: 'nonsense' },
        ],
      }),
    );
    expect(deleted.Successful?.map((entry) => entry.Id)).toEqual(['1']);
    expect(deleted.Failed).toMatchObject([{ Id: '2', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
    await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: [] }))).rejects.toMatchObject({
      name: 'EmptyBatchRequest',
    });
    await expect(
      sqs.send(
        new SendMessageBatchCommand({
          QueueUrl: url,
          Entries: [
            { Id: 'a', MessageBody: 'A' },
            { Id: 'a', MessageBody: 'B' },
          ],
        }),
      ),
    ).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinct' });
  });

  it.each(['', 'a b', 'a.b', 'é', 'x'.repeat(81)])('refuses the id %j of a batch entry in every batch', async (Id) => {
    const QueueUrl = await create('batch-ids');
    const refused = {
      name: 'InvalidBatchEntryId',
      message:
        'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.',
    };
    const received = { Id, ReceiptHandle: 'r', VisibilityTimeout: 1 };
    await expect(
      sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id, MessageBody: 'm' }] })),
    ).rejects.toMatchObject(refused);
    await expect(sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [received] }))).rejects.toMatchObject(
      refused,
    );
    await expect(
      sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries: [received] })),
    ).rejects.toMatchObject(refused);
    const fine = new SendMessageBatchCommand({
      QueueUrl,
      Entries: [{ Id: 'a_B-9'.padEnd(80, '0'), MessageBody: 'm' }],
    });
    expect((await sqs.send(fine)).Successful).toHaveLength(1);
  });

  it.each(['\0', 'a\u0001b', '\u000b', '\u001f', '\ufffe', '\uffff'])('refuses %j in a message', async (body) => {
    const QueueUrl = await create('characters');
    await expect(send(QueueUrl, body)).rejects.toMatchObject({ name: 'InvalidMessageContents' });
    const batch = new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: 'bad', MessageBody: body },
        { Id: 'good', MessageBody: '\t\n\r\x7f😀' },
      ],
    });
    expect(await sqs.send(batch)).toMatchObject({
      Failed: [{ Id: 'bad', Code: 'InvalidMessageContents' }],
      Successful: [{ Id: 'good' }],
    });
    const MessageAttributes = { a: { DataType: 'String', StringValue: body } };
    await expect(
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'm', MessageAttributes })),
    ).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('counts attributes to the size of a message, and adds up the messages of a batch', async () => {
    const QueueUrl = await create('sizes', { MaximumMessageSize: '2048' });
    const MessageAttributes = { k: { DataType: 'String', StringValue: 'x' } };
    const sized = (bytes: number) => ({ Id: 'a', MessageBody: 'm'.repeat(bytes - 8), MessageAttributes });
    await sqs.send(new SendMessageCommand({ QueueUrl, ...sized(2048) }));
    await expect(sqs.send(new SendMessageCommand({ QueueUrl, ...sized(2049) }))).rejects.toThrow(
      'One or more parameters are invalid. Reason: Message must be shorter than 2048 bytes.',
    );
    expect((await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [sized(2049)] }))).Failed).toMatchObject([
      { Message: 'One or more parameters cannot be validated. Reason: Message must be shorter than 2048 bytes.' },
    ]);
    const Entries = [{ ...sized(1_048_000) }, { Id: 'b', MessageBody: 'm'.repeat(577) }];
    await expect(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toMatchObject({
      name: 'BatchRequestTooLong',
      message: 'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.',
    });
  });

  it('refuses what queues cannot be', async () => {
    await expect(create('bad name!')).rejects.toThrow(/alphanumeric/);
    await expect(create('q.fifo')).rejects.toThrow(/standard queues only/);
    await expect(create('q', { NoSuchThing: '1' })).rejects.toThrow(/Unknown Attribute NoSuchThing/);
    await expect(create('q', { RedrivePolicy: 'x' })).rejects.toThrow(/deadLetterTargetArn/);
    const url = await create('limits', { MaximumMessageSize: '1024' });
    await expect(send(url, 'x'.repeat(1025))).rejects.toThrow(/shorter than 1024 bytes/);
  });

  it('keeps queues and messages over a restart', async () => {
    const name = 'lasting';
    await send(await create(name), 'kept');
    const path = engine.directory;
    await engine.close();
    await engine.open();
    expect(engine.directory).toBe(path);
    sqs = new SQSClient(engine.client);
    const url = (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl ?? '';
    expect((await receive(url)).map((message) => message.Body)).toEqual(['kept']);
  });

  it('speaks the older Query protocol', async () => {
    const query = async (path: string, parameters: Record<string, string>) => {
      const answer = await fetch(`${engine.url}${path}`, {
        method: 'POST',
        headers: signed('sqs'),
        body: new URLSearchParams({ Version: '2012-11-05', ...parameters }),
      });
      return { status: answer.status, text: await answer.text() };
    };
    const created = await query('/', {
      Action: 'CreateQueue',
      QueueName: 'old',
      'Attribute.1.Name': 'VisibilityTimeout',
      'Attribute.1.Value': '9',
      'Tag.1.Key': 'k',
      'Tag.1.Value': 'v',
    });
    expect(created.text).toContain('/123456789012/old</QueueUrl></CreateQueueResult>');
    const path = '/123456789012/old';
    const sent = await query(path, {
      Action: 'SendMessage',
      MessageBody: '<hello>',
      'MessageAttribute.1.Name': 'a',
      'MessageAttribute.1.Value.DataType': 'String',
      'MessageAttribute.1.Value.StringValue': 'x',
    });
    expect(sent.text).toMatch(/<MD5OfMessageBody>[0-9a-f]{32}<\/MD5OfMessageBody>/);
    const attributesText = await query(path, { Action: 'GetQueueAttributes', 'AttributeName.1': 'VisibilityTimeout' });
    expect(attributesText.text).toContain('<Attribute><Name>VisibilityTimeout</Name><Value>9</Value></Attribute>');
    const received = await query(path, {
      Action: 'ReceiveMessage',
      MaxNumberOfMessages: '1',
      'AttributeName.1': 'ApproximateReceiveCount',
      'MessageAttributeName.1': 'All',
    });
    expect(received.text).toContain('<Body>&lt;hello&gt;</Body>');
    expect(received.text).toContain('<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>');
    expect(received.text).toContain(
      '<MessageAttribute><Name>a</Name><Value><DataType>String</DataType><StringValue>x</StringValue></Value></MessageAttribute>',
    );
    const batch = await query(path, {
      Action: 'SendMessageBatch',
      'SendMessageBatchRequestEntry.1.Id': 'e',
      'SendMessageBatchRequestEntry.1.MessageBody': 'B',
    });
    expect(batch.text).toContain('<SendMessageBatchResultEntry><Id>e</Id>');
    const missing = await query('/', { Action: 'GetQueueUrl', QueueName: 'none' });
    expect(missing.status).toBe(400);
    expect(missing.text).toContain('<Code>AWS.SimpleQueueService.NonExistentQueue</Code>');
  });
});

const pick = (NextToken: string | undefined) => (NextToken === undefined ? {} : { NextToken });
