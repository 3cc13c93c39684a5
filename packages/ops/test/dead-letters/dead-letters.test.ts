import { DeleteStateMachineCommand } from '@aws-sdk/client-sfn';
import { GetQueueUrlCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { parseDeadLetter } from '../../src/dead-letters/dead-letter.js';
import {
  deploy,
  listDeadLetters,
  listExecutions,
  listVersions,
  type RedrivenLetter,
  redriveDeadLetters,
  submit,
} from '../../src/index.js';
import { template, useEngine } from '../engine.js';

const engine = useEngine();

/** Deletes the state machine that is live, so that no job can be launched. */
async function breakLive(workflow: string): Promise<void> {
  const { versions, live } = await listVersions(engine.clients, { workflow });
  const stateMachineArn = versions.find(({ version }) => version === live?.version)?.stateMachine.arn;
  await engine.clients.sfn.send(new DeleteStateMachineCommand({ stateMachineArn }));
}

const put = (workflow: string, names: readonly string[]) =>
  submit(engine.clients, {
    workflow,
    files: names.map((name) => ({ name: `${name}.json`, body: JSON.stringify({ id: name }) })),
  });

const letters = (workflow: string) => listDeadLetters(engine.clients, { workflow });
const names = async (workflow: string) =>
  (await letters(workflow)).map(({ jobFile }) => jobFile?.key.split('/').at(-1)).sort();

async function queueUrl(): Promise<string> {
  const { QueueUrl } = await engine.clients.sqs.send(new GetQueueUrlCommand({ QueueName: 'bayerclaw2-dead-letters' }));
  return QueueUrl ?? '';
}

describe('dead letters', () => {
  it('are listed and redriven workflow by workflow, and none is lost or doubled', async () => {
    for (const workflow of ['one', 'two']) await deploy(engine.clients, { workflow, template: template('echo 1') });
    for (const workflow of ['one', 'two']) await breakLive(workflow);
    const url = await queueUrl();
    await engine.clients.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'not a record' }));
    await put('one', ['a', 'b', 'c']);
    await put('two', ['d']);
    // The launcher retries after 3 and 12 seconds, then gives up.
    await expect.poll(() => names('one'), { interval: 500 }).toEqual(['a.json', 'b.json', 'c.json']);

    const stillBroken = await redriveDeadLetters(engine.clients, { workflow: 'one' });
    expect(stillBroken.map(({ outcome }) => outcome)).toEqual(['kept', 'kept', 'kept']);
    expect(stillBroken[0]).toMatchObject({
      workflow: 'one',
      attempts: 3,
      launcherVersion: '1',
      reason: expect.stringContaining('State Machine Does Not Exist'),
    });

    await deploy(engine.clients, { workflow: 'one', template: template('echo 2') });
    // Interrupted after the first: the rest stays for the next run.
    const interruption = new AbortController();
    const done: RedrivenLetter[] = [];
    await expect(
      redriveDeadLetters(engine.clients, {
        workflow: 'one',
        signal: interruption.signal,
        onRedriven: (letter) => {
          done.push(letter);
          interruption.abort();
        },
      }),
    ).rejects.toThrow();
    expect(done.map(({ outcome }) => outcome)).toEqual(['started']);
    expect((await redriveDeadLetters(engine.clients, { workflow: 'one' })).map(({ outcome }) => outcome)).toEqual([
      'started',
      'started',
    ]);
    const executions = await listExecutions(engine.clients, { workflow: 'one' });
    expect(executions.map(({ name, version }) => [name.slice(0, 1), version]).sort()).toEqual([
      ['a', 2],
      ['b', 2],
      ['c', 2],
    ]);

    expect(await names('two')).toEqual(['d.json']);
    const { Messages } = await engine.clients.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
    );
    expect(Messages?.map(({ Body }) => Body)).toContain('not a record');
  });

  it('of a workflow that is not deployed can be listed, not redriven', async () => {
    expect(await letters('nobody')).toEqual([]);
    await expect(redriveDeadLetters(engine.clients, { workflow: 'nobody' })).rejects.toMatchObject({
      code: 'no-such-workflow',
    });
  });
});

describe("Lambda's invocation record", () => {
  const record = (fields: object) =>
    JSON.stringify({
      version: '1.0',
      timestamp: '2026-11-24T03:00:00.000Z',
      requestContext: {
        functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:my-launcher-launcher:live',
        condition: 'EventAgeExceeded',
        approximateInvokeCount: 0,
      },
      requestPayload: { bucket: 'b', key: 'my-launcher/x.json', version: 'v' },
      ...fields,
    });

  it('tells workflow, job file and reason', () => {
    expect(parseDeadLetter('1', record({}))).toEqual({
      id: '1',
      workflow: 'my-launcher',
      jobFile: { bucket: 'b', key: 'my-launcher/x.json', version: 'v' },
      failedAt: new Date('2026-11-24T03:00:00.000Z'),
      attempts: 0,
      reason: 'Lambda had no capacity for it until the event was too old',
      event: { bucket: 'b', key: 'my-launcher/x.json', version: 'v' },
    });
  });

  it('may be missing: then the message is the event that no launcher came back from', () => {
    const event = {
      source: 'aws.s3',
      'detail-type': 'Object Created',
      time: '2026-11-24T03:00:00Z',
      detail: { bucket: { name: 'b' }, object: { key: 'my-launcher/x.json', 'version-id': 'v' } },
    };
    expect(parseDeadLetter('1', JSON.stringify(event))).toEqual({
      id: '1',
      workflow: 'my-launcher',
      jobFile: { bucket: 'b', key: 'my-launcher/x.json', version: 'v' },
      failedAt: new Date('2026-11-24T03:00:00Z'),
      attempts: 1000,
      reason: 'No launcher came back from it: see their log',
      event,
    });
  });

  it.each([
    ['text', 'hello'],
    ['another JSON', '{"a": 1}'],
    [
      'the record of another function',
      record({ requestContext: { functionArn: 'arn:aws:lambda:r:1:function:x:live' } }),
    ],
    ['a list', '[]'],
  ])('is not %s', (_, body) => {
    expect(parseDeadLetter('1', body)).toBeUndefined();
  });
});
