import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListJobsCommand, RegisterJobDefinitionCommand, SubmitJobCommand } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BatchWorld } from './batch-world.js';

describe('200 jobs at once', () => {
  let world: BatchWorld;
  beforeAll(async () => {
    world = await BatchWorld.start({ capacity: { vcpus: 8, memoryMiB: 100_000 } });
  });
  afterAll(() => world.end());

  it('all finish, each exactly once, with never more at a time than fit', async () => {
    const trace = join(world.directory, 'trace');
    await world.batch.send(
      new RegisterJobDefinitionCommand({
        jobDefinitionName: 'trace',
        type: 'container',
        containerProperties: {
          image: 'busybox',
          // One write of a short line to a file opened for appending is atomic (POSIX, write).
          command: [
            'sh',
            '-c',
            `echo + $AWS_BATCH_JOB_ID >> ${trace}; sleep 0.02; echo - $AWS_BATCH_JOB_ID >> ${trace}`,
          ],
          resourceRequirements: [
            { type: 'VCPU', value: '1' },
            { type: 'MEMORY', value: '10' },
          ],
        },
      }),
    );
    const submitted = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        world.batch.send(
          new SubmitJobCommand({
            jobName: `job-${index}`,
            jobQueue: 'shared',
            shareIdentifier: index % 2 === 0 ? 'even' : 'odd',
            schedulingPriorityOverride: 1,
            jobDefinition: 'trace',
          }),
        ),
      ),
    );
    const list = async (jobStatus: 'FAILED' | 'SUCCEEDED') =>
      (await world.batch.send(new ListJobsCommand({ jobQueue: 'shared', jobStatus }))).jobSummaryList ?? [];
    await expect.poll(async () => (await list('SUCCEEDED')).length, { interval: 100 }).toBe(200);
    expect(await list('FAILED')).toEqual([]);

    const ids = submitted.map(({ jobId }) => jobId ?? '').sort();
    const lines = readFileSync(trace, 'utf8').trim().split('\n');
    expect(
      lines
        .filter((line) => line.startsWith('+'))
        .map((line) => line.slice(2))
        .sort(),
    ).toEqual(ids);
    let running = 0;
    let most = 0;
    for (const line of lines) {
      running += line.startsWith('+') ? 1 : -1;
      most = Math.max(most, running);
    }
    expect(most).toBeLessThanOrEqual(8);
    expect(most).toBeGreaterThan(1);
    for (const id of ids.slice(0, 20))
      expect(world.published(id)).toEqual(['SUBMITTED', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED']);
  });
});
