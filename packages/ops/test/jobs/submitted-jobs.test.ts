import {
  CreateJobQueueCommand,
  DescribeJobQueuesCommand,
  DescribeJobsCommand,
  ListJobsCommand,
} from '@aws-sdk/client-batch';
import { beforeAll, describe, expect, it } from 'vitest';
import { deploy, ensureBucket, readText, submit, watchJobs } from '../../src/index.js';
import { useEngine } from '../engine.js';

const engine = useEngine();

const workflow = (compute: string) => `
Transform: BC2_Compiler
Repository: s3://submitted-data/\${job.id}
Options: {versioned: true}
Steps:
  - lanes:
      scatter: {lane: "\${job.lanes}"}
      steps:
        - align: {image: registry.example.org/aligner:1.0, inputs: {}, commands: "true", retry: {attempts: 0}}
  - report:
      image: registry.example.org/reporter:1.0
      inputs: {}
      commands: "true"
      compute: ${compute}
      retry: {attempts: 0}
`;

async function run(name: string, file: string) {
  const body = JSON.stringify({ id: name, lanes: [] });
  const [job] = await submit(engine.clients, { workflow: name, files: [{ name: file, body }] });
  const [ended] = await watchJobs(engine.clients, { workflow: name, executionNames: [job?.executionName ?? ''] });
  return ended;
}

async function jobsIn(jobQueue: string) {
  const { jobSummaryList = [] } = await engine.clients.batch.send(
    new ListJobsCommand({ jobQueue, filters: [{ name: 'JOB_NAME', values: ['*'] }] }),
  );
  const ids = jobSummaryList.map(({ jobId }) => jobId ?? '');
  return (await engine.clients.batch.send(new DescribeJobsCommand({ jobs: ids }))).jobs ?? [];
}

describe('the jobs of a workflow', () => {
  beforeAll(async () => {
    await ensureBucket(engine.clients, 'submitted-data');
    const { batch } = engine.clients;
    const { jobQueues = [] } = await batch.send(new DescribeJobQueuesCommand({ jobQueues: ['bayerclaw2-spot'] }));
    const computeEnvironmentOrder = jobQueues[0]?.computeEnvironmentOrder;
    await batch.send(new CreateJobQueueCommand({ jobQueueName: 'fifo', priority: 1, computeEnvironmentOrder }));
  });

  it('are none for a scatter without items, whose manifest is empty; and go to a FIFO queue without a share', async () => {
    await deploy(engine.clients, { workflow: 'fifo', template: workflow('{queue_name: fifo, fair_share: false}') });
    expect(await run('fifo', 'sample (1).json')).toMatchObject({ status: 'SUCCEEDED' });
    const manifest = await readText(engine.clients, { bucket: 'submitted-data', key: 'fifo/lanes_manifest.json' });
    expect(JSON.parse(manifest ?? '')).toEqual({});

    const [report, ...others] = await jobsIn('fifo');
    expect(others).toEqual([]);
    expect(report?.shareIdentifier).toBeUndefined();
    expect(report?.tags).toMatchObject({ 'bclaw:step': 'report', 'bclaw:jobfile': 'fifo/sample _1_.json' });
  });

  it('are refused by a FIFO queue of which the template says nothing, as by Batch', async () => {
    await deploy(engine.clients, { workflow: 'unfair', template: workflow('{queue_name: fifo}') });
    expect(await run('unfair', 'a.json')).toMatchObject({ status: 'FAILED' });
  });
});
