import { readFileSync } from 'node:fs';
import { DeleteFunctionCommand } from '@aws-sdk/client-lambda';
import { DeleteStateMachineCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from 'vitest';
import {
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
import { CallCounter } from './call-counter.js';
import { template, useEngine } from './engine.js';
import { deployVersions, fillAccount } from './old-account.js';

const engine = useEngine();

/** More than a page of `ListVersionsByFunction`, which holds 50. */
const count = 60;
/** More than a page of `DescribeJobDefinitions`, which holds 100. */
const foreign = 120;

let counter: CallCounter;
const callsOf = (operation: () => Promise<unknown>) => counter.during(operation);

beforeAll(async () => {
  counter = new CallCounter(engine.clients);
  await deployVersions(engine.clients, 'few', 2);
  await deployVersions(engine.clients, 'many', count);
  await fillAccount(engine.clients, { machines: foreign, definitions: foreign });
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

const operations: Readonly<Record<string, (workflow: string, newest: number) => Promise<unknown>>> = {
  versions: (workflow) => listVersions(counter.clients, { workflow, newest: 20 }),
  'versions --all': (workflow) => listVersions(counter.clients, { workflow }),
  plan: (workflow) => plan(counter.clients, { workflow, template: template('echo 2') }),
  history: (workflow) => readHistory(counter.clients, { workflow }),
  executions: (workflow) => listExecutions(counter.clients, { workflow, newest: 20 }),
  'executions --all': (workflow) => listExecutions(counter.clients, { workflow }),
  'executions --version 1': (workflow) => listExecutions(counter.clients, { workflow, version: 1 }),
  'status --workflow': (workflow) =>
    readStatus(counter.clients, { workflow, execution: jobs.get(workflow) ?? '', logLines: 0 }),
  status: (workflow) => readStatus(counter.clients, { execution: jobs.get(workflow) ?? '', logLines: 0 }),
  submit: (workflow) => submit(counter.clients, { workflow, files: [{ name: 'b.json', body: '{"id": "b"}' }] }),
  'prune --dry-run': (workflow) => prune(counter.clients, { workflow, dryRun: true }),
  'prune --dry-run --all': (workflow) => prune(counter.clients, { workflow, dryRun: true, all: true }),
  workflows: () => listWorkflows(counter.clients, { newest: 5 }),
  rollback: (workflow) => rollback(counter.clients, { workflow }),
  'promote --to': (workflow, newest) => promote(counter.clients, { workflow, to: newest }),
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
      measured[command] = [few.length, many.length];
    }
    expect(measured).toEqual(documented());
  });

  it('are eight for a rollback, one of which moves the alias', async () => {
    const calls = await callsOf(() => rollback(counter.clients, { workflow: 'many' }));
    const expected = [
      ...['GetAlias', 'GetCallerIdentity', 'DescribeStateMachine', 'DescribeStateMachine', 'DescribeJobDefinitions'],
      ...['UpdateAlias', 'DescribeStacks', 'ListExecutions'],
    ];
    expect(calls.toSorted()).toEqual(expected.toSorted());
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
      expect(await rollback(counter.clients, { workflow })).toMatchObject({ from: at, to: at - 5 }),
    );
    expect(calls.filter((call) => call === 'ListVersionsByFunction')).toHaveLength(2);
    expect(calls.filter((call) => call === 'DescribeStateMachine')).toHaveLength(8);
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
