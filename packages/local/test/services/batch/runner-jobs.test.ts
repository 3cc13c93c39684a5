import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repositoryBaseName } from '../../../src/services/batch/launch.js';
import { BatchWorld } from './batch-world.js';
import { submitRunnerJob } from './runner-job.js';

describe('a job of the bclaw runner', () => {
  let world: BatchWorld;
  let s3: S3Client;
  beforeAll(async () => {
    world = await BatchWorld.start();
    s3 = new S3Client({
      endpoint: world.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await s3.send(new CreateBucketCommand({ Bucket: 'data' }));
    const Body = JSON.stringify({ job: { name: 'lambda' }, scatter: {}, parent: {} });
    await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'repo/_JOB_DATA_', Body }));
  });
  afterAll(async () => {
    s3.destroy();
    await world.end();
  });

  const submit = (commands: readonly string[]) => submitRunnerJob(world, commands);

  it('runs its commands on this machine, between S3 and the log', async () => {
    const { status, container } = await world.finished(await submit(['echo hello ${job.name} | tee out.txt']));
    expect(status).toBe('SUCCEEDED');
    expect(await world.log(container?.logStreamName)).toContain('user| hello lambda');
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'data', Key: 'repo/out.txt' }));
    expect(await Body?.transformToString()).toBe('hello lambda\n');
  });

  it("fails with the commands' exit code", async () => {
    const { status, container } = await world.finished(await submit(['exit 9']));
    expect({ status, exitCode: container?.exitCode }).toEqual({ status: 'FAILED', exitCode: 9 });
  });

  it.each([
    ['bclaw-runner', 'bclaw-runner'],
    ['123456789012.dkr.ecr.us-east-1.amazonaws.com/bclaw-runner:1.2', 'bclaw-runner'],
    ['localhost:5000/x/bclaw-runner@sha256:abc', 'bclaw-runner'],
    ['my/bclaw-runner-of-mine:1', 'bclaw-runner-of-mine'],
  ])('is told by its image: %s', (image, name) => {
    expect(repositoryBaseName(image)).toBe(name);
  });
});
