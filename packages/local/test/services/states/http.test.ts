import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ExecutionAlreadyExists,
  GetExecutionHistoryCommand,
  InvalidDefinition,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  SFNClient,
  StartExecutionCommand,
  StateMachineDoesNotExist,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, startEngine } from '../../../src/kernel/engine.js';
import { until } from './harness.js';

const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };

describe('Step Functions over HTTP', () => {
  let directory: string;
  let engine: Engine;
  let client: SFNClient;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bclaw-states-'));
    engine = await startEngine({ directory, openRoles: ['states'] });
    client = new SFNClient({
      endpoint: engine.url,
      region: engine.region,
      credentials,
    });
  });

  afterAll(async () => {
    client.destroy();
    await engine.close();
    await rm(directory, { recursive: true, force: true });
  });

  const definition = JSON.stringify({ StartAt: 'Hello', States: { Hello: { Type: 'Pass', Result: 'hi', End: true } } });
  const roleArn = 'arn:aws:iam::123456789012:role/states';

  it('creates, runs and describes with the AWS SDK', async () => {
    const { stateMachineArn } = await client.send(
      new CreateStateMachineCommand({ name: 'hello', definition, roleArn, tags: [{ key: 'a', value: 'b' }] }),
    );
    const input = { stateMachineArn, name: 'one', input: '{"n":1}' };
    const { executionArn, startDate } = await client.send(new StartExecutionCommand(input));
    expect(startDate).toBeInstanceOf(Date);
    const describe = () => client.send(new DescribeExecutionCommand({ executionArn }));
    await until(async () => (await describe()).status === 'SUCCEEDED', 'the execution succeeds');
    expect(await describe()).toMatchObject({ output: '"hi"', input: '{"n":1}', name: 'one' });
    const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events?.map(({ type }) => type)).toEqual([
      'ExecutionStarted',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ]);
    const pages = [];
    for await (const page of paginateGetExecutionHistory({ client, pageSize: 3 }, { executionArn })) pages.push(page);
    expect(pages.map((page) => page.events?.length)).toEqual([3, 1]);
    await expect(client.send(new StartExecutionCommand(input))).rejects.toBeInstanceOf(ExecutionAlreadyExists);
    const { executions } = await client.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'SUCCEEDED' }));
    expect(executions?.map(({ name }) => name)).toEqual(['one']);
    await client.send(new DeleteStateMachineCommand({ stateMachineArn }));
    await expect(client.send(new DescribeStateMachineCommand({ stateMachineArn }))).rejects.toBeInstanceOf(
      StateMachineDoesNotExist,
    );
  });

  it('scatters over a CSV file in S3 and exports the results', async () => {
    const s3 = new S3Client({ endpoint: engine.url, region: engine.region, credentials, forcePathStyle: true });
    const Bucket = 'scatter-bucket';
    await s3.send(new CreateBucketCommand({ Bucket }));
    const rows = Array.from({ length: 250 }, (_, index) => `${index},"value, ""${index}"""`);
    await s3.send(new PutObjectCommand({ Bucket, Key: 'items.csv', Body: ['index,value', ...rows].join('\n') }));
    const scatter = {
      StartAt: 'Scatter',
      States: {
        Scatter: {
          Type: 'Map',
          ItemReader: {
            Resource: 'arn:aws:states:::s3:getObject',
            ReaderConfig: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
            Parameters: { Bucket, Key: 'items.csv' },
          },
          ItemProcessor: {
            ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
            StartAt: 'Value',
            States: { Value: { Type: 'Pass', OutputPath: '$.value', End: true } },
          },
          ResultWriter: {
            Resource: 'arn:aws:states:::s3:putObject',
            Parameters: { Bucket, Prefix: 'results' },
            WriterConfig: { Transformation: 'COMPACT', OutputType: 'JSON' },
          },
          ResultSelector: { 'key.$': '$.ResultWriterDetails.Key' },
          Next: 'Read',
        },
        Read: {
          Type: 'Task',
          Resource: 'arn:aws:states:::aws-sdk:s3:getObject',
          Parameters: { Bucket, 'Key.$': '$.key' },
          ResultSelector: { 'manifest.$': 'States.StringToJson($.Body)' },
          End: true,
        },
      },
    };
    const { stateMachineArn } = await client.send(
      new CreateStateMachineCommand({ name: 'scatter', definition: JSON.stringify(scatter), roleArn }),
    );
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
    const describe = () => client.send(new DescribeExecutionCommand({ executionArn }));
    await until(async () => (await describe()).status !== 'RUNNING', 'the execution ends');
    const { status, cause, output = '' } = await describe();
    expect([status, cause]).toEqual(['SUCCEEDED', undefined]);
    const [{ Key }] = JSON.parse(output).manifest.ResultFiles.SUCCEEDED;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const values: unknown = JSON.parse((await Body?.transformToString()) ?? '');
    expect(values).toEqual(rows.map((_, index) => `value, "${index}"`));
    s3.destroy();
  });

  it('names the state of an invalid definition', async () => {
    const invalid = JSON.stringify({ StartAt: 'Hello', States: { Hello: { Type: 'Pass', Next: 'Nowhere' } } });
    const attempt = client.send(new CreateStateMachineCommand({ name: 'bad', definition: invalid, roleArn }));
    await expect(attempt).rejects.toBeInstanceOf(InvalidDefinition);
    await expect(attempt).rejects.toThrow(
      "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: Nowhere at /States/Hello/Next",
    );
  });
});
