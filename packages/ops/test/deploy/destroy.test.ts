import { DescribeJobDefinitionsCommand } from '@aws-sdk/client-batch';
import { CreateStackCommand, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListStateMachinesCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { deploy, destroy, findRemains, submit, waitForLaunch } from '../../src/index.js';
import { template, useEngine } from '../engine.js';

const engine = useEngine();

async function deployed(workflow: string, versions: number, options = {}): Promise<void> {
  for (let number = 1; number <= versions; number += 1) {
    await deploy(engine.clients, { workflow, template: template(`echo ${number}; sleep 600`, options) });
  }
}

/** State machines and active job definitions whose names begin with the workflow's. */
async function left(workflow: string): Promise<string[]> {
  const [{ stateMachines = [] }, { jobDefinitions = [] }] = await Promise.all([
    engine.clients.sfn.send(new ListStateMachinesCommand({})),
    engine.clients.batch.send(new DescribeJobDefinitionsCommand({ status: 'ACTIVE' })),
  ]);
  const names = [...stateMachines.map(({ name }) => name), ...jobDefinitions.map((each) => each.jobDefinitionName)];
  return names.filter((name) => name?.startsWith(workflow)).map(String);
}

const stackStatus = (name: string) =>
  engine.clients.cloudFormation.send(new DescribeStacksCommand({ StackName: name })).then(
    ({ Stacks }) => Stacks?.[0]?.StackStatus ?? 'gone',
    () => 'gone',
  );

async function running(workflow: string): Promise<string> {
  const [job] = await submit(engine.clients, { workflow, files: [{ name: 'a.json', body: '{"id": "a"}' }] });
  const { executionArn } = await waitForLaunch(engine.clients, { workflow, executionName: job?.executionName ?? '' });
  return executionArn;
}

describe('destroy', () => {
  it('deletes the stack and what it retains for older versions, and the name can be used again', async () => {
    const workflow = 'gone';
    await deployed(workflow, 3);
    const { stack, stateMachines, jobDefinitions } = await destroy(engine.clients, { settleMs: 0, workflow });
    expect({ stack, machines: stateMachines.length, jobDefinitions: jobDefinitions.length }).toEqual({
      stack: workflow,
      machines: 3,
      jobDefinitions: 3,
    });
    expect(await left(workflow)).toEqual([]);
    expect(await stackStatus(workflow)).toMatch(/gone|DELETE_COMPLETE/);
    await expect(destroy(engine.clients, { settleMs: 0, workflow })).rejects.toMatchObject({
      code: 'no-such-workflow',
    });
    await deployed(workflow, 1);
  });

  it('clears up after a stack that was deleted without it, which a new deployment asks for', async () => {
    const workflow = 'orphaned';
    await deployed(workflow, 2);
    await engine.clients.cloudFormation.send(new DeleteStackCommand({ StackName: workflow }));
    await expect.poll(() => stackStatus(workflow)).toMatch(/gone|DELETE_COMPLETE/);
    await expect(deployed(workflow, 1)).rejects.toMatchObject({
      code: 'orphans',
      message: expect.stringContaining('orphaned--1'),
      hint: expect.stringContaining('bclaw destroy orphaned'),
    });
    expect(await findRemains(engine.clients, workflow)).not.toHaveProperty('stack');
    await destroy(engine.clients, { settleMs: 0, workflow });
    expect(await left(workflow)).toEqual([]);
    await deployed(workflow, 1);
  });

  it('refuses while jobs run, unless it is told to stop them', async () => {
    const workflow = 'busy';
    await deployed(workflow, 1);
    const execution = await running(workflow);
    await expect(destroy(engine.clients, { settleMs: 0, workflow })).rejects.toMatchObject({
      code: 'still-running',
      message: 'A job of "busy" is running.',
      hint: expect.stringContaining('bclaw executions busy --status RUNNING'),
    });
    expect(await stackStatus(workflow)).toBe('CREATE_COMPLETE');
    await destroy(engine.clients, { settleMs: 0, workflow, stopRunning: true });
    const { status, cause } = await engine.clients.sfn.send(new DescribeExecutionCommand({ executionArn: execution }));
    expect({ status, cause }).toEqual({ status: 'ABORTED', cause: 'The workflow busy is being destroyed.' });
    expect(await left(workflow)).toEqual([]);
  });

  it('takes an unversioned workflow along with the revisions that updates have left', async () => {
    const workflow = 'plain';
    await deployed(workflow, 2, { versioned: false });
    await destroy(engine.clients, { settleMs: 0, workflow });
    expect(await left(workflow)).toEqual([]);
  });

  it("leaves alone what has a workflow's name and is none", async () => {
    const body = JSON.stringify({ Resources: { Queue: { Type: 'AWS::SQS::Queue' } } });
    await engine.clients.cloudFormation.send(new CreateStackCommand({ StackName: 'theirs', TemplateBody: body }));
    await expect.poll(() => stackStatus('theirs')).toBe('CREATE_COMPLETE');
    await expect(destroy(engine.clients, { settleMs: 0, workflow: 'theirs' })).rejects.toMatchObject({
      code: 'not-a-workflow',
    });
    const machine = await engine.clients.sfn.send(
      new CreateStateMachineCommand({
        name: 'by-hand--1',
        definition: JSON.stringify({ StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 600, End: true } } }),
        roleArn: 'arn:aws:iam::123456789012:role/any',
      }),
    );
    await engine.clients.sfn.send(new StartExecutionCommand({ stateMachineArn: machine.stateMachineArn }));
    await expect(destroy(engine.clients, { settleMs: 0, workflow: 'by-hand' })).rejects.toMatchObject({
      code: 'no-such-workflow',
    });
    expect(await left('by-hand')).toEqual(['by-hand--1']);
  });
});
