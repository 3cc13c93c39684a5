import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
import { type Engine, startEngine } from '../../src/engine.js';
import { until } from './harness.js';

describe('Step Functions over HTTP', () => {
  let directory: string;
  let engine: Engine;
  let client: SFNClient;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bclaw-states-'));
    engine = await startEngine({ directory });
    client = new SFNClient({
      endpoint: engine.url,
      region: engine.region,
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
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

  it('names the state of an invalid definition', async () => {
    const invalid = JSON.stringify({ StartAt: 'Hello', States: { Hello: { Type: 'Pass', Next: 'Nowhere' } } });
    const attempt = client.send(new CreateStateMachineCommand({ name: 'bad', definition: invalid, roleArn }));
    await expect(attempt).rejects.toBeInstanceOf(InvalidDefinition);
    await expect(attempt).rejects.toThrow(
      "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: Nowhere at /States/Hello/Next",
    );
  });
});
