import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunningEngine } from '../../running-engine.js';

const definition = JSON.stringify({ StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 10_000, End: true } } });

describe('an execution over which the engine ends again and again', () => {
  let engine: RunningEngine;
  beforeAll(async () => {
    engine = await RunningEngine.start();
  });
  afterAll(() => engine.dispose());

  it('is failed with a cause that says so, and no other is', async () => {
    const client = () => new SFNClient(engine.client);
    const { stateMachineArn } = await client().send(
      new CreateStateMachineCommand({ name: 'm', definition, roleArn: 'arn:aws:iam::123456789012:role/r' }),
    );
    const begin = async (name: string) => {
      const { executionArn } = await client().send(new StartExecutionCommand({ stateMachineArn, name }));
      return async () => (await client().send(new DescribeExecutionCommand({ executionArn }))) ?? {};
    };
    const [culprit, other] = [await begin('culprit'), await begin('other')];
    // The first execution of an engine has the key 1. What an engine leaves that is killed while it works on it:
    const killedOver = async (key: string) => {
      await engine.close();
      writeFileSync(join(engine.directory, 'states.at-work'), key.padEnd(32));
      await engine.open();
    };
    await killedOver('1');
    await killedOver('1');
    // One that stops in order begins a new row.
    await engine.close();
    await engine.open();
    await killedOver('1');
    await killedOver('1');
    expect((await culprit()).status).toBe('RUNNING');
    await killedOver('1');
    const { status, error, cause, executionArn } = await culprit();
    expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.Runtime' });
    expect(cause).toContain('ended 3 times in a row while it worked on this execution');
    const { events } = await client().send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true }));
    expect(events?.[0]?.type).toBe('ExecutionFailed');
    expect((await other()).status).toBe('RUNNING');
  });
});
