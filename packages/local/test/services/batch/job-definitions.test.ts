import {
  DeregisterJobDefinitionCommand,
  DescribeJobDefinitionsCommand,
  type DescribeJobDefinitionsCommandInput,
  ListTagsForResourceCommand,
  RegisterJobDefinitionCommand,
  SubmitJobCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-batch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BatchWorld } from './batch-world.js';

describe('job definitions', () => {
  let world: BatchWorld;
  beforeAll(async () => {
    world = await BatchWorld.start();
  });
  afterAll(() => world.end());

  const register = (jobDefinitionName: string, tags: Record<string, string> = {}) =>
    world.batch.send(
      new RegisterJobDefinitionCommand({
        jobDefinitionName,
        type: 'container',
        containerProperties: { image: 'busybox', command: ['true'] },
        tags,
      }),
    );
  const deregister = (jobDefinition: string) => world.batch.send(new DeregisterJobDefinitionCommand({ jobDefinition }));
  const submit = (jobDefinition: string) =>
    world.batch.send(new SubmitJobCommand({ jobName: 'j', jobQueue: 'queue', jobDefinition }));

  it.each([
    ['an asterisk in the middle', { attempts: 2, evaluateOnExit: [{ action: 'EXIT', onStatusReason: 'Host*EC2' }] }],
    ['letters in an exit code', { attempts: 2, evaluateOnExit: [{ action: 'EXIT', onExitCode: '1x' }] }],
    ['a sign that no pattern has', { attempts: 2, evaluateOnExit: [{ action: 'EXIT', onReason: '(instance)' }] }],
    ['a long pattern', { attempts: 2, evaluateOnExit: [{ action: 'EXIT', onReason: 'a'.repeat(513) }] }],
    ['six conditions', { attempts: 2, evaluateOnExit: Array(6).fill({ action: 'EXIT', onExitCode: '1' }) }],
    ['conditions without attempts', { evaluateOnExit: [{ action: 'EXIT', onExitCode: '1' }] }],
    ['eleven attempts', { attempts: 11 }],
  ] as const)('refuse a retry strategy with %s, as Batch does', async (_what, retryStrategy) => {
    const command = new RegisterJobDefinitionCommand({
      jobDefinitionName: 'retries',
      type: 'container',
      containerProperties: { image: 'busybox', command: ['true'] },
      retryStrategy: {
        ...retryStrategy,
        evaluateOnExit: [...('evaluateOnExit' in retryStrategy ? retryStrategy.evaluateOnExit : [])],
      },
    });
    await expect(world.batch.send(command)).rejects.toMatchObject({ name: 'ClientException' });
  });

  it('count their revisions, and never use one again', async () => {
    expect(await register('wf-a--1')).toMatchObject({
      revision: 1,
      jobDefinitionArn: 'arn:aws:batch:us-east-1:123456789012:job-definition/wf-a--1:1',
    });
    expect((await register('wf-a--1')).revision).toBe(2);
    await deregister('wf-a--1:2');
    expect((await register('wf-a--1')).revision).toBe(3);
  });

  it('are found by name, status and list, newest first, page by page', async () => {
    for (let index = 0; index < 5; index += 1) await register('pages');
    await deregister('pages:2');
    const describeAll = (input: DescribeJobDefinitionsCommandInput) =>
      world.batch.send(new DescribeJobDefinitionsCommand(input));
    const first = await describeAll({ jobDefinitionName: 'pages', status: 'ACTIVE', maxResults: 3 });
    expect(first.jobDefinitions?.map(({ revision }) => revision)).toEqual([5, 4, 3]);
    const second = await describeAll({
      jobDefinitionName: 'pages',
      status: 'ACTIVE',
      maxResults: 3,
      ...(first.nextToken === undefined ? {} : { nextToken: first.nextToken }),
    });
    expect(second.jobDefinitions?.map(({ revision }) => revision)).toEqual([1]);
    expect(second.nextToken).toBeUndefined();
    const inactive = await describeAll({
      jobDefinitions: ['arn:aws:batch:us-east-1:123456789012:job-definition/pages:2', 'pages:9'],
    });
    expect(inactive.jobDefinitions).toEqual([expect.objectContaining({ revision: 2, status: 'INACTIVE' })]);
  });

  it('are the latest active revision when a job names no revision', async () => {
    await register('latest');
    await register('latest');
    await deregister('latest:2');
    const { jobId } = await submit('latest');
    expect((await world.describe(jobId ?? '')).jobDefinition).toMatch(/latest:1$/);
  });

  it.each([
    ['gone', 'JobDefinition name gone does not exist or is not in ACTIVE status'],
    ['once:1', 'JobDefinition arn:aws:batch:us-east-1:123456789012:job-definition/once:1 is not in ACTIVE status'],
    ['once:7', 'JobDefinition arn:aws:batch:us-east-1:123456789012:job-definition/once:7 not found.'],
  ])("refuse a job of %s in AWS's words", async (reference, message) => {
    if (reference === 'once:1') {
      await register('once');
      await deregister('once:1');
    }
    await expect(submit(reference)).rejects.toMatchObject({ name: 'ClientException', message });
  });

  it('refuse names that AWS refuses, and what the engine does not have', async () => {
    await expect(register('no spaces')).rejects.toMatchObject({ name: 'ClientException' });
    await expect(
      world.batch.send(new RegisterJobDefinitionCommand({ jobDefinitionName: 'm', type: 'multinode' })),
    ).rejects.toMatchObject({ message: expect.stringContaining('embedded engine') });
    await expect(
      world.batch.send(
        new RegisterJobDefinitionCommand({
          jobDefinitionName: 't',
          type: 'container',
          containerProperties: { image: 'x' },
          timeout: { attemptDurationSeconds: 59 },
        }),
      ),
    ).rejects.toMatchObject({ name: 'ClientException', message: expect.stringContaining('attemptDurationSeconds') });
  });

  it('carry tags', async () => {
    const { jobDefinitionArn } = await register('tagged', { a: '1', b: '2' });
    const resourceArn = jobDefinitionArn ?? '';
    await world.batch.send(new TagResourceCommand({ resourceArn, tags: { c: '3' } }));
    await world.batch.send(new UntagResourceCommand({ resourceArn, tagKeys: ['a', 'b'] }));
    expect((await world.batch.send(new ListTagsForResourceCommand({ resourceArn }))).tags).toEqual({ c: '3' });
  });
});
