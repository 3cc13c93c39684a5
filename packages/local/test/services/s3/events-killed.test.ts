import { cpSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import { openQueue } from '../../open-queue.js';
import { eventually, RunningEngine } from '../../running-engine.js';

const Bucket = 'watched';
const Key = 'job.json';
const s3Of = (engine: RunningEngine) => new S3Client({ ...engine.client, forcePathStyle: true });

it('a change of an object and its event are one step: an engine that was killed in between has both or neither', async () => {
  const engine = await RunningEngine.start();
  const journal = join(engine.directory, 'journal.jsonl');
  const s3 = s3Of(engine);
  await s3.send(new CreateBucketCommand({ Bucket }));
  const NotificationConfiguration = { EventBridgeConfiguration: {} };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  const sqs = new SQSClient(engine.client);
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'told', Attributes: openQueue }));
  const events = new EventBridgeClient(engine.client);
  await events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source": ["aws.s3"]}' }));
  const target = { Id: 't', Arn: 'arn:aws:sqs:us-east-1:123456789012:told' };
  await events.send(new PutTargetsCommand({ Rule: 'r', Targets: [target] }));
  const start = readFileSync(journal).length;
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: '{}' }));
  const put = readFileSync(journal).length;
  await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  const deleted = readFileSync(journal).length;
  await engine.close();

  /** The state after the engine was killed at this number of bytes in its journal. */
  const afterCut = async (cut: number) => {
    const copy = await RunningEngine.start();
    await copy.close();
    cpSync(engine.directory, copy.directory, { recursive: true });
    truncateSync(join(copy.directory, 'journal.jsonl'), cut);
    await copy.open();
    const exists = await s3Of(copy)
      .send(new HeadObjectCommand({ Bucket, Key }))
      .then(
        () => true,
        () => false,
      );
    const told: string[] = [];
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
    const expected = cut >= deleted ? 2 : exists ? 1 : 0;
    await eventually(async () => {
      const { Messages = [] } = await new SQSClient(copy.client).send(receive);
      for (const { Body = '' } of Messages) told.push(JSON.parse(Body)['detail-type']);
      return told.length >= expected ? told : undefined;
    }, `${expected} events after ${cut} bytes`);
    await copy.dispose();
    return { exists, told: [...new Set(told)].sort() };
  };

  const text = readFileSync(journal, 'latin1');
  for (let end = start; end > 0 && end <= deleted; end = text.indexOf('\n', end) + 1) {
    const { exists, told } = await afterCut(end);
    if (end < put && !exists) expect(told).toEqual([]);
    else if (exists) expect(told).toEqual(['Object Created']);
    else expect(told).toEqual(['Object Created', 'Object Deleted']);
  }
  await engine.dispose();
});
