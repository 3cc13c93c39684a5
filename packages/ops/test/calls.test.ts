import { readFileSync } from 'node:fs';
import { RegisterJobDefinitionCommand } from '@aws-sdk/client-batch';
import {
  DeleteFunctionCommand,
  GetFunctionConfigurationCommand,
  PublishVersionCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-sfn';
import { readsLaunchQueue } from '@bclaw/spec/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  deploy,
  ensureBucket,
  listExecutions,
  listVersions,
  listWorkflows,
  plan,
  promote,
  prune,
  readHistory,
  readStatus,
  rollback,
  submit,
  waitForEnd,
  waitForLaunch,
} from '../src/index.js';
import { template, useEngine } from './engine.js';

const engine = useEngine();

/** More than a page of `ListVersionsByFunction`, which holds 50. */
const count = 60;
/** More than a page of `DescribeJobDefinitions`, which holds 100. */
const foreign = 120;

/** Two deployments, and further versions as they would have made them: one by one they would take minutes. */
async function deployed(workflow: string, versions: number): Promise<void> {
  for (const number of [1, 2]) await deploy(engine.clients, { workflow, template: template(`echo ${number}`) });
  const { lambda, sfn } = engine.clients;
  const [newest] = (await listVersions(engine.clients, { workflow, newest: 1 })).versions;
  const arn = newest?.stateMachine.arn ?? '';
  const { definition, roleArn } = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn: arn }));
  const { tags } = await sfn.send(new ListTagsForResourceCommand({ resourceArn: arn }));
  const FunctionName = `${workflow}-launcher`;
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  for (let version = 3; version <= versions; version++) {
    await sfn.send(
      new CreateStateMachineCommand({
        name: `${workflow}--${version}`,
        definition,
        roleArn,
        tags,
        publish: true,
        versionDescription: readsLaunchQueue,
      }),
    );
    await lambda.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName,
        Environment: { Variables: { ...Environment?.Variables, DEPLOYMENT: String(version) } },
      }),
    );
    await lambda.send(new PublishVersionCommand({ FunctionName }));
  }
}

async function callsOf(operation: () => Promise<unknown>): Promise<Record<string, number>> {
  const counts = async (): Promise<Record<string, number>> =>
    JSON.parse(await (await fetch(`${engine.url}/_bclaw/calls`)).text());
  const before = await counts();
  await operation();
  const after = await counts();
  return Object.fromEntries(
    Object.entries(after).flatMap(([name, number]) => {
      const made = number - (before[name] ?? 0);
      // Lambda polls the launch queues all the time, in the engine as in AWS.
      return made === 0 || name === 'sqs:ReceiveMessage' ? [] : [[name, made]];
    }),
  );
}
const sum = (calls: Record<string, number>) => Object.values(calls).reduce((all, number) => all + number, 0);

beforeAll(async () => {
  await deployed('few', 2);
  await deployed('many', count);
  const { batch, sfn } = engine.clients;
  const [version] = (await listVersions(engine.clients, { workflow: 'few', newest: 1 })).versions;
  const { definition, roleArn } = await sfn.send(
    new DescribeStateMachineCommand({ stateMachineArn: version?.stateMachine.arn }),
  );
  for (let number = 0; number < foreign; number++) {
    await sfn.send(new CreateStateMachineCommand({ name: `foreign-${number}`, definition, roleArn }));
    await batch.send(
      new RegisterJobDefinitionCommand({
        jobDefinitionName: `foreign-${number}`,
        type: 'container',
        containerProperties: { image: 'busybox', vcpus: 1, memory: 100 },
      }),
    );
  }
  await promote(engine.clients, { workflow: 'many', to: count });
  await ensureBucket(engine.clients, 'ops-test-data');
  for (const workflow of ['few', 'many']) await runJob(workflow);
});

/** A job on the live version has run: its workflow, and its name. */
const jobs = new Map<string, string>();

async function runJob(workflow: string): Promise<void> {
  const [job] = await submit(engine.clients, { workflow, files: [{ name: 'a.json', body: '{"id": "a"}' }] });
  const executionName = job?.executionName ?? '';
  const { executionArn } = await waitForLaunch(engine.clients, { workflow, executionName });
  await waitForEnd(engine.clients, { execution: executionArn });
  jobs.set(workflow, executionName);
}

/** `submit` is not among them: the job's own calls would be counted, too. */
const operations: Readonly<Record<string, (workflow: string, newest: number) => Promise<unknown>>> = {
  versions: (workflow) => listVersions(engine.clients, { workflow, newest: 20 }),
  'versions --all': (workflow) => listVersions(engine.clients, { workflow }),
  plan: (workflow) => plan(engine.clients, { workflow, template: template('echo 2') }),
  history: (workflow) => readHistory(engine.clients, { workflow }),
  executions: (workflow) => listExecutions(engine.clients, { workflow, newest: 20 }),
  'executions --all': (workflow) => listExecutions(engine.clients, { workflow }),
  'executions --version 1': (workflow) => listExecutions(engine.clients, { workflow, version: 1 }),
  'status --workflow': (workflow) =>
    readStatus(engine.clients, { workflow, execution: jobs.get(workflow) ?? '', logLines: 0 }),
  status: (workflow) => readStatus(engine.clients, { execution: jobs.get(workflow) ?? '', logLines: 0 }),
  'prune --dry-run': (workflow) => prune(engine.clients, { workflow, dryRun: true }),
  'prune --dry-run --all': (workflow) => prune(engine.clients, { workflow, dryRun: true, all: true }),
  workflows: () => listWorkflows(engine.clients, { newest: 5 }),
  rollback: (workflow) => rollback(engine.clients, { workflow }),
  'promote --to': (workflow, newest) => promote(engine.clients, { workflow, to: newest }),
};

/** The table in the reference: command, calls with two versions, calls with 60. */
function documented(): Record<string, number[]> {
  const page = readFileSync(new URL('../../../docs/reference/calls.md', import.meta.url), 'utf8');
  const rows = page.matchAll(/^\| `([^`]+)` \| (\d+) \| (\d+) \|/gm);
  return Object.fromEntries([...rows].map(([, command = '', ...counts]) => [command, counts.slice(0, 2).map(Number)]));
}

describe('the calls of each command', () => {
  it('are those of the reference, whatever else the account holds', async () => {
    const measured: Record<string, number[]> = {};
    for (const [command, operation] of Object.entries(operations)) {
      const few = await callsOf(() => operation('few', 2));
      const many = await callsOf(() => operation('many', count));
      measured[command] = [few, many].map((calls) => sum(calls));
    }
    expect(measured).toEqual(documented());
  });

  it('are eight for a rollback, one of which moves the alias', async () => {
    const calls = await callsOf(() => rollback(engine.clients, { workflow: 'many' }));
    expect(calls).toEqual({
      'batch:DescribeJobDefinitions': 1,
      'cloudformation:DescribeStacks': 1,
      'lambda:GetAlias': 1,
      'lambda:UpdateAlias': 1,
      'states:DescribeStateMachine': 2,
      'states:ListExecutions': 1,
      'sts:GetCallerIdentity': 1,
    });
  });

  it('are a few more when a rollback has to pass over versions that are gone', async () => {
    const workflow = 'many';
    const { live, versions } = await listVersions(engine.clients, { workflow });
    const at = live?.version ?? 0;
    const { lambda, sfn } = engine.clients;
    const machine = (version: number) => versions.find((row) => row.version === version)?.stateMachine.arn;
    for (let version = at - 1; version > at - 5; version--) {
      await sfn.send(new DeleteStateMachineCommand({ stateMachineArn: machine(version) }));
      await lambda.send(
        new DeleteFunctionCommand({ FunctionName: `${workflow}-launcher`, Qualifier: String(version) }),
      );
    }
    const calls = await callsOf(async () =>
      expect(await rollback(engine.clients, { workflow })).toMatchObject({ from: at, to: at - 5 }),
    );
    expect(calls).toMatchObject({ 'lambda:ListVersionsByFunction': 2, 'states:DescribeStateMachine': 8 });
  });

  it('of a rollback go on to an older version when only the launcher of one is gone', async () => {
    const workflow = 'many';
    const { live } = await listVersions(engine.clients, { workflow, newest: 1 });
    const at = live?.version ?? 0;
    await engine.clients.lambda.send(
      new DeleteFunctionCommand({ FunctionName: `${workflow}-launcher`, Qualifier: String(at - 1) }),
    );
    expect(await rollback(engine.clients, { workflow })).toMatchObject({ from: at, to: at - 2 });
  });
});
