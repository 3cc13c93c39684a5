// A fictitious core stack, with names as long as a real one's.
const arn = (service, resource) => `arn:aws:${service}:us-east-1:123456789012:${resource}`;
const lambda = (name) => arn('lambda', `function:bayerclaw2-${name}:12`);
const queue = (name) => arn('batch', `job-queue/bayerclaw2-${name}`);

/** @type {import('@bclaw/compiler').CoreEnvironment} */
export const benchCore = {
  coreStackName: 'bayerclaw2',
  partition: 'aws',
  region: 'us-east-1',
  accountId: '123456789012',
  launcherBucket: 'bayerclaw2-launcher-123456789012',
  launcherCode: { bucket: 'bayerclaw2-code-123456789012', key: 'launcher/0123456789abcdef.zip' },
  functions: {
    initialize: lambda('initialize'),
    scatter: lambda('scatter'),
    gather: lambda('gather'),
    choose: lambda('choose'),
    subpipeSubmit: lambda('subpipe-submit'),
    subpipeRetrieve: lambda('subpipe-retrieve'),
  },
  runnerImage: `123456789012.dkr.ecr.us-east-1.amazonaws.com/bclaw-runner@sha256:${'0'.repeat(64)}`,
  queues: {
    spot: queue('spot'),
    onDemand: queue('on-demand'),
    spotGpu: queue('spot-gpu'),
    onDemandGpu: queue('on-demand-gpu'),
  },
  statesRoleArn: arn('iam', 'role/bayerclaw2-states'),
  statesLogGroupArn: arn('logs', 'log-group:bayerclaw2-states:*'),
  jobRoleArn: arn('iam', 'role/bayerclaw2-job'),
  jobExecutionRoleArn: arn('iam', 'role/bayerclaw2-job-execution'),
  deadLetterQueueArn: arn('sqs', 'bayerclaw2-dead-letters'),
  logRetentionDays: 90,
};
