import {
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  DeleteComputeEnvironmentCommand,
  DeleteJobQueueCommand,
  DescribeComputeEnvironmentsCommand,
  DescribeJobQueuesCommand,
  DescribeSchedulingPoliciesCommand,
  ListSchedulingPoliciesCommand,
  UpdateComputeEnvironmentCommand,
  UpdateJobQueueCommand,
} from '@aws-sdk/client-batch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BatchWorld } from './batch-world.js';

describe('job queues, compute environments and scheduling policies', () => {
  let world: BatchWorld;
  beforeAll(async () => {
    world = await BatchWorld.start();
  });
  afterAll(() => world.end());

  it('are recorded and described', async () => {
    const { jobQueues } = await world.batch.send(new DescribeJobQueuesCommand({ jobQueues: ['queue', 'no-such'] }));
    expect(jobQueues).toEqual([
      expect.objectContaining({
        jobQueueArn: 'arn:aws:batch:us-east-1:123456789012:job-queue/queue',
        state: 'ENABLED',
        status: 'VALID',
        priority: 1,
        computeEnvironmentOrder: [
          { order: 1, computeEnvironment: 'arn:aws:batch:us-east-1:123456789012:compute-environment/machine' },
        ],
      }),
    ]);
    const { schedulingPolicies } = await world.batch.send(new ListSchedulingPoliciesCommand({}));
    const arns = schedulingPolicies?.map(({ arn }) => arn ?? '') ?? [];
    const described = await world.batch.send(new DescribeSchedulingPoliciesCommand({ arns }));
    expect(described.schedulingPolicies?.[0]).toMatchObject({ name: 'fair' });
  });

  it('must refer to what exists, and exist once', async () => {
    const queue = (jobQueueName: string, computeEnvironment: string) =>
      world.batch.send(
        new CreateJobQueueCommand({
          jobQueueName,
          priority: 1,
          computeEnvironmentOrder: [{ order: 1, computeEnvironment }],
        }),
      );
    await expect(queue('other', 'no-such')).rejects.toMatchObject({ message: 'no-such does not exist' });
    await expect(queue('queue', 'machine')).rejects.toMatchObject({ message: 'Object already exists' });
  });

  it('are deleted in the order that AWS demands', async () => {
    const { batch } = world;
    await batch.send(new CreateComputeEnvironmentCommand({ computeEnvironmentName: 'old', type: 'UNMANAGED' }));
    await batch.send(
      new CreateJobQueueCommand({
        jobQueueName: 'old',
        priority: 1,
        computeEnvironmentOrder: [{ order: 1, computeEnvironment: 'old' }],
      }),
    );
    const deleteEnvironment = () => batch.send(new DeleteComputeEnvironmentCommand({ computeEnvironment: 'old' }));
    const deleteQueue = () => batch.send(new DeleteJobQueueCommand({ jobQueue: 'old' }));
    await expect(deleteEnvironment()).rejects.toMatchObject({ message: 'Cannot delete, state must be DISABLED' });
    await batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment: 'old', state: 'DISABLED' }));
    await expect(deleteEnvironment()).rejects.toMatchObject({
      message: 'Cannot delete, found existing JobQueue relationship',
    });
    await expect(deleteQueue()).rejects.toMatchObject({ message: 'Cannot delete, state must be DISABLED' });
    await batch.send(new UpdateJobQueueCommand({ jobQueue: 'old', state: 'DISABLED' }));
    const waiting = world.submit('true', { job: { jobQueue: 'old' } });
    await expect(waiting).rejects.toMatchObject({ message: expect.stringContaining('DISABLED') });
    await deleteQueue();
    await deleteEnvironment();
    const { computeEnvironments } = await batch.send(new DescribeComputeEnvironmentsCommand({}));
    expect(computeEnvironments?.map(({ computeEnvironmentName }) => computeEnvironmentName)).toEqual(['machine']);
  });
});
