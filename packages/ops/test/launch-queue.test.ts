import { DescribeStacksCommand, GetTemplateCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import {
  DeleteFunctionConcurrencyCommand,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { launcherVariables } from '@bclaw/spec/contract';
import { describe, expect, it } from 'vitest';
import {
  deploy,
  destroy,
  findRemains,
  listDeadLetters,
  listExecutions,
  listVersions,
  promote,
  rollback,
  submit,
} from '../src/index.js';
import { template, useEngine } from './engine.js';

const engine = useEngine();

const deployed = async (workflow: string, ...texts: readonly string[]) => {
  for (const text of texts) await deploy(engine.clients, { workflow, template: text });
};

/** Puts job files, with two at a time under each name: the second is another S3 version, and another job. */
const put = (workflow: string, names: readonly string[]) =>
  submit(engine.clients, {
    workflow,
    files: names.map((name) => ({ name: `${name}.json`, body: JSON.stringify({ id: `${workflow}-${name}` }) })),
  });

const range = (count: number) => Array.from({ length: count }, (_, index) => `job${index}`);

/** `<name> on <version>` of each execution. */
async function executed(workflow: string): Promise<readonly string[]> {
  const executions = await listExecutions(engine.clients, { workflow, limit: 1000 });
  return executions.map(({ name, version }) => `${name} on ${version}`).sort();
}

const FunctionName = (workflow: string) => `${workflow}-launcher`;
/** Nothing of the function runs, so its messages wait. */
const hold = (workflow: string) =>
  engine.clients.lambda.send(
    new PutFunctionConcurrencyCommand({ FunctionName: FunctionName(workflow), ReservedConcurrentExecutions: 0 }),
  );
const release = (workflow: string) =>
  engine.clients.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: FunctionName(workflow) }));
const waiting = async (workflow: string) => (await findRemains(engine.clients, workflow)).waiting;

describe('the launch queue', () => {
  it('launches each job file once, whether the workflow has versions or not', async () => {
    for (const versioned of [true, false]) {
      const workflow = versioned ? 'each-once' : 'each-once-plain';
      await deployed(workflow, template('true', { versioned }));
      const jobs = [...(await put(workflow, range(30))), ...(await put(workflow, ['job0']))];
      expect(new Set(jobs.map(({ executionName }) => executionName)).size).toBe(31);
      const expected = jobs.map(({ executionName }) => `${executionName} on ${versioned ? 1 : undefined}`).sort();
      await expect.poll(() => executed(workflow), { interval: 500 }).toEqual(expected);
      await expect.poll(() => waiting(workflow)).toBe(0);
    }
    expect(await listDeadLetters(engine.clients, { workflow: 'each-once' })).toEqual([]);
  });

  it('obeys a rollback for the job files that wait', async () => {
    const workflow = 'rolled-back';
    await deployed(workflow, template('echo 1'), template('echo 2'));
    await hold(workflow);
    const jobs = await put(workflow, range(20));
    await expect.poll(() => waiting(workflow)).toBe(20);
    await rollback(engine.clients, { workflow });
    await release(workflow);
    const expected = jobs.map(({ executionName }) => `${executionName} on 1`).sort();
    await expect.poll(() => executed(workflow), { interval: 500 }).toEqual(expected);
  });

  it('keeps a workflow from being destroyed while job files wait', async () => {
    const workflow = 'not-destroyed';
    await deployed(workflow, template('echo 1'));
    await hold(workflow);
    await put(workflow, ['job']);
    await expect.poll(() => waiting(workflow)).toBe(1);
    await expect(destroy(engine.clients, { workflow, settleMs: 0 })).rejects.toMatchObject({
      code: 'still-running',
      message: 'A job file of "not-destroyed" waits to be launched.',
      hint: expect.stringContaining('--stop-running'),
    });
    await release(workflow);
    await expect.poll(() => waiting(workflow)).toBe(0);
    await destroy(engine.clients, { workflow, settleMs: 0, stopRunning: true });
    const { QueueUrls = [] } = await engine.clients.sqs.send(new ListQueuesCommand({ QueueNamePrefix: workflow }));
    const { EventSourceMappings = [] } = await engine.clients.lambda.send(new ListEventSourceMappingsCommand({}));
    expect(QueueUrls).toEqual([]);
    expect(EventSourceMappings.filter(({ FunctionArn }) => FunctionArn?.includes(workflow))).toEqual([]);
  });
});

describe('a version from before the queue', () => {
  it('is not rolled back to: its launcher could not read the messages', async () => {
    const workflow = 'older';
    await deployed(workflow, template('echo 1'));
    await deployOlder(workflow);
    expect(await rollback(engine.clients, { workflow })).toMatchObject({ from: 2, to: 1 });
    expect(await promote(engine.clients, { workflow, to: 2 })).toMatchObject({ from: 1, to: 2 });
    await deployed(workflow, template('echo 3'));
    const { versions } = await listVersions(engine.clients, { workflow });
    expect(versions.map(({ version, healthy, getsJobFiles }) => [version, healthy, getsJobFiles])).toEqual([
      [3, true, true],
      [2, false, false],
      [1, true, true],
    ]);
    await expect(promote(engine.clients, { workflow, to: 2 })).rejects.toMatchObject({
      code: 'unhealthy-version',
      message: expect.stringContaining("before job files came through a queue, which its launcher can't read"),
    });
    expect(await rollback(engine.clients, { workflow })).toMatchObject({ from: 3, to: 1 });
  });

  it('has its stack updated to the queue without the loss of a job file', async () => {
    const workflow = 'updated';
    await deployed(workflow, template('echo 1'));
    await deployOlder(workflow);
    const jobs = [...(await put(workflow, ['before']))];
    const updating = deployed(workflow, template('echo 3'));
    for (let number = 0, done = false; !done; number += 1) {
      jobs.push(...(await put(workflow, [`during${number}`])));
      done = await Promise.race([updating.then(() => true), new Promise<false>((go) => setTimeout(go, 50, false))]);
    }
    jobs.push(...(await put(workflow, ['after'])));
    const names = jobs.map(({ executionName }) => executionName).sort();
    const started = async () => (await executed(workflow)).map((each) => each.split(' ')[0]);
    await expect.poll(started, { interval: 500 }).toEqual(names);
    expect(await executed(workflow)).toContain(`${jobs.at(-1)?.executionName} on 3`);
    expect(await listDeadLetters(engine.clients, { workflow })).toEqual([]);
  });

  /** Deploys a version as it was compiled before the queue: the rule leads to the alias. */
  async function deployOlder(workflow: string): Promise<void> {
    const { TemplateBody = '' } = await engine.clients.cloudFormation.send(
      new GetTemplateCommand({ StackName: workflow, TemplateStage: 'Processed' }),
    );
    const [suffix = ''] = /(?<="LauncherVersion)[0-9a-f]{8}/.exec(TemplateBody) ?? [];
    // Another deployment's logical ids.
    const { Resources, Outputs, ...rest } = JSON.parse(TemplateBody.replaceAll(suffix, '0123abcd'));
    const { LaunchQueue: _, LaunchQueuePolicy: __, LaunchQueueMapping: ___, ...others } = Resources;
    const { DependsOn: ____, Properties, ...rule } = others.JobFileRule;
    others.JobFileRule = { ...rule, Properties: { ...Properties, Targets: [{ Id: 'live', Arn: { Ref: 'Live' } }] } };
    delete others.StateMachineVersion0123abcd.Properties.Description;
    delete others.Launcher.Properties.Environment.Variables[launcherVariables.deadLetterQueue];
    others.Launcher.Properties.Environment.Variables[launcherVariables.deployment] = 'older';
    const [policy] = others.LauncherRole.Properties.Policies;
    policy.PolicyDocument.Statement = policy.PolicyDocument.Statement.filter(
      (statement: unknown) => !JSON.stringify(statement).includes('LaunchQueue'),
    );
    const { LaunchQueueUrl: _____, ...outputs } = Outputs;
    await engine.clients.cloudFormation.send(
      new UpdateStackCommand({
        StackName: workflow,
        TemplateBody: JSON.stringify({ ...rest, Resources: others, Outputs: outputs }),
        Capabilities: ['CAPABILITY_IAM'],
      }),
    );
    const status = async () =>
      (await engine.clients.cloudFormation.send(new DescribeStacksCommand({ StackName: workflow }))).Stacks?.[0]
        ?.StackStatus;
    await expect.poll(status).toBe('UPDATE_COMPLETE');
  }
});
