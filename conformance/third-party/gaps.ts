import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../engine.js';
import { account, deployCompiled, launcherBucket } from './installation.js';
import type { Ministack } from './ministack.js';
import { missingTypes } from './missing-types.js';
import { unversioned, withBatch, withSubpipe } from './workflows.js';

/** A workflow without batch steps, which the test deploys before it tries the gaps. */
export const plainWorkflow = 'plain';

/**
 * A feature that the emulator lacks. When it gets the feature, this entry's test fails, and the entry must be removed.
 */
export interface Gap {
  /** The wording in docs/explanation/what-is-tested-where.md. */
  readonly what: string;
  /** Tries the feature, and returns the evidence that it is missing. */
  readonly shows: (ministack: Ministack) => Promise<string>;
  /** The current evidence. */
  readonly today: RegExp;
}

export const gaps: readonly Gap[] = [
  {
    what: `CloudFormation has no ${missingTypes.join(', ')}`,
    shows: (ministack) =>
      refusal(
        ministack,
        Object.fromEntries(missingTypes.map((Type, index) => [`Thing${index}`, { Type, Properties: {} }])),
      ),
    today: new RegExp(`Unrecognized resource types: \\[${missingTypes.join(', ')}\\]`),
  },
  {
    what: 'Step Functions has no batch:submitJob.sync, so batch steps fail',
    shows: async (ministack) => {
      await deployCompiled(ministack, { name: 'batch', template: withBatch, release: '1.0' });
      return (await finished(ministack, 'batch', 'job')).cause ?? '';
    },
    today: /batch:submitJob\.sync is not yet implemented/,
  },
  {
    what: 'startExecution.sync:2 starts no version of a state machine, so a subpipe of a versioned workflow fails',
    shows: async (ministack) => {
      await deployCompiled(ministack, { name: 'caller', template: withSubpipe(plainWorkflow), release: '1.0' });
      return (await finished(ministack, 'caller', 'job')).cause ?? '';
    },
    today: /stateMachine:plain--1:1 not found/,
  },
  {
    what: 'An empty ResultSelector counts as none, so a subpipe cannot retrieve files',
    shows: async (ministack) => {
      await deployCompiled(ministack, { name: 'called', template: unversioned, release: '1.0' });
      const template = withSubpipe('called', ['release.txt']);
      await deployCompiled(ministack, { name: 'fetcher', template, release: '1.0' });
      return (await finished(ministack, 'fetcher', 'job')).cause ?? '';
    },
    today: /it must be string at .*prev_outputs/,
  },
  {
    what: 'S3 events tell no version of the object, so an upload under a name that was used before is taken for a second delivery',
    shows: async (ministack) => {
      return (await finished(ministack, plainWorkflow, 'job')).name;
    },
    today: /^job_NULL$/,
  },
  {
    what: 'A distributed Map ignores its ResultWriter',
    shows: async (ministack) => {
      const { status } = await finished(ministack, plainWorkflow, 'wide', { wide: true });
      const listing = await ministack.aws('s3', 'ls', '--recursive', 's3://results/wide/wide/');
      return `${status}: ${/manifest\.json/.test(listing) ? 'results' : 'no results'}`;
    },
    today: /^SUCCEEDED: no results$/,
  },
];

/** CloudFormation's error for a template that it rejects. */
async function refusal(ministack: Ministack, Resources: object): Promise<string> {
  await writeFile(join(ministack.folder, 'refused.json'), JSON.stringify({ Resources }));
  return ministack
    .aws('cloudformation', 'create-stack', '--stack-name', 'x', '--template-body', 'file://refused.json')
    .then(
      () => 'accepted',
      (error: unknown) => String(error),
    );
}

/** Submits a job and waits for its end on version 1. */
async function finished(
  ministack: Ministack,
  workflow: string,
  id: string,
  data: object = { wide: false },
): Promise<{ readonly name: string; readonly status: string; readonly cause?: string }> {
  await writeFile(join(ministack.folder, `${id}.json`), JSON.stringify({ id, ...data }));
  await ministack.aws('s3', 'cp', `${id}.json`, `s3://${launcherBucket}/${workflow}/${id}.json`);
  const machine = `arn:aws:states:us-east-1:${account}:stateMachine:${workflow}--1`;
  const ended = `executions[?status!='RUNNING' && starts_with(name, '${id}_')].executionArn`;
  const list = () =>
    ministack.json('stepfunctions', 'list-executions', '--state-machine-arn', machine, '--query', ended) as Promise<
      string[]
    >;
  const [arn = ''] = await until(list, (arns) => arns.length > 0);
  return (await ministack.json('stepfunctions', 'describe-execution', '--execution-arn', arn)) as {
    name: string;
    status: string;
    cause?: string;
  };
}
