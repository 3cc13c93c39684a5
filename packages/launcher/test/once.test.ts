import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLauncher } from '../src/index.js';
import { Account, bucket, type Fault, invocation, objectCreated } from './engine.js';

let account: Account;

beforeAll(async () => {
  account = await Account.open();
});
afterAll(() => account.close());

/** Delivers the event of a job file to a version of the launcher, which may be killed or throttled on the way. */
function deliver(workflow: string, key: string, version: string, fault?: Fault) {
  const launcher = createLauncher({
    ...account.clients(fault),
    config: { workflow, versioned: true },
    log: () => undefined,
  });
  return launcher(objectCreated(`${workflow}/${key}`, 'v1'), invocation(workflow, version));
}

describe('a job whose event reaches two versions', () => {
  it('runs once, on the version that claimed it', async () => {
    await account.createStateMachine('two--1');
    await account.createStateMachine('two--2');
    await deliver('two', 'job.json', '1');
    expect(await deliver('two', 'job.json', '2')).toMatchObject({ outcome: 'duplicate', version: '1' });
    expect(await account.executions('job_')).toEqual(['two--1/job_v1']);
  });

  it('runs once when both are at it at the same time', async () => {
    await Promise.all(['1', '2', '1', '2'].map((version) => deliver('two', 'race.json', version)));
    expect(await account.executions('race_')).toHaveLength(1);
  });

  it('would run twice without launch records', async () => {
    const { sfn } = account.clients();
    const careless = createLauncher({ sfn, config: { workflow: 'two', versioned: true }, log: () => undefined });
    await careless(objectCreated('two/careless.json', 'v1'), invocation('two', '1'));
    await careless(objectCreated('two/careless.json', 'v1'), invocation('two', '2'));
    expect(await account.executions('careless_')).toEqual(['two--1/careless_v1', 'two--2/careless_v1']);
  });
});

describe('a launch record', () => {
  it('tells job, version and execution', async () => {
    await account.createStateMachine('record--1');
    await deliver('record', 'job.json', '1');
    expect(await account.object('__launches__/record/job_v1.json')).toEqual({
      job_file: { bucket, key: 'record/job.json', version: 'v1' },
      version: '1',
      execution: 'arn:aws:states:us-east-1:123456789012:execution:record--1:job_v1',
    });
  });

  it('of a version that was pruned before it started the job is claimed anew', async () => {
    await account.createStateMachine('pruned--1');
    await account.createStateMachine('pruned--2');
    // Calls: 0 claims, 1 starts.
    await expect(deliver('pruned', 'job.json', '1', { call: 1, when: 'before' })).rejects.toThrow('killed');
    await account.deleteStateMachine('pruned--1');
    expect(await deliver('pruned', 'job.json', '2')).toMatchObject({ outcome: 'started', version: '2' });
  });

  it('of a version that was closed, but had started the job, is completed', async () => {
    await account.createStateMachine('closed--1', 'short');
    await account.createStateMachine('closed--2');
    // Killed between starting the job and recording it.
    await expect(deliver('closed', 'job.json', '1', { call: 1, when: 'after' })).rejects.toThrow('killed');
    await account.ended('arn:aws:states:us-east-1:123456789012:execution:closed--1:job_v1');
    await account.closeStateMachine('closed--1');
    for (const version of ['1', '2', '2']) {
      expect(await deliver('closed', 'job.json', version)).toMatchObject({ outcome: 'duplicate', version: '1' });
    }
    expect(await account.executions('job_')).not.toContain('closed--2/job_v1');
  });

  it('of a version that was closed before it started the job is claimed anew', async () => {
    await account.createStateMachine('shut--1');
    await account.createStateMachine('shut--2');
    await expect(deliver('shut', 'job.json', '1', { call: 1, when: 'before' })).rejects.toThrow('killed');
    await account.closeStateMachine('shut--1');
    await expect(deliver('shut', 'job.json', '1')).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    expect(await deliver('shut', 'job.json', '2')).toMatchObject({ outcome: 'started', version: '2' });
  });

  it('of a version that was pruned after it ran the job keeps a late duplicate from running it again', async () => {
    await account.createStateMachine('late--1', 'short');
    await account.createStateMachine('late--2');
    const first = await deliver('late', 'job.json', '1');
    if (!('executionArn' in first)) throw new Error('not started');
    await account.ended(first.executionArn);
    await account.deleteStateMachine('late--1');
    expect(await deliver('late', 'job.json', '2')).toMatchObject({ outcome: 'duplicate', version: '1' });
    expect(await account.executions('job_')).not.toContain('late--2/job_v1');
  });

  it('of a bucket that does not exist is an error, not an endless wait', async () => {
    const launcher = createLauncher({
      ...account.clients(),
      config: { workflow: 'record', versioned: true },
      log: () => undefined,
    });
    const event = { bucket: 'no-such-bucket', key: 'record/job.json', version: 'v1' };
    await expect(launcher(event, invocation('record', '1'))).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});

describe('the claim of a version that AWS refused to start the job on', () => {
  it('goes to the version that tries next', async () => {
    for (const version of ['1', '2']) await account.createStateMachine(`refused--${version}`);
    const refused = deliver('refused', 'job.json', '2', { call: 0, when: 'throttled' });
    // Tried again in the same invocation.
    expect(await refused).toMatchObject({ outcome: 'started', version: '2' });
    await account.closeStateMachine('refused--2');
    await expect(deliver('refused', 'other.json', '2')).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    expect(await deliver('refused', 'other.json', '1')).toMatchObject({ outcome: 'started', version: '1' });
  });

  it('stays while another attempt may still have started it', async () => {
    for (const version of ['1', '2']) await account.createStateMachine(`shared--${version}`);
    await expect(deliver('shared', 'job.json', '2', { call: 1, when: 'before' })).rejects.toThrow('killed');
    const again = deliver('shared', 'job.json', '1', { call: 0, when: 'throttled' });
    expect(await again).toMatchObject({ outcome: 'started', version: '2' });
  });
});

describe('exactly once', () => {
  const fault = fc.option(
    fc.record({ call: fc.nat(4), when: fc.constantFrom('before', 'after', 'lost', 'throttled') }),
    { nil: undefined },
  );
  const deliveries = fc.array(fc.record({ version: fc.constantFrom('1', '2', '3'), fault }), {
    minLength: 1,
    maxLength: 5,
  });
  let round = 0;

  beforeAll(async () => {
    for (const version of ['1', '2', '3']) await account.createStateMachine(`once--${version}`);
  });

  it('holds for any deliveries to any versions, together or in turn, whichever call each dies at', async () => {
    await fc.assert(
      fc.asyncProperty(deliveries, fc.boolean(), fc.constantFrom('1', '2', '3'), async (attempts, together, last) => {
        const key = `round-${round++}.json`;
        const attempt = ({ version, fault: wrong }: (typeof attempts)[number]) =>
          deliver('once', key, version, wrong).catch((error: unknown) => {
            if (!(error instanceof Error) || !/killed|reset|Rate exceeded/.test(error.message)) throw error;
          });
        if (together) await Promise.all(attempts.map(attempt));
        else for (const one of attempts) await attempt(one);
        // EventBridge and Lambda retry until a delivery succeeds.
        const settled = await deliver('once', key, last);
        expect(await account.executions(`${key.replace('.json', '')}_`)).toEqual([
          `once--${'version' in settled ? settled.version : ''}/${key.replace('.json', '')}_v1`,
        ]);
      }),
      { numRuns: 60, seed: 20261124 },
    );
  });
});
