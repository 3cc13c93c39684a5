import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { BatchClient, DescribeJobDefinitionsCommand } from '@aws-sdk/client-batch';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetQueueAttributesCommand, ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { type Engine, startEngineWith } from '../../../src/kernel/engine.js';
import { type Operation, operationTable } from '../../../src/operation.js';
import { createBatchService } from '../../../src/services/batch/service.js';
import { createCloudFormationService } from '../../../src/services/cloudformation/service.js';
import type { ServiceFactory } from '../../../src/services/index.js';
import { createLogsService } from '../../../src/services/logs/service.js';
import { createSqsService } from '../../../src/services/sqs/service.js';
import { eventually } from '../../running-engine.js';
import { broken, queue } from './stacks.js';

/** A service whose operations take some turns of the event loop, so that each has lines of its own in the journal. */
const slowly =
  (create: ServiceFactory): ServiceFactory =>
  (context, options) => {
    const service = create(context, options);
    const operations = [...service.operations.values()].map(
      (operation): Operation => ({
        ...operation,
        async run(input, request) {
          await setImmediate();
          const output = await operation.run(input, request);
          await setImmediate();
          return output;
        },
      }),
    );
    return { ...service, operations: operationTable(operations) };
  };
const services: readonly ServiceFactory[] = [
  slowly(createSqsService),
  slowly(createLogsService),
  slowly(createBatchService),
  createCloudFormationService,
];
const newDirectory = () => mkdtempSync(join(tmpdir(), 'bclaw-stack-crash-'));
const clientOf = ({ url, region }: Engine) => ({
  endpoint: url,
  region,
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  maxAttempts: 1,
});

/** Opens an engine in a directory, does something, and closes it. */
async function withEngine<T>(directory: string, work: (engine: Engine) => Promise<T>): Promise<T> {
  const engine = await startEngineWith(services, { directory, openRoles: ['r'] });
  try {
    return await work(engine);
  } finally {
    await engine.close();
  }
}

type Action = 'create' | 'delete' | 'update';

async function begin(engine: Engine, operation: Action, template: unknown): Promise<string> {
  const client = new CloudFormationClient(clientOf(engine));
  const request = { StackName: 'stack', TemplateBody: JSON.stringify(template) };
  if (operation === 'create') await client.send(new CreateStackCommand(request));
  const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: 'stack' }));
  if (operation === 'update') await client.send(new UpdateStackCommand(request));
  if (operation === 'delete') await client.send(new DeleteStackCommand({ StackName: 'stack' }));
  return Stacks?.[0]?.StackId ?? '';
}

/** The stack once it has settled, and everything that there is then, in the stack or not. */
async function endOf(engine: Engine, stackId: string) {
  const client = new CloudFormationClient(clientOf(engine));
  const stack = await eventually(async () => {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stackId }));
    return Stacks?.[0]?.StackStatus?.endsWith('_IN_PROGRESS') ? undefined : Stacks?.[0];
  }, 'the stack to settle');
  const { StackResources } = await client.send(new DescribeStackResourcesCommand({ StackName: stackId }));
  const sqs = new SQSClient(clientOf(engine));
  const { QueueUrls } = await sqs.send(new ListQueuesCommand());
  const { jobDefinitions } = await new BatchClient(clientOf(engine)).send(
    new DescribeJobDefinitionsCommand({ status: 'ACTIVE' }),
  );
  const { logGroups } = await new CloudWatchLogsClient(clientOf(engine)).send(new DescribeLogGroupsCommand());
  const name = (urlOrArn = '') => urlOrArn.slice(urlOrArn.lastIndexOf('/') + 1);
  const timeout = async (QueueUrl: string) =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }))).Attributes;
  return {
    status: stack.StackStatus,
    outputs: stack.Outputs,
    resources: (StackResources ?? []).map((resource) => [
      resource.LogicalResourceId,
      name(resource.PhysicalResourceId),
      resource.ResourceStatus,
    ]),
    queues: await Promise.all((QueueUrls ?? []).map(async (url) => [name(url), await timeout(url)])),
    jobDefinitions: (jobDefinitions ?? []).map(({ jobDefinitionArn }) => name(jobDefinitionArn)).sort(),
    logGroups: (logGroups ?? []).map(({ logGroupName }) => logGroupName),
  };
}

const job = (command: string) => ({
  Type: 'AWS::Batch::JobDefinition',
  Properties: {
    Type: 'container',
    ContainerProperties: { Image: 'busybox', Command: [command], Vcpus: 1, Memory: 64 },
  },
});
const user = (source: string, attributes: object = {}) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': [source, 'Arn'] }, maxReceiveCount: 3 } },
  ...attributes,
});
const before = {
  Resources: {
    InPlace: queue('in-place'),
    Replaced: queue('replaced-1'),
    User: user('Replaced'),
    Job: job('one'),
    Removed: { Type: 'AWS::Logs::LogGroup' },
  },
  Outputs: { Job: { Value: { Ref: 'Job' } } },
};
const after = {
  Resources: {
    InPlace: queue('in-place', { VisibilityTimeout: 99 }),
    Replaced: queue('replaced-2'),
    User: user('Replaced'),
    Job: job('two'),
    Added: user('User'),
  },
  Outputs: { Job: { Value: { Ref: 'Job' } } },
};
const failing = (template: typeof after | typeof before) => ({
  ...template,
  Resources: { ...template.Resources, Bad: broken('bad', { DependsOn: Object.keys(template.Resources) }) },
});

describe('an engine that is killed while it works on a stack', () => {
  it.each([
    { name: 'creates it', first: undefined, operation: 'create', template: before, status: 'CREATE_COMPLETE' },
    {
      name: 'fails to create it',
      first: undefined,
      operation: 'create',
      template: failing(before),
      status: 'ROLLBACK_COMPLETE',
    },
    { name: 'updates it', first: before, operation: 'update', template: after, status: 'UPDATE_COMPLETE' },
    {
      name: 'fails to update it',
      first: before,
      operation: 'update',
      template: failing(after),
      status: 'UPDATE_ROLLBACK_COMPLETE',
    },
    { name: 'deletes it', first: before, operation: 'delete', template: undefined, status: 'DELETE_COMPLETE' },
  ] as const)(
    '$name: ends the same way, wherever it was cut off',
    async ({ first, operation, template, status }) => {
      const directory = newDirectory();
      if (first !== undefined)
        await withEngine(directory, async (engine) => endOf(engine, await begin(engine, 'create', first)));
      const { stackId, expected, start } = await withEngine(directory, async (engine) => {
        const start = journalOf(directory).length;
        const stackId = await begin(engine, operation, template);
        return { start, stackId, expected: await endOf(engine, stackId) };
      });
      expect(expected.status).toBe(status);

      // Each line of the journal is what one turn of the event loop did: a killed process leaves some of them.
      const journal = journalOf(directory);
      const cuts: number[] = [];
      for (let end = journal.indexOf('\n', start); end >= 0; end = journal.indexOf('\n', end + 1)) cuts.push(end + 1);
      expect(cuts.length).toBeGreaterThan(5);
      for (const cut of cuts) {
        const copy = newDirectory();
        cpSync(directory, copy, { recursive: true });
        truncateSync(join(copy, 'journal.jsonl'), cut);
        const ended = await withEngine(copy, (engine) => endOf(engine, stackId));
        expect(ended, `cut after ${journal.slice(journal.lastIndexOf('\n', cut - 2) + 1, cut)}`).toEqual(expected);
        rmSync(copy, { recursive: true });
      }
      rmSync(directory, { recursive: true });
    },
    120_000,
  );
});

/** Latin-1, so that positions in the text are positions in the file. */
const journalOf = (directory: string) => readFileSync(join(directory, 'journal.jsonl'), 'latin1');
