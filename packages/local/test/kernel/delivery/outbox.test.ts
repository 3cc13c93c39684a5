import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultRetryLimits, targetOfArn } from '../../../src/kernel/delivery/delivery.js';
import { Outbox } from '../../../src/kernel/delivery/outbox.js';
import type { Journal } from '../../../src/kernel/journal.js';
import { openJournal } from '../../../src/kernel/journal-file.js';
import type { EngineContext } from '../../../src/kernel/service.js';
import { AwsError } from '../../../src/wire/aws-error.js';
import { eventually } from '../../running-engine.js';

const functionArn = 'arn:aws:lambda:us-east-1:123456789012:function:f:live';
const queueArn = 'arn:aws:sqs:us-east-1:123456789012:dead';

type Call = { readonly operation: string; readonly input: Readonly<Record<string, unknown>> };

describe('Outbox', () => {
  let directory: string;
  let journal: Journal;
  let calls: Call[];
  /** Response of the targets to a call. */
  let answer: (call: Call) => unknown;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'bclaw-outbox-'));
    journal = await openJournal(directory);
    calls = [];
    answer = () => ({});
  });
  afterEach(async () => {
    await journal.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const context = (): EngineContext => ({
    accountId: '123456789012',
    region: 'us-east-1',
    partition: 'aws',
    endpoint: 'http://127.0.0.1:1',
    directory,
    journal,
    events: { publish: () => expect.unreachable(), subscribe: () => () => {} },
    log: { info: () => {}, error: () => {} },
    call: async (service, name, input) => {
      const call: Call = { operation: `${service}:${name}`, input: input as Readonly<Record<string, unknown>> };
      calls.push(call);
      return answer(call);
    },
  });
  const delivery = {
    originArn: 'arn:aws:events:us-east-1:123456789012:rule/r',
    target: { kind: 'function', arn: functionArn } as const,
    body: '{"n":1}',
    retry: defaultRetryLimits,
  };
  const waitFor = (count: number) =>
    eventually(async () => (calls.length >= count ? true : undefined), `${count} calls`);
  const pending = () => journal.table('d').size;
  const waitUntilEmpty = () => eventually(async () => (pending() === 0 ? true : undefined), 'an empty outbox');

  it('hands a delivery to its target and forgets it', async () => {
    const outbox = new Outbox(context(), 'd');
    outbox.start();
    outbox.add(delivery);
    await waitUntilEmpty();
    expect(calls).toEqual([
      {
        operation: 'lambda:Invoke',
        input: { FunctionName: functionArn, InvocationType: 'Event', Payload: Buffer.from('{"n":1}') },
      },
    ]);
    await outbox.stop();
  });

  it('goes on after a restart with what had not arrived', async () => {
    const before = new Outbox(context(), 'd');
    before.add(delivery);
    await journal.close();
    journal = await openJournal(directory);
    expect(pending()).toBe(1);
    const after = new Outbox(context(), 'd');
    after.start();
    await waitUntilEmpty();
    expect(calls).toHaveLength(1);
    await after.stop();
  });

  it('tries again when a target fails for now', async () => {
    answer = () => {
      if (calls.length < 3) throw new AwsError('TooManyRequestsException', 'slow down', { status: 429 });
      return {};
    };
    const outbox = new Outbox(context(), 'd');
    outbox.start();
    outbox.add(delivery);
    await waitUntilEmpty();
    expect(calls).toHaveLength(3);
    await outbox.stop();
  });

  it('names an execution the same each time it tries', async () => {
    answer = () => {
      if (calls.length < 2) throw new Error('crashed');
      return {};
    };
    const outbox = new Outbox(context(), 'd');
    outbox.start();
    const arn = 'arn:aws:states:us-east-1:123456789012:stateMachine:m';
    outbox.add({ ...delivery, target: { kind: 'state-machine', arn } });
    await waitUntilEmpty();
    const [first, second] = calls;
    expect(first?.input).toMatchObject({ stateMachineArn: arn, input: '{"n":1}' });
    expect(second).toEqual(first);
    await outbox.stop();
  });

  it('waits while the journal cannot be written, and asks no target meanwhile', async () => {
    let full = true;
    const flush = async () => {
      if (full) throw new Error('The journal cannot be written: ENOSPC');
      await journal.flush();
    };
    const told: string[] = [];
    const log = { info: () => {}, error: (sentence: string) => void told.push(sentence) };
    const outbox = new Outbox({ ...context(), journal: { ...journal, flush }, log }, 'd');
    outbox.start();
    outbox.add({ ...delivery, retry: { ...delivery.retry, attempts: 0 } });
    await eventually(async () => (told.length > 0 ? true : undefined), 'a line in the log');
    expect({ told, calls, pending: pending() }).toEqual({
      told: ['A delivery waits for the journal'],
      calls: [],
      pending: 1,
    });
    full = false;
    await waitUntilEmpty();
    expect(calls).toHaveLength(1);
    await outbox.stop();
  });

  it('gives up at once what a target refuses, and leaves it with the dead letters', async () => {
    answer = ({ operation }) => {
      if (operation === 'lambda:Invoke') throw new AwsError('ResourceNotFoundException', 'no f', { status: 404 });
      return {};
    };
    const outbox = new Outbox(context(), 'd');
    outbox.start();
    outbox.add({ ...delivery, deadLetterArn: queueArn });
    await waitUntilEmpty();
    expect(calls.map((call) => call.operation)).toEqual(['lambda:Invoke', 'sqs:SendMessage']);
    expect(calls[1]?.input).toMatchObject({
      QueueUrl: 'dead',
      MessageBody: '{"n":1}',
      MessageAttributes: { ERROR_CODE: { StringValue: 'ResourceNotFoundException' } },
    });
    await outbox.stop();
  });

  it('gives up after as many retries as it may', async () => {
    answer = () => {
      throw new Error('always');
    };
    const outbox = new Outbox(context(), 'd');
    outbox.start();
    outbox.add({ ...delivery, retry: { attempts: 1, ageSeconds: 60 } });
    await waitUntilEmpty();
    expect(calls).toHaveLength(2);
    await outbox.stop();
  });

  it('starts nothing after it was stopped', async () => {
    const outbox = new Outbox(context(), 'd');
    outbox.start();
    outbox.add(delivery);
    await waitFor(1);
    await outbox.stop();
    outbox.add(delivery);
    await new Promise((resolve) => setImmediate(resolve));
    expect(calls).toHaveLength(1);
    expect(pending()).toBe(1);
  });
});

describe('targetOfArn', () => {
  it.each([
    ['arn:aws:lambda:us-east-1:123456789012:function:f', 'function'],
    ['arn:aws:lambda:us-east-1:123456789012:function:f:live', 'function'],
    ['arn:aws:sqs:us-east-1:123456789012:q', 'queue'],
    ['arn:aws:sns:us-east-1:123456789012:t', 'topic'],
    ['arn:aws:states:us-east-1:123456789012:stateMachine:wf--1', 'state-machine'],
    ['arn:aws:states:us-east-1:123456789012:execution:wf:x', undefined],
    ['arn:aws:kinesis:us-east-1:123456789012:stream/s', undefined],
    ['q', undefined],
  ])('takes %s for a %s', (arn, kind) => {
    expect(targetOfArn(arn)?.kind).toBe(kind);
  });
});
