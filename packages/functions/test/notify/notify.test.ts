import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { createNotify } from '../../src/index.js';
import { World } from '../world.js';

const executionArn = 'arn:aws:states:eu-west-1:123456789012:execution:align-reads--12:s1_0a1b2c3d';
const jobFile = { bucket: 'launcher', key: 'align-reads/batch 7/s1.json', version: 'aVersionId' };
const launch = { job_file: jobFile, index: 'main' };

/** An event in Step Functions' format. */
const change = (detail: Readonly<Record<string, unknown>> = {}) => ({
  version: '0',
  id: '315c1398-40ff-a850-213b-158f73e60175',
  'detail-type': 'Step Functions Execution Status Change',
  source: 'aws.states',
  account: '123456789012',
  time: '2026-11-24T03:00:00Z',
  region: 'eu-west-1',
  resources: [executionArn],
  detail: {
    executionArn,
    stateMachineArn: 'arn:aws:states:eu-west-1:123456789012:stateMachine:align-reads--12',
    name: 's1_0a1b2c3d',
    status: 'FAILED',
    startDate: 1_790_000_000_000,
    stopDate: 1_790_000_060_000,
    input: JSON.stringify(launch),
    inputDetails: { included: true },
    output: null,
    error: 'SourceNotFound',
    cause: 'There is no s3://lab/x: "y".\nWrite it.',
    ...detail,
  },
});

describe('notify', () => {
  let world: World;
  let sqs: SQSClient;
  let topicArn = '';
  let queue = '';

  beforeAll(async () => {
    world = await World.create();
    sqs = new SQSClient({
      endpoint: world.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    topicArn = (await world.sns.send(new CreateTopicCommand({ Name: 'jobs' }))).TopicArn ?? '';
    const Endpoint = 'arn:aws:sqs:us-east-1:123456789012:jobs';
    const Policy = JSON.stringify({
      Statement: {
        Effect: 'Allow',
        Principal: { Service: 'sns.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Resource: Endpoint,
        Condition: { ArnEquals: { 'aws:SourceArn': topicArn } },
      },
    });
    queue = (await sqs.send(new CreateQueueCommand({ QueueName: 'jobs', Attributes: { Policy } }))).QueueUrl ?? '';
    await world.sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint }));
  });
  afterAll(async () => {
    sqs.destroy();
    await world.close();
  });
  beforeEach(() => {
    world.entries = [];
  });

  const notify = (event: unknown) =>
    createNotify({ sns: world.sns, topicArn, launcherBucket: 'launcher', ...world.dependencies })(event);

  /** Sends the event and receives the resulting message. */
  async function told(event: unknown) {
    expect(await notify(event)).toMatchObject({ message_id: expect.stringMatching(/./) });
    const { Messages: [message] = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queue, WaitTimeSeconds: 10 }),
    );
    await sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: message?.ReceiptHandle }));
    const { Subject, Message, MessageAttributes } = JSON.parse(message?.Body ?? '{}');
    const documents = parseAllDocuments(Message);
    const attributes = Object.entries<{ readonly Value: string }>(MessageAttributes);
    return {
      subject: Subject,
      text: String(Message),
      documents: Array.isArray(documents) ? documents.map((document) => document.toJS()) : [],
      attributes: Object.fromEntries(attributes.map(([name, { Value }]) => [name, Value])),
    };
  }

  it('tells of a job in a sentence and in details, and by attributes that subscriptions can filter on', async () => {
    const message = await told(change());
    expect(message.subject).toBe('align-reads: job s1_0a1b2c3d has failed');
    expect(message.documents).toEqual([
      'Job s1_0a1b2c3d (s1.json) of workflow align-reads, version 12, has failed.',
      {
        details: {
          workflow_name: 'align-reads',
          workflow_version: 12,
          execution_id: 's1_0a1b2c3d',
          execution_arn: executionArn,
          status: 'FAILED',
          started: '2026-09-21T14:13:20.000Z',
          stopped: '2026-09-21T14:14:20.000Z',
          job_file: { uri: 's3://launcher/align-reads/batch 7/s1.json', ...jobFile },
          error: 'SourceNotFound',
          cause: 'There is no s3://lab/x: "y".\nWrite it.',
          console: `https://console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${executionArn}`,
          sfn_execution_id: 's1_0a1b2c3d',
          state_machine_name: 'align-reads--12',
          job_status: 'FAILED',
          job_data: 's3://launcher/align-reads/batch 7/s1.json',
          job_data_version: 'aVersionId',
          sfn_console_link: `https://console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${executionArn}`,
        },
      },
    ]);
    expect(message.attributes).toEqual({
      workflow_name: 'align-reads',
      workflow_version: '12',
      status: 'FAILED',
      execution_id: 's1_0a1b2c3d',
      job_file_bucket: 'launcher',
      job_file_key: 'align-reads/batch 7/s1.json',
      job_file_version: 'aVersionId',
      state_machine_name: 'align-reads--12',
      launcher_bucket: 'launcher',
      job_file: 'align-reads/batch 7/s1.json',
    });
    expect(Object.keys(message.attributes).length).toBeLessThanOrEqual(10);
    expect(world.entries).toMatchObject([
      { level: 'info', function: 'notify', workflow: 'align-reads', version: 12, execution: 's1_0a1b2c3d' },
    ]);
  });

  it.each([
    ['RUNNING', 'has started'],
    ['SUCCEEDED', 'has finished'],
    ['FAILED', 'has failed'],
    ['TIMED_OUT', 'has timed out'],
    ['ABORTED', 'was stopped'],
    ['PENDING_REDRIVE', 'is about to be redriven'],
  ])('puts %s into words', async (status, words) => {
    const { documents, attributes } = await told(change({ status, stopDate: null, error: null, cause: null }));
    expect(documents[0]).toContain(words);
    expect(attributes['status']).toBe(status);
    expect(documents[1].details).not.toHaveProperty('stopped');
    expect(documents[1].details).not.toHaveProperty('cause');
  });

  it('leaves out what an unversioned workflow or bucket has not: SNS takes no empty attributes', async () => {
    const { documents, attributes } = await told(
      change({
        executionArn: executionArn.replace('--12', ''),
        input: JSON.stringify({ ...launch, job_file: { ...jobFile, version: '' } }),
      }),
    );
    expect(documents[0]).toBe('Job s1_0a1b2c3d (s1.json) of workflow align-reads has failed.');
    expect(attributes).not.toHaveProperty('workflow_version');
    expect(attributes).not.toHaveProperty('job_file_version');
  });

  it('tells of a subpipe’s execution as of any other, and where its results are', async () => {
    const payload = await world.payload('sub', {}, { job_file: jobFile });
    const { documents } = await told(change({ input: JSON.stringify(payload) }));
    expect(documents[1]).toMatchObject({ details: { repository: 's3://results/sub' } });
  });

  it('cuts a subject that SNS would not take', async () => {
    const { subject } = await told(
      change({ name: `Ü${'x'.repeat(79)}`, executionArn: executionArn.replace('align-reads', 'w'.repeat(60)) }),
    );
    expect(subject).toHaveLength(99);
    expect(subject).toMatch(/^w{60}: job \?x+\.\.\.$/);
  });

  it('passes over what is no job of this installation', async () => {
    const branch = await world.payload('branch', {}, { job_file: jobFile, index: '00007' });
    for (const event of [
      change({ input: JSON.stringify(branch) }),
      change({ input: JSON.stringify({ ...launch, job_file: { ...jobFile, bucket: 'another-launcher' } }) }),
      change({ input: '{"hello": "world"}' }),
      change({ input: 'no JSON' }),
      change({ input: null, inputDetails: { included: false } }),
      change({ status: 'SOMETHING_NEW' }),
      {},
      null,
      'text',
    ])
      expect(await notify(event)).toEqual({});
    expect(world.entries.every(({ level }) => level === 'info')).toBe(true);
  });
});
