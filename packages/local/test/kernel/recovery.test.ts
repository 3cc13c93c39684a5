import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledProgram } from '../bundled-program.js';
import { openQueue, openTopic } from '../open-queue.js';
import { eventually } from '../running-engine.js';

const Bucket = 'inbox';
const logGroupName = '/recovery';
const logStreamName = 'writer';
const account = 'us-east-1:123456789012';
const writers = 4;

/** Everything that the engine has acknowledged: it must survive the engine's process. */
interface Acknowledged {
  readonly objects: string[];
  readonly messages: string[];
  readonly lines: string[];
}

describe('the engine after kill -9', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bclaw-recovery-'));
  let program = '';
  let child: ChildProcess | undefined;
  let s3: S3Client;
  let sqs: SQSClient;
  let logs: CloudWatchLogsClient;

  beforeAll(async () => {
    program = await bundledProgram(new URL('../engine-program.ts', import.meta.url), directory);
  });
  afterAll(() => {
    child?.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });

  async function start(): Promise<string> {
    child = fork(program, [join(directory, 'state')], { execArgv: [] });
    const [url] = await once(child, 'message');
    const client = {
      endpoint: String(url),
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      maxAttempts: 1,
    };
    s3 = new S3Client({ ...client, forcePathStyle: true });
    sqs = new SQSClient(client);
    logs = new CloudWatchLogsClient(client);
    return client.endpoint;
  }

  async function kill(): Promise<void> {
    child?.kill('SIGKILL');
    if (child?.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }

  async function prepare(endpoint: string): Promise<void> {
    const client = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };
    const events = new EventBridgeClient(client);
    const sns = new SNSClient(client);
    for (const QueueName of ['direct', 'through-topic', 'mailbox'])
      await sqs.send(new CreateQueueCommand({ QueueName, Attributes: openQueue }));
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'created', Attributes: openTopic }));
    await sns.send(
      new SubscribeCommand({
        TopicArn,
        Protocol: 'sqs',
        Endpoint: `arn:aws:sqs:${account}:through-topic`,
        Attributes: { RawMessageDelivery: 'true' },
      }),
    );
    const pattern = { source: ['aws.s3'], 'detail-type': ['Object Created'], detail: { bucket: { name: [Bucket] } } };
    await events.send(new PutRuleCommand({ Name: 'created', EventPattern: JSON.stringify(pattern) }));
    await events.send(
      new PutTargetsCommand({
        Rule: 'created',
        Targets: [
          { Id: 'queue', Arn: `arn:aws:sqs:${account}:direct`, InputPath: '$.detail.object.key' },
          { Id: 'topic', Arn: TopicArn, InputPath: '$.detail.object.key' },
        ],
      }),
    );
    await s3.send(new CreateBucketCommand({ Bucket }));
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket,
        NotificationConfiguration: { EventBridgeConfiguration: {} },
      }),
    );
    await logs.send(new CreateLogGroupCommand({ logGroupName }));
    await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  }

  /** Writes concurrently until the process crashes. */
  async function writeUntilKilled(endpoint: string, round: number, acknowledged: Acknowledged): Promise<void> {
    const QueueUrl = `${endpoint}/123456789012/mailbox`;
    const enough = acknowledged.objects.length + 40;
    const write = async (writer: number) => {
      for (let n = 0; ; n += 1) {
        const name = `${round}-${writer}-${n}`;
        await s3.send(new PutObjectCommand({ Bucket, Key: name, Body: name.repeat(1000) }));
        acknowledged.objects.push(name);
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: name }));
        acknowledged.messages.push(name);
        const logEvents = [{ timestamp: Date.now(), message: name }];
        await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
        acknowledged.lines.push(name);
        if (acknowledged.objects.length >= enough) child?.kill('SIGKILL');
      }
    };
    const untilKilled = (writer: number) =>
      write(writer).catch((error: unknown) => {
        if (child?.killed !== true) throw error;
      });
    await Promise.all(Array.from({ length: writers }, (_, writer) => untilKilled(writer)));
    await kill();
  }

  /** Receives and deletes a queue's messages until all the expected ones have arrived, and returns their bodies. */
  async function drain(endpoint: string, queue: string, expected: readonly string[]): Promise<ReadonlySet<string>> {
    const QueueUrl = `${endpoint}/123456789012/${queue}`;
    const found = new Set<string>();
    await eventually(async () => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      for (const { Body = '' } of Messages) found.add(Body);
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      if (Entries.length > 0) await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      return expected.every((body) => found.has(body)) ? true : undefined;
    }, `all messages in ${queue}`);
    return found;
  }

  it('takes its directory over, and still has whatever it had acknowledged', async () => {
    const acknowledged: Acknowledged = { objects: [], messages: [], lines: [] };
    let endpoint = await start();
    await prepare(endpoint);
    for (const round of [1, 2, 3]) {
      await writeUntilKilled(endpoint, round, acknowledged);
      expect(existsSync(join(directory, 'state', 'engine.lock'))).toBe(true);
      endpoint = await start();
    }
    expect(acknowledged.objects.length).toBeGreaterThan(100);

    for (const Key of acknowledged.objects) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      expect(await Body?.transformToString(), Key).toBe(Key.repeat(1000));
    }
    await drain(endpoint, 'mailbox', acknowledged.messages);
    const events = acknowledged.objects.map((key) => JSON.stringify(key));
    await drain(endpoint, 'direct', events);
    await drain(endpoint, 'through-topic', events);
    const { events: lines = [] } = await logs.send(
      new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true }),
    );
    const logged = new Set(lines.map((line) => line.message));
    expect(acknowledged.lines.filter((line) => !logged.has(line))).toEqual([]);

    const record: unknown = JSON.parse(readFileSync(join(directory, 'state', 'engine.json'), 'utf8'));
    expect(record).toMatchObject({ pid: child?.pid, url: endpoint });
    await kill();
  });
});
