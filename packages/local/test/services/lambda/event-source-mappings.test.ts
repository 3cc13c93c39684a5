import {
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
  ListEventSourceMappingsCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failedMessages } from '../../../src/services/lambda/event-sources/queue-event.js';
import { eventually } from '../../running-engine.js';
import { LambdaWorld } from './lambda-world.js';

/** Reports the records of these bodies as failed; any other record's body goes to the queue `<name>-out`. */
const worker = (name: string) => `
  const send = async (QueueUrl, MessageBody) => fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage',
      authorization: 'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/sqs/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify({ QueueUrl, MessageBody }),
  });
  export const handler = async ({ Records }, { functionVersion }) => {
    if (Records.some(({ body }) => body === 'throw')) throw new Error('all of them');
    const failed = Records.filter(({ body }) => body.startsWith('bad'));
    for (const record of Records.filter((each) => !failed.includes(each)))
      await send('${name}-out', JSON.stringify({ functionVersion, ...record }));
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };`;

describe('An event source mapping of a queue', () => {
  let world: LambdaWorld;
  let sqs: SQSClient;
  beforeAll(async () => {
    world = await LambdaWorld.start();
    sqs = new SQSClient(world.engine.client);
  });
  afterAll(async () => {
    sqs.destroy();
    await world.stop();
  });

  const url = (name: string) => `${world.engine.url}/123456789012/${name}`;
  const arn = (name: string) => `arn:aws:sqs:us-east-1:123456789012:${name}`;
  const send = (name: string, MessageBody: string) =>
    sqs.send(new SendMessageCommand({ QueueUrl: url(name), MessageBody }));
  const take = async (name: string): Promise<Message | undefined> => {
    const command = new ReceiveMessageCommand({ QueueUrl: url(name), VisibilityTimeout: 3600 });
    return (await sqs.send(command)).Messages?.[0];
  };
  const next = async (name: string) =>
    JSON.parse((await eventually(() => take(`${name}-out`), `a message from ${name}`)).Body ?? '');
  const counts = async (name: string) => {
    const { Attributes = {} } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url(name), AttributeNames: ['All'] }),
    );
    return [Attributes['ApproximateNumberOfMessages'], Attributes['ApproximateNumberOfMessagesNotVisible']];
  };

  /** A queue, its function with version 1 under the alias `live`, and the mapping between them. */
  async function mapped(name: string) {
    for (const QueueName of [name, `${name}-out`]) await sqs.send(new CreateQueueCommand({ QueueName }));
    await world.create(name, worker(name), { Timeout: 30 });
    await world.lambda.send(new PublishVersionCommand({ FunctionName: name }));
    await world.lambda.send(new CreateAliasCommand({ FunctionName: name, Name: 'live', FunctionVersion: '1' }));
    return await world.lambda.send(
      new CreateEventSourceMappingCommand({
        FunctionName: `${name}:live`,
        EventSourceArn: arn(name),
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 2 },
      }),
    );
  }

  it("invokes the alias with the queue's messages, and deletes them", async () => {
    const { State, FunctionArn, UUID } = await mapped('plain');
    expect({ State, FunctionArn }).toEqual({
      State: 'Creating',
      FunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:plain:live',
    });
    await send('plain', 'one');
    expect(await next('plain')).toMatchObject({
      functionVersion: '1',
      body: 'one',
      attributes: { ApproximateReceiveCount: '1' },
      eventSource: 'aws:sqs',
      eventSourceARN: arn('plain'),
      awsRegion: 'us-east-1',
    });
    await eventually(async () => (await counts('plain')).join() === '0,0' || undefined, 'an empty queue');
    const got = await world.lambda.send(new GetEventSourceMappingCommand({ UUID }));
    expect(got).toMatchObject({ State: 'Enabled', BatchSize: 10, ScalingConfig: { MaximumConcurrency: 2 } });
    const { EventSourceMappings } = await world.lambda.send(
      new ListEventSourceMappingsCommand({ EventSourceArn: arn('plain') }),
    );
    expect(EventSourceMappings?.map((mapping) => mapping.UUID)).toEqual([UUID]);
  });

  it('leaves the messages that failed in the queue, alone or with their batch', async () => {
    await mapped('partial');
    for (const body of ['bad 1', 'good', 'throw']) await send('partial', body);
    // The batches are as the poller finds the messages: `good` may be in one with `throw`, which fails as a whole.
    await eventually(async () => {
      const [visible, hidden] = await counts('partial');
      const done = await take('partial-out');
      return (visible === '0' && (hidden === '2' || (hidden === '3' && done === undefined))) || undefined;
    }, 'the failed messages wait');
  });

  it('follows the alias at each batch', async () => {
    await mapped('moved');
    await send('moved', 'before');
    expect(await next('moved')).toMatchObject({ functionVersion: '1' });
    await world.lambda.send(
      new UpdateAliasCommand({ FunctionName: 'moved', Name: 'live', FunctionVersion: '$LATEST' }),
    );
    await send('moved', 'after');
    expect(await next('moved')).toMatchObject({ functionVersion: '$LATEST', body: 'after' });
  });

  it('takes nothing while it is disabled, and nothing once it is deleted', async () => {
    const { UUID } = await mapped('resting');
    const changed = await world.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: false }));
    expect(changed.State).toBe('Disabling');
    await send('resting', 'waits');
    expect(await take('resting-out')).toBeUndefined();
    await world.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    expect(await next('resting')).toMatchObject({ body: 'waits' });
    await world.lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
    await eventually(
      () =>
        world.lambda.send(new GetEventSourceMappingCommand({ UUID })).then(
          () => undefined,
          (error: Error) => error.name === 'ResourceNotFoundException' || undefined,
        ),
      'the end of the mapping',
    );
    await send('resting', 'stays');
    expect(await take('resting-out')).toBeUndefined();
  });

  it('continues after a restart, with the messages that it held', async () => {
    await mapped('durable');
    await send('durable', 'first');
    await next('durable');
    // A stop before the message is deleted delivers it again: at least once, as in Lambda.
    await eventually(async () => (await counts('durable')).join() === '0,0' || undefined, 'an empty queue');
    await world.restart();
    sqs.destroy();
    sqs = new SQSClient(world.engine.client);
    await send('durable', 'second');
    expect(await next('durable')).toMatchObject({ body: 'second' });
  });

  it('is refused as by Lambda', async () => {
    await mapped('refused');
    const create = (EventSourceArn: string, more: object = {}) =>
      world.lambda.send(new CreateEventSourceMappingCommand({ FunctionName: 'refused', EventSourceArn, ...more }));
    await expect(create(arn('refused'))).rejects.toMatchObject({ name: 'ResourceConflictException' });
    await expect(create(arn('nowhere'))).rejects.toThrow('AWS.SimpleQueueService.NonExistentQueue');
    await sqs.send(new CreateQueueCommand({ QueueName: 'brief', Attributes: { VisibilityTimeout: '5' } }));
    await expect(create(arn('brief'))).rejects.toThrow(
      'Queue visibility timeout: 5 seconds is less than Function timeout: 30 seconds',
    );
    await expect(create(arn('refused-out'), { BatchSize: 11 })).rejects.toThrow('must be greater than 0');
    await expect(create(arn('refused-out'), { FunctionName: 'nobody' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('keeps a failed message hidden until its visibility timeout ends', async () => {
    await mapped('hidden');
    await send('hidden', 'bad');
    await eventually(async () => (await counts('hidden')).join() === '0,1' || undefined, 'the message is held');
    expect(await take('hidden')).toBeUndefined();
  });
});

describe("The response of a function to a queue's messages", () => {
  const failed = (value: unknown) => failedMessages(JSON.stringify(value));

  it('names the messages that failed; nothing means none', () => {
    for (const none of [null, {}, '', 'text', 7, { batchItemFailures: [] }, { batchItemFailures: null }])
      expect(failed(none)).toEqual(new Set());
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 })), (ids) => {
        const response = { batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) };
        expect(failed(response)).toEqual(new Set(ids));
      }),
    );
  });

  it('is a failure of all when it cannot be read', () => {
    for (const bad of [[{ itemIdentifier: '' }], [{ itemIdentifier: null }], [{ itemId: 'x' }], ['x'], 'x'])
      expect(failed({ batchItemFailures: bad })).toBe('all');
    expect(failedMessages('{')).toBe('all');
  });
});
