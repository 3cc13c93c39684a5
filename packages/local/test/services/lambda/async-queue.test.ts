import { existsSync } from 'node:fs';
import {
  DeleteFunctionEventInvokeConfigCommand,
  GetFunctionEventInvokeConfigCommand,
  InvokeCommand,
  ListFunctionEventInvokeConfigsCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionEventInvokeConfigCommand,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryJournal } from '../../../src/kernel/journal-store.js';
import { AsyncQueue } from '../../../src/services/lambda/async-queue.js';
import { WorkerFleet } from '../../../src/services/lambda/fleet.js';
import { FunctionRegistry } from '../../../src/services/lambda/registry.js';
import { eventually } from '../../running-engine.js';
import { LambdaWorld } from './lambda-world.js';
import { contextFor } from './version-of.js';

describe('Asynchronous calls', () => {
  let world: LambdaWorld;
  beforeAll(async () => {
    world = await LambdaWorld.start();
  });
  afterAll(() => world.stop());

  const queueArn = (name: string) => `arn:aws:sqs:us-east-1:123456789012:${name}`;
  async function withQueue<T>(use: (sqs: SQSClient) => Promise<T>): Promise<T> {
    const sqs = new SQSClient(world.engine.client);
    try {
      return await use(sqs);
    } finally {
      sqs.destroy();
    }
  }
  const createQueue = (QueueName: string) => withQueue((sqs) => sqs.send(new CreateQueueCommand({ QueueName })));
  const receive = (name: string): Promise<Message> =>
    withQueue((sqs) =>
      eventually(async () => {
        const QueueUrl = `${world.engine.url}/123456789012/${name}`;
        const command = new ReceiveMessageCommand({ QueueUrl, MessageAttributeNames: ['All'] });
        return (await sqs.send(command)).Messages?.[0];
      }, `a message in ${name}`),
    );
  const send = (FunctionName: string, event: unknown) =>
    world.lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: JSON.stringify(event) }));

  it('are accepted at once, and an answer goes to the destination for success', async () => {
    await createQueue('done');
    await world.create('quick', 'export const handler = async (event) => ({ saw: event });', { Publish: true });
    await world.lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: 'quick:1',
        DestinationConfig: { OnSuccess: { Destination: queueArn('done') } },
      }),
    );
    const accepted = await send('quick:1', { n: 1 });
    expect(accepted.StatusCode).toBe(202);
    expect(accepted.Payload?.length ?? 0).toBe(0);
    const record = JSON.parse((await receive('done')).Body ?? '');
    expect(record).toMatchObject({
      version: '1.0',
      requestContext: {
        functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:quick:1',
        condition: 'Success',
        approximateInvokeCount: 1,
      },
      requestPayload: { n: 1 },
      responseContext: { statusCode: 200, executedVersion: '1' },
      responsePayload: { saw: { n: 1 } },
    });
  });

  it('are tried three times, then go to the failure destination and the dead-letter queue', async () => {
    await createQueue('failed');
    await createQueue('dead');
    await world.create(
      'failing',
      'let n = 0; export const handler = async () => { n += 1; throw new Error(`attempt ${n}`); };',
      { DeadLetterConfig: { TargetArn: queueArn('dead') } },
    );
    await world.lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: 'failing',
        DestinationConfig: { OnFailure: { Destination: queueArn('failed') } },
      }),
    );
    await send('failing', { job: 'a' });
    expect(JSON.parse((await receive('failed')).Body ?? '')).toMatchObject({
      requestContext: {
        functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:failing:$LATEST',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      requestPayload: { job: 'a' },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      responsePayload: { errorMessage: 'attempt 3' },
    });
    const dead = await receive('dead');
    expect(JSON.parse(dead.Body ?? '')).toEqual({ job: 'a' });
    expect(dead.MessageAttributes).toMatchObject({
      ErrorCode: { StringValue: '200' },
      ErrorMessage: { StringValue: 'attempt 3' },
      RequestID: { StringValue: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
  });

  it('are tried once where no retries are wanted, and not at all when the function is switched off', async () => {
    await createQueue('once');
    await world.create('once', 'export const handler = async () => { throw new Error("no"); };', {});
    await world.lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: 'once',
        MaximumRetryAttempts: 0,
        DestinationConfig: { OnFailure: { Destination: queueArn('once') } },
      }),
    );
    const conditionOf = async () => JSON.parse((await receive('once')).Body ?? '').requestContext;
    await send('once', {});
    expect(await conditionOf()).toMatchObject({ condition: 'RetriesExhausted', approximateInvokeCount: 1 });
    await createQueue('off');
    await world.lambda.send(
      new UpdateFunctionEventInvokeConfigCommand({
        FunctionName: 'once',
        DestinationConfig: { OnFailure: { Destination: queueArn('off') } },
      }),
    );
    await world.lambda.send(
      new PutFunctionConcurrencyCommand({ FunctionName: 'once', ReservedConcurrentExecutions: 0 }),
    );
    await send('once', {});
    expect(JSON.parse((await receive('off')).Body ?? '').requestContext).toMatchObject({ approximateInvokeCount: 0 });
  });

  it('survive a restart of the engine in the middle of an attempt', async () => {
    await createQueue('survived');
    // The first attempt never ends; the one after the restart finds the file that it wrote.
    await world.create(
      'surviving',
      `import { existsSync, writeFileSync } from 'node:fs';
       export const handler = async ({ mark }) => {
         if (existsSync(mark)) return 'second';
         writeFileSync(mark, '');
         await new Promise(() => setInterval(() => {}, 1000));
       };`,
      { Timeout: 600 },
    );
    await world.lambda.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: 'surviving',
        DestinationConfig: { OnSuccess: { Destination: queueArn('survived') } },
      }),
    );
    const mark = `${world.engine.directory}/mark`;
    await send('surviving', { mark });
    await eventually(async () => existsSync(mark) || undefined, 'the first attempt');
    await world.restart();
    expect(JSON.parse((await receive('survived')).Body ?? '')).toMatchObject({
      requestContext: { condition: 'Success', approximateInvokeCount: 1 },
      responsePayload: 'second',
    });
  });

  it('are forgotten when the function is deleted', async () => {
    const journal = memoryJournal();
    const context = contextFor(journal);
    const registry = new FunctionRegistry(context);
    const queue = new AsyncQueue(context, registry, new WorkerFleet(context, '/nowhere'));
    const events = journal.table('lambda/async-events');
    const accepted = ['f', 'g'].map((functionName) =>
      queue.accept({ requestId: functionName, functionName, qualifier: undefined, payload: '{}' }),
    );
    queue.forget('f');
    expect([...events.entries()].map(([requestId]) => requestId)).toEqual(['g']);
    queue.stop();
    await Promise.all(accepted);
  });

  it('have settings that are read, changed in part, listed and removed', async () => {
    await world.create('configured', 'export const handler = async () => 1;');
    const FunctionName = 'configured';
    await world.lambda.send(
      new PutFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 60 }),
    );
    await world.lambda.send(new UpdateFunctionEventInvokeConfigCommand({ FunctionName, MaximumRetryAttempts: 2 }));
    const got = await world.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }));
    expect(got).toMatchObject({ MaximumRetryAttempts: 2, MaximumEventAgeInSeconds: 60 });
    expect(got.FunctionArn).toMatch(/:function:configured:\$LATEST$/);
    expect(got.LastModified).toBeInstanceOf(Date);
    const list = await world.lambda.send(new ListFunctionEventInvokeConfigsCommand({ FunctionName }));
    expect(list.FunctionEventInvokeConfigs).toHaveLength(1);
    await world.lambda.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
    await expect(world.lambda.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
