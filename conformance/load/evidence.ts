import { signed } from '../../packages/local/test/signed.js';
import type { TestEngine } from '../engine.js';
import { dataBucket, launcherBucket, workflow } from './workflow.js';

/** An execution, from Step Functions. */
export interface Execution {
  readonly executionArn: string;
  readonly name: string;
  readonly status: string;
  /** In milliseconds since the epoch. */
  readonly started: number;
}

/** The AWS CLI's output; times in seconds since the epoch. */
interface PrintedExecution {
  readonly executionArn: string;
  readonly name: string;
  readonly status: string;
  readonly startDate: number;
}

const executionOf = ({ executionArn, name, status, startDate }: PrintedExecution): Execution => ({
  executionArn,
  name,
  status,
  started: Math.round(startDate * 1000),
});

const machineArn = (version: number): string =>
  `arn:aws:states:us-east-1:123456789012:stateMachine:${workflow}--${version}`;

/** The version of an execution's state machine. */
export const versionOf = (execution: Execution): number =>
  Number(execution.executionArn.split(':').at(-2)?.split('--')[1]);

/** The id of an execution's job. */
export const jobOf = ({ name }: Execution): string => name.replace(/_[^_]*$/, '');

const ask = async <T>(engine: TestEngine, ...words: readonly string[]): Promise<T> =>
  JSON.parse((await engine.aws(...words, '--output', 'json')) || 'null');

/** Every execution of a version whose state machine exists. */
export async function executionsOf(engine: TestEngine, version: number): Promise<Execution[]> {
  const words = ['list-executions', '--state-machine-arn', machineArn(version), '--query', 'executions'];
  return (await ask<PrintedExecution[]>(engine, 'stepfunctions', ...words)).map(executionOf);
}

/** Numbers of the versions whose state machines exist, in order. */
export async function versionsLeft(engine: TestEngine): Promise<number[]> {
  const names = await ask<string[]>(engine, 'stepfunctions', 'list-state-machines', '--query', 'stateMachines[].name');
  return names
    .flatMap((name) => (name.startsWith(`${workflow}--`) ? [Number(name.split('--')[1])] : []))
    .sort((a, b) => a - b);
}

/**
 * One execution; without the AWS CLI, which would take minutes for many. Executions are kept longer than their state
 * machines.
 */
export async function describeExecution(engine: TestEngine, executionArn: string): Promise<Execution> {
  const answer = await fetch(engine.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      authorization: 'AWS4-HMAC-SHA256 Credential=any/20260101/us-east-1/states/aws4_request',
      'x-amz-target': 'AWSStepFunctions.DescribeExecution',
    },
    body: JSON.stringify({ executionArn }),
  });
  if (!answer.ok) throw new Error(`${executionArn}: ${await answer.text()}`);
  const printed: PrintedExecution = JSON.parse(await answer.text());
  return executionOf(printed);
}

/**
 * Number of starts of each job: the bucket keeps every version of an object, and `Initialize` writes the job's data
 * once per execution. This includes executions of deleted state machines.
 */
export async function beginnings(engine: TestEngine): Promise<Map<string, number>> {
  const keys = await ask<string[]>(
    engine,
    's3api',
    'list-object-versions',
    '--bucket',
    dataBucket,
    '--query',
    'Versions[].Key',
  );
  const counts = new Map<string, number>();
  for (const key of keys) {
    const [job = '', name] = key.split('/');
    if (name === '_JOB_DATA_') counts.set(job, (counts.get(job) ?? 0) + 1);
  }
  return counts;
}

/** The execution in each launch record. */
export async function launchRecords(engine: TestEngine): Promise<string[]> {
  const keys = await ask<string[]>(
    engine,
    's3api',
    'list-objects-v2',
    '--bucket',
    launcherBucket,
    '--prefix',
    `__launches__/${workflow}/`,
    '--query',
    'Contents[].Key',
  );
  return await Promise.all(
    keys.map(async (key) => {
      const record: unknown = await (
        await fetch(`${engine.url}/${launcherBucket}/${key}`, { headers: signed('s3') })
      ).json();
      if (typeof record !== 'object' || record === null || !('execution' in record))
        throw new Error(`${key} is incomplete.`);
      return String(record.execution);
    }),
  );
}

/** Time when CloudFormation moved the alias, in milliseconds since the epoch. */
export async function aliasUpdates(engine: TestEngine): Promise<number[]> {
  const times = await ask<string[]>(
    engine,
    'cloudformation',
    'describe-stack-events',
    '--stack-name',
    workflow,
    '--query',
    "StackEvents[?LogicalResourceId=='Live'].Timestamp",
  );
  return times.map((time) => Date.parse(time)).sort((a, b) => a - b);
}
