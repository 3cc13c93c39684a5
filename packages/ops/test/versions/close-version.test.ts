import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from 'vitest';
import { deploy, listVersions, promote, prune, rollback } from '../../src/index.js';
import { closeStateMachine, retireLauncherVersion } from '../../src/versions/close-version.js';
import { template, useEngine } from '../engine.js';

const engine = useEngine();
const machine = (workflow: string, version: number) =>
  `arn:aws:states:us-east-1:123456789012:stateMachine:${workflow}--${version}`;

async function deployed(workflow: string, versions: number): Promise<void> {
  for (let number = 1; number <= versions; number += 1) {
    await deploy(engine.clients, { workflow, template: template(`echo ${number}; sleep 600`) });
  }
}

const launcherBucket = 'bayerclaw2-launcher-123456789012';
const jobFile = { Bucket: launcherBucket, Key: 'elsewhere/job.json' };

/** Starts a job that does not end on its own. */
async function start(stateMachineArn: string) {
  const { VersionId: version } = await engine.clients.s3.send(new PutObjectCommand({ ...jobFile, Body: '{"id":"1"}' }));
  return engine.clients.sfn.send(
    new StartExecutionCommand({
      stateMachineArn,
      input: JSON.stringify({ job_file: { bucket: launcherBucket, key: jobFile.Key, version }, index: 'main' }),
    }),
  );
}

beforeAll(async () => {
  await engine.clients.s3.send(new CreateBucketCommand({ Bucket: 'ops-test-data' }));
});

describe('a version that is about to be deleted', () => {
  it('can not go live any more, and one that is live can not be deleted', async () => {
    await deployed('guarded', 3);
    expect(await retireLauncherVersion(engine.clients, 'guarded', 3)).toBe('live');
    expect(await retireLauncherVersion(engine.clients, 'guarded', 2)).toBe('retired');
    expect(await retireLauncherVersion(engine.clients, 'guarded', 2)).toBe('retired');
    await expect(promote(engine.clients, { workflow: 'guarded', to: 2 })).rejects.toMatchObject({
      code: 'no-such-version',
    });
    expect((await rollback(engine.clients, { workflow: 'guarded' })).to).toBe(1);
  });

  it('starts nothing any more, while what runs goes on', async () => {
    await deployed('closed', 2);
    const { executionArn } = await start(`${machine('closed', 1)}:1`);
    await closeStateMachine(engine.clients, machine('closed', 1));
    await closeStateMachine(engine.clients, machine('closed', 1));
    await expect(start(`${machine('closed', 1)}:1`)).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    const { versions } = await listVersions(engine.clients, { workflow: 'closed' });
    expect(versions[1]).toMatchObject({ version: 1, healthy: false, stateMachine: { status: 'closed' } });
    await expect(rollback(engine.clients, { workflow: 'closed', to: 1 })).rejects.toMatchObject({
      code: 'unhealthy-version',
      message: expect.stringContaining('was closed to new jobs'),
    });
    const { status } = await engine.clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(status).toBe('RUNNING');
  });
});

describe('prune while others act', () => {
  it('leaves a version that somebody makes live after it was looked at', async () => {
    await deployed('raced', 3);
    let moving: Promise<'moved' | 'refused'> | undefined;
    const { kept } = await prune(engine.clients, {
      workflow: 'raced',
      keep: 1,
      settleMs: 0,
      onDelete: (version) => {
        // Version 1 is being deleted; version 2 does not exist yet.
        if (version !== 1) return;
        moving = promote(engine.clients, { workflow: 'raced', to: 2 }).then(
          () => 'moved' as const,
          () => 'refused' as const,
        );
      },
    });
    const isMoved = (await moving) === 'moved';
    const { versions } = await listVersions(engine.clients, { workflow: 'raced' });
    expect(versions.find((row) => row.live)).toMatchObject({ healthy: true, version: isMoved ? 2 : 3 });
    if (isMoved) expect(kept).toContainEqual(expect.objectContaining({ version: 2, because: 'live' }));
  });

  it('and a rollback at the same moment: one of them wins, and live is whole', async () => {
    for (let round = 0; round < 4; round += 1) {
      const workflow = `moment-${round}`;
      await deployed(workflow, 3);
      const [pruning, moving] = await Promise.allSettled([
        prune(engine.clients, { workflow, keep: 1, settleMs: 0 }),
        rollback(engine.clients, { workflow, to: 2 }),
      ]);
      expect(pruning.status).toBe('fulfilled');
      const { live, versions } = await listVersions(engine.clients, { workflow });
      expect(live?.version).toBe(moving.status === 'fulfilled' ? 2 : 3);
      expect(versions.find((row) => row.live)).toMatchObject({ healthy: true });
    }
  });

  it('leaves a version on which a job starts after it was looked at', async () => {
    await deployed('late', 3);
    // The launcher of version 1 is deleted before its state machine is closed: an invocation in progress starts a job
    // now.
    await engine.clients.lambda.send(new DeleteFunctionCommand({ FunctionName: 'late-launcher', Qualifier: '1' }));
    const { executionArn } = await start(`${machine('late', 1)}:1`);
    const { pruned, kept } = await prune(engine.clients, { workflow: 'late', keep: 1, settleMs: 0 });
    expect(pruned.map(({ version }) => version)).toEqual([2]);
    expect(kept).toContainEqual({ version: 1, because: 'running', detail: '1 execution is running' });
    const { status } = await engine.clients.sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(status).toBe('RUNNING');
  });
});
