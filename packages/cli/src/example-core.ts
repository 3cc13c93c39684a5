import type { CoreEnvironment } from '@bclaw/compiler';

const account = '123456789012';
const region = 'us-east-1';
const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${account}:${resource}`;

/** A core that is not installed anywhere: the default for compiling a template. */
export const exampleCore: CoreEnvironment = {
  coreStackName: 'bayerclaw2',
  partition: 'aws',
  region,
  accountId: account,
  launcherBucket: `bayerclaw2-launcher-${account}`,
  launcherCode: { bucket: `bayerclaw2-code-${account}`, key: 'launcher/example.zip' },
  functions: {
    initialize: arn('lambda', 'function:bayerclaw2-initialize:1'),
    scatter: arn('lambda', 'function:bayerclaw2-scatter:1'),
    gather: arn('lambda', 'function:bayerclaw2-gather:1'),
    choose: arn('lambda', 'function:bayerclaw2-choose:1'),
    subpipeSubmit: arn('lambda', 'function:bayerclaw2-subpipe-submit:1'),
    subpipeRetrieve: arn('lambda', 'function:bayerclaw2-subpipe-retrieve:1'),
  },
  runnerImage: 'bclaw-runner:example',
  queues: {
    spot: arn('batch', 'job-queue/bayerclaw2-spot'),
    onDemand: arn('batch', 'job-queue/bayerclaw2-on-demand'),
    spotGpu: arn('batch', 'job-queue/bayerclaw2-spot-gpu'),
    onDemandGpu: arn('batch', 'job-queue/bayerclaw2-on-demand-gpu'),
  },
  statesRoleArn: `arn:aws:iam::${account}:role/bayerclaw2-states`,
  statesLogGroupArn: arn('logs', 'log-group:/aws/vendedlogs/states/bayerclaw2:*'),
  jobRoleArn: `arn:aws:iam::${account}:role/bayerclaw2-job`,
  jobExecutionRoleArn: `arn:aws:iam::${account}:role/bayerclaw2-job-execution`,
  jobLogGroup: '/bclaw/bayerclaw2/jobs',
  deadLetterQueueArn: arn('sqs', 'bayerclaw2-dead-letters'),
  logRetentionDays: 90,
};
