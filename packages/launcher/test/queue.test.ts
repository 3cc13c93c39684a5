import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLauncher, type Launcher } from '../src/index.js';
import { longestWaitMs, waitSeconds } from '../src/queue/waiting.js';
import { Account, type Fault, invocation, objectCreated } from './engine.js';

let account: Account;
beforeAll(async () => {
  account = await Account.open();
});
afterAll(() => account.close());

/** A launcher that gets the messages of a queue of its own. */
async function world(workflow: string) {
  const [launches, letters] = await Promise.all([
    account.createQueue(`${workflow}-launches`),
    account.createQueue(`${workflow}-letters`),
  ]);
  await Promise.all(['1', '2'].map((version) => account.createStateMachine(`${workflow}--${version}`)));
  const launcher = (fault?: Fault): Launcher =>
    createLauncher({
      ...account.clients(fault),
      sqs: account.sqs,
      config: { workflow, versioned: true, deadLetterQueueArn: letters.arn },
      log: () => undefined,
    });
  return {
    launches,
    letters,
    put: (...bodies: readonly unknown[]) =>
      Promise.all(bodies.map((body) => account.send(launches, typeof body === 'string' ? body : JSON.stringify(body)))),
    /** Invokes a version with what is in the queue, as Lambda does: what is not reported as failed is deleted. */
    async invoke(
      version: string,
      fault?: Fault,
      change: (records: readonly object[]) => readonly object[] = (same) => same,
    ) {
      const records = await account.receive(launches);
      const answer = await launcher(fault)({ Records: change(records) }, invocation(workflow, version));
      if (!('batchItemFailures' in answer)) throw new Error('not the answer to a batch');
      const failed = answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      await account.remove(
        launches,
        records.filter(({ messageId }) => !failed.includes(messageId)),
      );
      return { received: records.length, failed: failed.length };
    },
    counts: async () => {
      const { Attributes = {} } = await account.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: launches.url, AttributeNames: ['All'] }),
      );
      return {
        visible: Number(Attributes['ApproximateNumberOfMessages']),
        hidden: Number(Attributes['ApproximateNumberOfMessagesNotVisible']),
        delayed: Number(Attributes['ApproximateNumberOfMessagesDelayed']),
      };
    },
  };
}

const jobFile = (workflow: string, name: string) => objectCreated(`${workflow}/${name}.json`, 'v1');

describe('job files that come through a queue', () => {
  it('are launched, and their messages are done with', async () => {
    const { put, invoke, counts } = await world('batch');
    await put(jobFile('batch', 'a'), jobFile('batch', 'b'), jobFile('batch', 'folder/'));
    expect(await invoke('2')).toEqual({ received: 3, failed: 0 });
    expect(await account.executions('a_')).toEqual(['batch--2/a_v1']);
    expect(await account.executions('b_')).toEqual(['batch--2/b_v1']);
    expect(await counts()).toEqual({ visible: 0, hidden: 0, delayed: 0 });
  });

  it('wait while AWS throttles, and run on the version that is invoked then', async () => {
    const { put, invoke, counts, letters } = await world('throttled');
    await put(jobFile('throttled', 'waits'));
    expect(await invoke('2', { call: 0, when: 'throttled' })).toEqual({ received: 1, failed: 1 });
    expect(await counts()).toEqual({ visible: 0, hidden: 1, delayed: 0 });
    expect(await account.executions('waits_')).toEqual([]);
    // Two seconds at most: half an hour is for those that have been throttled a hundred times.
    await expect.poll(async () => (await counts()).visible).toBe(1);
    expect(await invoke('1')).toEqual({ received: 1, failed: 0 });
    expect(await account.executions('waits_')).toEqual(['throttled--1/waits_v1']);
    expect(await account.receive(letters)).toEqual([]);
  });

  it('stay with their version when nobody knows whether it has started them', async () => {
    const { put, invoke, counts } = await world('unknown');
    await put(jobFile('unknown', 'job'));
    // Calls: 0 claims, 1 starts; its answer does not come.
    expect(await invoke('2', { call: 1, when: 'lost' })).toEqual({ received: 1, failed: 1 });
    await expect.poll(async () => (await counts()).visible).toBe(1);
    expect(await invoke('1')).toEqual({ received: 1, failed: 0 });
    expect(await account.executions('job_')).toEqual(['unknown--2/job_v1']);
  });

  it('become dead letters after three tries that fail for another reason', async () => {
    const { put, invoke, counts, letters } = await world('failing');
    await put(jobFile('failing', 'ok'), 'no JSON', { hello: 'world' });
    for (const [delayed, failed] of [
      [2, 0],
      [2, 0],
      [0, 0],
    ]) {
      await expect.poll(async () => (await counts()).visible).toBeGreaterThan(1);
      expect(await invoke('1')).toMatchObject({ failed });
      expect(await counts()).toEqual({ visible: 0, hidden: 0, delayed });
    }
    const records = (await account.receive(letters)).map(({ body }) => JSON.parse(body));
    expect(records.map(({ requestPayload }) => requestPayload)).toEqual(
      expect.arrayContaining(['no JSON', { hello: 'world' }]),
    );
    expect(records[0]).toMatchObject({
      version: '1.0',
      requestContext: {
        functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:failing-launcher:live',
        condition: 'RetriesExhausted',
        approximateInvokeCount: 3,
      },
      responseContext: { executedVersion: '1', functionError: 'Unhandled' },
      responsePayload: { errorType: 'LaunchRefused', errorMessage: expect.stringContaining('Object Created') },
    });
    expect(await account.executions('ok_')).toEqual(['failing--1/ok_v1']);
  });

  it('become dead letters when AWS has throttled them for 13 days', async () => {
    const { put, invoke, counts, letters } = await world('old');
    await put(jobFile('old', 'job'));
    const aged = (records: readonly object[]) =>
      records.map((record) => ({
        ...record,
        attributes: { ApproximateReceiveCount: '700', SentTimestamp: String(Date.now() - longestWaitMs) },
      }));
    expect(await invoke('1', { call: 0, when: 'throttled' }, aged)).toEqual({ received: 1, failed: 0 });
    const [letter] = await account.receive(letters);
    expect(JSON.parse(letter?.body ?? '')).toMatchObject({
      requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 700 },
      requestPayload: jobFile('old', 'job'),
      responsePayload: { errorType: 'ThrottlingException', errorMessage: 'Rate exceeded' },
    });
    expect(await counts()).toEqual({ visible: 0, hidden: 0, delayed: 0 });
  });

  it('are refused by a launcher that has no queue of its own', async () => {
    const { launches, put } = await world('without');
    await put(jobFile('without', 'job'));
    const launcher = createLauncher({
      ...account.clients(),
      config: { workflow: 'without', versioned: true },
      log: () => undefined,
    });
    const records = await account.receive(launches);
    await expect(launcher({ Records: records }, invocation('without', '1'))).rejects.toMatchObject({
      name: 'LaunchRefused',
    });
  });
});

describe('an event that comes without a queue', () => {
  it('is tried again when AWS throttles its launch', async () => {
    await account.createStateMachine('direct--1');
    const launcher = createLauncher({
      ...account.clients({ call: 0, when: 'throttled' }),
      config: { workflow: 'direct', versioned: true },
      log: () => undefined,
    });
    const launched = await launcher(jobFile('direct', 'job'), invocation('direct', '1'));
    expect(launched).toMatchObject({ outcome: 'started', executionName: 'job_v1' });
  });
});

describe('the wait of a throttled message', () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

  it('grows to two minutes, and to half an hour after a hundred receives', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), random, (receives, chance) => {
        const most = receives > 100 ? 1800 : Math.min(120, 2 ** receives);
        const seconds = waitSeconds(receives, chance);
        expect(seconds).toBeGreaterThanOrEqual(most / 2);
        expect(seconds).toBeLessThanOrEqual(most);
        expect(Number.isInteger(seconds)).toBe(true);
      }),
    );
  });

  it('takes a message through 13 days in fewer receives than the queue allows, whatever the chance', () => {
    fc.assert(
      fc.property(fc.array(random, { minLength: 1, maxLength: 100 }), (chances) => {
        let waited = 0;
        let receives = 0;
        while (waited < longestWaitMs) {
          receives += 1;
          waited += waitSeconds(receives, chances[receives % chances.length] ?? 0) * 1000;
        }
        expect(receives).toBeLessThan(1000);
      }),
    );
  });
});
