import type { BatchStep, Options, Step, Workflow } from '@bclaw/spec';
import type { CoreEnvironment } from '../src/core-environment.js';

/** A core stack with realistic values. */
export const core: CoreEnvironment = {
  coreStackName: 'bayerclaw2',
  partition: 'aws',
  region: 'us-east-1',
  accountId: '123456789012',
  launcherBucket: 'bayerclaw2-launcher-123456789012',
  launcherCode: { bucket: 'bayerclaw2-code-123456789012', key: 'launcher/0a1b2c.zip' },
  functions: {
    initialize: 'arn:aws:lambda:us-east-1:123456789012:function:bayerclaw2-initialize:4',
    scatter: 'arn:aws:lambda:us-east-1:123456789012:function:bayerclaw2-scatter:4',
    gather: 'arn:aws:lambda:us-east-1:123456789012:function:bayerclaw2-gather:4',
    choose: 'arn:aws:lambda:us-east-1:123456789012:function:bayerclaw2-choose:4',
    subpipeSubmit: 'arn:aws:lambda:us-east-1:123456789012:function:bayerclaw2-subpipe-submit:4',
    subpipeRetrieve: 'arn:aws:lambda:us-east-1:123456789012:function:bayerclaw2-subpipe-retrieve:4',
  },
  runnerImage: '123456789012.dkr.ecr.us-east-1.amazonaws.com/bclaw-runner:1.0.0',
  queues: {
    spot: 'arn:aws:batch:us-east-1:123456789012:job-queue/bayerclaw2-spot',
    onDemand: 'arn:aws:batch:us-east-1:123456789012:job-queue/bayerclaw2-on-demand',
    spotGpu: 'arn:aws:batch:us-east-1:123456789012:job-queue/bayerclaw2-spot-gpu',
    onDemandGpu: 'arn:aws:batch:us-east-1:123456789012:job-queue/bayerclaw2-on-demand-gpu',
  },
  statesRoleArn: 'arn:aws:iam::123456789012:role/bayerclaw2-states',
  statesLogGroupArn: 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/states/bayerclaw2:*',
  jobRoleArn: 'arn:aws:iam::123456789012:role/bayerclaw2-job',
  jobExecutionRoleArn: 'arn:aws:iam::123456789012:role/bayerclaw2-job-execution',
  jobLogGroup: '/bclaw/bayerclaw2/jobs',
  deadLetterQueueArn: 'arn:aws:sqs:us-east-1:123456789012:bayerclaw2-dead-letters',
  logRetentionDays: 90,
};

/** A step with every field at its default, overridden by the fields that the test is about. */
export function batchStep(name: string, fields: Partial<BatchStep> = {}): BatchStep {
  return {
    kind: 'batch',
    name,
    path: ['Steps', 0, name],
    image: { name: 'public.ecr.aws/ubuntu/ubuntu:24.04' },
    inputs: {},
    references: {},
    commands: ['true'],
    outputs: {},
    s3Tags: {},
    jobTags: {},
    skip: 'never',
    compute: { cpus: 1, memoryMiB: 1024, gpu: 0, spot: true, fairShare: true, shell: 'sh', consumes: {} },
    filesystems: [],
    qcChecks: [],
    retry: { attempts: 3, intervalSeconds: 3, backoffRate: 1.5 },
    ...fields,
  };
}

/** A workflow of the given steps, each followed by the next one. */
export function workflow(steps: readonly Step[], options: Partial<Options> = {}): Workflow {
  return {
    repository: 's3://results/repo/${job.SAMPLE_ID}',
    parameters: {},
    options: { versioned: true, shell: 'sh', pinImages: 'no', s3Tags: {}, jobTags: {}, ...options },
    steps: steps.map((step, index) => {
      const following = steps[index + 1];
      return {
        ...step,
        path: ['Steps', index, step.name],
        ...(step.next === undefined && following !== undefined ? { next: following.name } : {}),
      };
    }),
  };
}

/** The steps of a small realistic pipeline. */
export const align = batchStep('align', {
  image: { name: 'bwa:0.7.18' },
  inputs: { reads1: '${job.SAMPLE_ID}_R1.fastq.gz', reads2: '${job.SAMPLE_ID}_R2.fastq.gz' },
  references: { genome: 's3://references/hg38.fa' },
  commands: ['bwa mem ${genome} ${reads1} ${reads2} > ${sam}'],
  outputs: { sam: { file: '${job.SAMPLE_ID}.sam', s3Tags: {} } },
});

export const sort = batchStep('sort reads', {
  image: { name: 'samtools:1.21' },
  inputs: 'auto',
  commands: ['samtools sort -o ${bam} ${sam}'],
  outputs: { bam: { file: 'out/${job.SAMPLE_ID}.bam', s3Tags: {} } },
});

/** A workflow with every kind of step, nested as far as possible. */
export const everyKind: Workflow = workflow([
  { kind: 'native', name: 'pause', path: [], type: 'Wait', fields: { Seconds: 1 }, branches: [], catch: [] },
  {
    kind: 'scatter',
    name: 'samples',
    path: [],
    scatter: { sample: '${job.samples}', mode: ['fast', 'slow'] },
    inputs: { design: 'design.csv' },
    outputs: { bams: '*.bam' },
    maxConcurrency: 20,
    errorTolerance: { percentage: 5 },
    steps: [
      { ...align, next: 'lanes' },
      {
        kind: 'scatter',
        name: 'lanes',
        path: [],
        scatter: { lane: '@${job.SAMPLE_ID}.lanes.txt' },
        inputs: {},
        outputs: {},
        maxConcurrency: 0,
        errorTolerance: { count: 2 },
        steps: [batchStep('trim', { inputs: 'auto' })],
      },
    ],
  },
  {
    kind: 'chooser',
    name: 'enough',
    path: [],
    inputs: { qc: 'qc.json' },
    choices: [
      { if: 'qc.reads < 10', next: 'report' },
      { if: 'qc.reads < 100', next: 'call' },
    ],
  },
  {
    kind: 'subpipe',
    name: 'call',
    path: [],
    subpipe: 'variant-calling',
    jobData: 'calling.json',
    submit: [],
    retrieve: [{ from: 'calls.vcf', to: 'variants/calls.vcf' }],
  },
  {
    kind: 'parallel-chooser',
    name: 'extras',
    path: [],
    inputs: { qc: 'qc.json' },
    branches: [
      { if: 'qc.deep', steps: [batchStep('deep')] },
      { steps: [{ kind: 'subpipe', name: 'archive', path: [], subpipe: 'archiving', submit: [], retrieve: [] }] },
    ],
  },
  {
    kind: 'native',
    name: 'both',
    path: [],
    type: 'Parallel',
    fields: {},
    catch: [],
    branches: [
      [batchStep('left')],
      [{ kind: 'parallel-chooser', name: 'right', path: [], inputs: {}, branches: [{ steps: [batchStep('in')] }] }],
    ],
  },
  batchStep('report', { inputs: 'auto' }),
]);
