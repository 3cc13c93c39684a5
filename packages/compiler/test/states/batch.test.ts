import { describe, expect, it } from 'vitest';
import { compileJob } from '../../src/jobs/job.js';
import { jobFrames } from '../../src/jobs/job-frame.js';
import { compileBatchStep } from '../../src/states/batch.js';
import { compiled } from '../compiled.js';
import { align, batchStep, core, sort, workflow } from '../workflows.js';

const names = { logicalId: 'AlignJobDefinition', namePart: 'align', image: align.image.name };
const state = (step: typeof align) => compiled(workflow([step])).definition.States[step.name];

describe('the state of a batch step', () => {
  it('submits the job, waits for it, and hands its outputs on', () => {
    expect(state(align)).toMatchSnapshot();
  });

  it('sends a share identifier, except to a FIFO queue, where Batch refuses it', () => {
    const { compute } = align;
    const queueName = 'mine';
    const share = ['Parameters', 'ShareIdentifier.$'];
    expect(state({ ...align, compute: { ...compute, queueName } })).toHaveProperty(share);
    expect(state({ ...align, compute: { ...compute, queueName, fairShare: false } })).not.toHaveProperty(share);
    // The core stack's own queues are all fair.
    expect(state({ ...align, compute: { ...compute, fairShare: false } })).toHaveProperty(share);
  });

  it('hands the outputs of the step before to a step without inputs of its own', () => {
    expect(state(sort)).toMatchObject({
      Parameters: { Parameters: { 'inputs.$': 'States.JsonToString($.prev_outputs)' } },
    });
    expect(state(align)).not.toHaveProperty('Parameters.Parameters.inputs.$');
  });

  it('tells where outputs are: by base name in the repository, by URI elsewhere', () => {
    const outputs = {
      plain: { file: 'a.txt', s3Tags: {} },
      nested: { file: 'out/b.txt', s3Tags: {} },
      elsewhere: { file: 'out/c*.txt', dest: 's3://archive/${job.ID}/', s3Tags: {} },
    };
    expect(state(batchStep('write', { outputs }))).toMatchObject({
      ResultSelector: { plain: 'a.txt', nested: 'b.txt', elsewhere: 's3://archive/${job.ID}/c*.txt' },
      ResultPath: '$.prev_outputs',
    });
  });

  it.each([
    ['spot', {}, core.queues.spot],
    ['on-demand', { spot: false }, core.queues.onDemand],
    ['spot GPU', { gpu: 1 }, core.queues.spotGpu],
    ['on-demand GPU', { gpu: 'all', spot: false }, core.queues.onDemandGpu],
    ['custom', { queueName: 'big' }, 'arn:aws:batch:us-east-1:123456789012:job-queue/big'],
    ['custom by ARN', { queueName: 'arn:aws:batch:us-east-1:1:job-queue/x' }, 'arn:aws:batch:us-east-1:1:job-queue/x'],
  ] as const)('goes to the %s queue', (_, compute, queue) => {
    expect(state(batchStep('run', { compute: { ...align.compute, ...compute } }))).toMatchObject({
      Parameters: { JobQueue: queue },
    });
  });

  it('retries throttling only: a job that has failed is retried by Batch', () => {
    for (const attempts of [0, 5])
      expect(state(batchStep('run', { retry: { attempts, intervalSeconds: 60, backoffRate: 1 } }))).toMatchObject({
        Retry: [{ ErrorEquals: expect.arrayContaining(['Batch.BatchException']), JitterStrategy: 'FULL' }],
      });
  });

  it('follows `next`, and ends where nothing follows', () => {
    const states = compiled(workflow([{ ...align, next: 'report' }, sort, batchStep('report')])).definition.States;
    expect(states).toMatchObject({
      align: { Next: 'report' },
      report: { End: true },
    });
  });

  it('gives a job in a branch its index, the job data, scatter values and parent', () => {
    const [first] = compileBatchStep(align, {
      core,
      depth: 1,
      job: () => compileJob(align, jobFrames(core)(align), core, names),
    });
    expect(first?.[1]).toMatchObject({
      Parameters: {
        'JobName.$': "States.Format('{}__align__{}',$.execution.name,$.index)",
        Parameters: {
          'job_data.$': '$.job_data',
          'scatter.$': 'States.JsonToString($.scatter)',
          'parent.$': 'States.JsonToString($.parent)',
        },
      },
    });
  });

  it('takes far less than the 1,150 bytes that leave room for 900 steps in a definition', () => {
    const bytes = JSON.stringify({ align: state(align) }).length;
    expect(bytes).toBeLessThan(850);
  });
});
