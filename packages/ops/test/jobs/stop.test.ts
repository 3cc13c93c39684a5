import { DescribeJobsCommand } from '@aws-sdk/client-batch';
import { beforeAll, describe, expect, it } from 'vitest';
import { deploy, ensureBucket, readStatus, redrive, stop, submit, waitForEnd, waitForLaunch } from '../../src/index.js';
import { template, useEngine } from '../engine.js';

const engine = useEngine();

/** Starts a job and returns its execution's ARN. */
async function start(workflow: string, data: object): Promise<string> {
  const files = [{ name: 'job.json', body: JSON.stringify(data) }];
  const [job] = await submit(engine.clients, { workflow, files });
  const { executionArn } = await waitForLaunch(engine.clients, { workflow, executionName: job?.executionName ?? '' });
  return executionArn;
}

const jobIds = async (execution: string) =>
  (await readStatus(engine.clients, { execution })).steps.flatMap((step) => step.jobIds);

beforeAll(async () => {
  await ensureBucket(engine.clients, 'ops-test-data');
});

describe('a running job that is stopped', () => {
  it('ends with its cause and its Batch job, and can be redriven', async () => {
    await deploy(engine.clients, { workflow: 'slow', template: template('test -e /tmp || exit 1; sleep 600') });
    const execution = await start('slow', { id: 'slow' });
    await expect.poll(() => jobIds(execution)).toHaveLength(1);
    const stopped = await stop(engine.clients, { execution, cause: 'wrong reference genome' });
    expect(stopped).toMatchObject({
      workflow: 'slow',
      version: 1,
      arn: execution,
      cause: 'wrong reference genome',
      stoppedJobs: 1,
    });
    const status = await readStatus(engine.clients, { execution });
    expect(status).toMatchObject({ status: 'ABORTED', failure: { step: 'only', reason: 'wrong reference genome' } });
    const { jobs } = await engine.clients.batch.send(new DescribeJobsCommand({ jobs: await jobIds(execution) }));
    expect(jobs?.map((job) => job.status)).toEqual(['FAILED']);
    await expect(stop(engine.clients, { execution })).rejects.toMatchObject({
      code: 'not-running',
      message: expect.stringContaining('it is ABORTED'),
    });
    await redrive(engine.clients, { execution });
    expect((await readStatus(engine.clients, { execution })).status).toBe('RUNNING');
    await stop(engine.clients, { execution });
  });

  it('ends with the jobs of its branches and of its subpipes', async () => {
    const scatter = `
Transform: BC2_Compiler
Repository: s3://ops-test-data/\${job.id}
Options: {versioned: true}
Steps:
  - lanes:
      scatter: {lane: [1, 2, 3]}
      steps:
        - align: {image: 'registry.example.org/x:1.0', inputs: {}, commands: 'sleep 600'}
`;
    const parent = `
Transform: BC2_Compiler
Repository: s3://ops-test-data/\${job.id}
Options: {versioned: true}
Steps:
  - sub: {subpipe: scattered}
`;
    await deploy(engine.clients, { workflow: 'scattered', template: scatter });
    await deploy(engine.clients, { workflow: 'outer', template: parent });
    const execution = await start('outer', { id: 'sub' });
    const running = async () => {
      const [sub] = (await readStatus(engine.clients, { execution })).steps.filter((step) => step.executionArn);
      if (sub?.executionArn === undefined) return 0;
      const { steps } = await readStatus(engine.clients, { execution: sub.executionArn });
      return steps.find(({ branches }) => branches !== undefined)?.branches?.running ?? 0;
    };
    await expect.poll(running).toBe(3);
    const { stoppedJobs } = await stop(engine.clients, { execution });
    // A branch may have been stopped before it submitted its job.
    expect(stoppedJobs).toBeLessThanOrEqual(3);
    expect(await running()).toBe(0);
    expect((await waitForEnd(engine.clients, { execution })).status).toBe('ABORTED');
  });
});
