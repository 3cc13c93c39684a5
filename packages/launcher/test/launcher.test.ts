import type { LaunchPayload } from '@bclaw/spec';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLauncher, type LaunchLogEntry, LaunchRefused } from '../src/index.js';
import { Account, bucket, invocation, objectCreated } from './engine.js';

let account: Account;
const log: LaunchLogEntry[] = [];

beforeAll(async () => {
  account = await Account.open();
});
afterAll(() => account.close());

/** A launcher of a workflow, with the configuration of its function. */
const launcher = (workflow: string, versioned = true) =>
  createLauncher({ ...account.clients(), config: { workflow, versioned }, log: (entry) => log.push(entry) });

describe('the launcher of a versioned workflow', () => {
  it('starts the state machine of the version that was invoked, with the job file at its S3 version', async () => {
    await account.createStateMachine('alpha--1');
    await account.createStateMachine('alpha--2');
    const result = await launcher('alpha')(
      objectCreated('alpha/run 7.json', '3sL4kqtJlcpXro'),
      invocation('alpha', '2'),
    );
    expect(result).toEqual({
      outcome: 'started',
      jobFile: { bucket, key: 'alpha/run 7.json', version: '3sL4kqtJlcpXro' },
      version: '2',
      executionName: 'run-7_3sL4kqtJ',
      executionArn: 'arn:aws:states:us-east-1:123456789012:execution:alpha--2:run-7_3sL4kqtJ',
    });
    expect(await account.executions('run-7')).toEqual(['alpha--2/run-7_3sL4kqtJ']);
    const payload: LaunchPayload = {
      job_file: { bucket, key: 'alpha/run 7.json', version: '3sL4kqtJlcpXro' },
      index: 'main',
    };
    expect(await account.inputOf('arn:aws:states:us-east-1:123456789012:execution:alpha--2:run-7_3sL4kqtJ')).toEqual(
      payload,
    );
  });

  it('does the same for an event that went through an input transformer', async () => {
    await account.createStateMachine('beta--1');
    const event = { bucket, key: 'beta/job.json', version: 'abcdefghij' };
    expect(await launcher('beta')(event, invocation('beta', '1'))).toMatchObject({ executionName: 'job_abcdefgh' });
  });

  it('ignores folder markers', async () => {
    const result = await launcher('alpha')(objectCreated('alpha/2026/', 'v1'), invocation('alpha', '1'));
    expect(result).toMatchObject({ outcome: 'ignored' });
    expect(await account.executions('2026')).toEqual([]);
  });

  it('refuses $LATEST, which no state machine belongs to', async () => {
    const launched = launcher('alpha')(objectCreated('alpha/latest.json', 'v1'), invocation('alpha', '$LATEST'));
    await expect(launched).rejects.toThrow(LaunchRefused);
    await expect(launched).rejects.toThrow('Invoke the alias "live", or a version by its number.');
  });

  it('starts no version that a key asks for, and says how to get there', async () => {
    await account.createStateMachine('delta--1');
    await account.createStateMachine('delta--2');
    const deliver = (key: string) => launcher('delta')(objectCreated(key, 'v1'), invocation('delta', '2'));
    await expect(deliver('delta:1/batch/old.json')).rejects.toThrow(
      'Job files go to the live version, and delta:1/batch/old.json asks for "1". Copy the job file to delta/batch/old.json. To run it on version 1, roll back first: `bclaw rollback delta --to 1`, or `aws lambda update-alias --function-name delta-launcher --name live --function-version 1`.',
    );
    await expect(deliver('delta:prod/x.json')).rejects.toThrow('`bclaw versions delta` lists the versions.');
    expect(await account.executions('batch-old')).toEqual([]);
    expect(await deliver('delta:live/new.json')).toMatchObject({ version: '2', executionName: 'new_v1' });
  });

  it('fails, so that Lambda tries again, when its state machine does not exist', async () => {
    const launched = launcher('alpha')(objectCreated('alpha/nowhere.json', 'v1'), invocation('alpha', '9'));
    await expect(launched).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
  });

  it('takes a repeated event of a running job for what it is', async () => {
    await account.createStateMachine('gamma--1', 'long');
    const deliver = () => launcher('gamma')(objectCreated('gamma/a.json', 'v1'), invocation('gamma', '1'));
    const first = await deliver();
    expect(await deliver()).toEqual({ ...first, outcome: 'duplicate' });
    expect(await account.executions('a_')).toEqual(['gamma--1/a_v1']);
  });

  it('refuses a job whose name belongs to another', async () => {
    await launcher('gamma')(objectCreated('gamma/a b.json', 'v2'), invocation('gamma', '1'));
    const other = launcher('gamma')(objectCreated('gamma/a-b.json', 'v2'), invocation('gamma', '1'));
    await expect(other).rejects.toThrow(
      'The launch record __launches__/gamma/a-b_v2.json belongs to another job file, gamma/a b.json. Upload gamma/a-b.json under another name.',
    );
  });

  it('writes one entry per event to its log', async () => {
    log.length = 0;
    await launcher('alpha')(objectCreated('alpha/logged.json', 'v1'), invocation('alpha', '1'));
    await launcher('alpha')({ nonsense: true }, invocation('alpha', '1')).catch(() => undefined);
    expect(log).toMatchObject([
      { level: 'info', workflow: 'alpha', functionVersion: '1', outcome: 'started', executionName: 'logged_v1' },
      { level: 'error', workflow: 'alpha', functionVersion: '1', outcome: 'failed', error: 'LaunchRefused' },
    ]);
  });
});

describe('the launcher of an unversioned workflow', () => {
  const deliver = (key: string, version: string) =>
    launcher('plain', false)(objectCreated(key, version), invocation('plain', '$LATEST'));

  it('starts the one state machine, whatever version was invoked', async () => {
    await account.createStateMachine('plain', 'short');
    const result = await deliver('plain/job.json', 'v1');
    expect(result).toMatchObject({ outcome: 'started', executionName: 'job_v1' });
    expect(result).not.toHaveProperty('version');
  });

  it('has no versions, and says so to a key that asks for one', async () => {
    await expect(deliver('plain:1/x.json', 'v1')).rejects.toThrow(
      '"plain" has no versions, and plain:1/x.json asks for one. Copy the job file to plain/x.json.',
    );
  });

  it('takes a repeated event of a job that has ended for what it is', async () => {
    const first = await deliver('plain/again.json', 'v1');
    if (!('executionArn' in first)) throw new Error('not started');
    await account.ended(first.executionArn);
    expect(await deliver('plain/again.json', 'v1')).toEqual({ ...first, outcome: 'duplicate' });
    expect(await account.executions('again')).toHaveLength(1);
  });

  it('refuses a job whose name belongs to another', async () => {
    await deliver('plain/x y.json', 'v1');
    await expect(deliver('plain/x-y.json', 'v1')).rejects.toThrow(
      'The execution "x-y_v1" exists already and belongs to another job file. Upload plain/x-y.json under another name.',
    );
  });
});
