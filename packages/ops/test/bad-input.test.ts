import { DescribeJobDefinitionsCommand } from '@aws-sdk/client-batch';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetAliasCommand, ListVersionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { ListStateMachinesCommand } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Clients,
  createClients,
  deploy,
  destroy,
  destroyClients,
  explainError,
  listDeadLetters,
  listVersions,
  plan,
  promote,
  prune,
  readHistory,
  redriveDeadLetters,
  rollback,
  submit,
} from '../src/index.js';
import { DenyingProxy } from './denying-proxy.js';
import { template, useEngine } from './engine.js';

const engine = useEngine();
const workflow = 'guarded';
let proxy: DenyingProxy;
/** Clients whose requests go through the proxy. */
let clients: Clients;

beforeAll(async () => {
  for (const number of [1, 2, 3]) await deploy(engine.clients, { workflow, template: template(`echo ${number}`) });
  proxy = await DenyingProxy.start(engine.url);
  clients = createClients({
    endpoint: proxy.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
  });
});
afterAll(async () => {
  destroyClients(clients);
  await proxy.close();
});

/** All state of the workflow that an operation could change. */
async function state(): Promise<unknown> {
  const { cloudFormation, lambda, sfn, batch } = engine.clients;
  const [alias, versions, machines, definitions, stacks] = await Promise.all([
    lambda.send(new GetAliasCommand({ FunctionName: `${workflow}-launcher`, Name: 'live' })),
    lambda.send(new ListVersionsByFunctionCommand({ FunctionName: `${workflow}-launcher` })),
    sfn.send(new ListStateMachinesCommand({})),
    batch.send(new DescribeJobDefinitionsCommand({ status: 'ACTIVE' })),
    cloudFormation.send(new DescribeStacksCommand({})),
  ]);
  return {
    alias: [alias.FunctionVersion, alias.RevisionId, alias.RoutingConfig],
    versions: versions.Versions?.map(({ Version, RevisionId }) => [Version, RevisionId]),
    machines: machines.stateMachines?.map(({ name }) => name).filter((name) => name?.startsWith(workflow)),
    definitions: definitions.jobDefinitions?.map(({ jobDefinitionArn }) => jobDefinitionArn),
    stacks: stacks.Stacks?.map(({ StackName, StackStatus }) => [StackName, StackStatus]),
  };
}

const file = { name: 'a.json', body: '{"id": "a"}' };
const operations: Readonly<Record<string, (with_: Clients) => Promise<unknown>>> = {
  versions: (with_) => listVersions(with_, { workflow }),
  history: (with_) => readHistory(with_, { workflow }),
  plan: (with_) => plan(with_, { workflow, template: template('echo 4') }),
  deploy: (with_) => deploy(with_, { workflow, template: template('echo 4') }),
  rollback: (with_) => rollback(with_, { workflow }),
  promote: (with_) => promote(with_, { workflow, to: 1 }),
  submit: (with_) => submit(with_, { workflow, files: [file] }),
  'submit --version': (with_) => submit(with_, { workflow, version: 2, files: [file] }),
  prune: (with_) => prune(with_, { workflow, keep: 1, settleMs: 0 }),
  destroy: (with_) => destroy(with_, { workflow, settleMs: 0 }),
  'dead-letters': (with_) => listDeadLetters(with_, { workflow }),
  'dead-letters --redrive': (with_) => redriveDeadLetters(with_, { workflow }),
};

/** The calls of an operation, recorded from a run that is denied at its last call and so changes nothing. */
const denials: readonly (readonly [operation: string, denied: string])[] = [
  ['versions', 'GetFunctionConfiguration'],
  ['versions', 'GetAlias'],
  ['versions', 'ListVersionsByFunction'],
  ['versions', 'DescribeStateMachine'],
  ['versions', 'ListExecutions'],
  ['versions', 'DescribeJobDefinitions'],
  ['history', 'DescribeStackEvents'],
  ['history', 'GetAlias'],
  ['plan', 'DescribeStacks'],
  ['plan', 'DescribeStateMachine'],
  ['plan', 'DescribeJobDefinitions'],
  ['deploy', 'DescribeStacks'],
  ['deploy', 'GetFunctionConfiguration'],
  ['deploy', 'CreateChangeSet'],
  ['deploy', 'DescribeChangeSet'],
  ['deploy', 'ExecuteChangeSet'],
  ['rollback', 'GetAlias'],
  ['rollback', 'DescribeStateMachine'],
  ['rollback', 'DescribeJobDefinitions'],
  ['rollback', 'UpdateAlias'],
  ['promote', 'UpdateAlias'],
  ['submit', 'DescribeStacks'],
  ['submit', 'PutObject'],
  ['submit --version', 'PutObject'],
  ['submit --version', 'Invoke'],
  ['prune', 'ListStateMachines'],
  ['prune', 'DescribeStateMachine'],
  ['prune', 'DescribeJobDefinitions'],
  ['prune', 'ListExecutions'],
  ['prune', 'DeleteFunction'],
  ['destroy', 'DescribeStacks'],
  ['destroy', 'ListExecutions'],
  ['destroy', 'DeleteStateMachineVersion'],
  ['dead-letters', 'GetQueueUrl'],
  ['dead-letters', 'ReceiveMessage'],
  ['dead-letters --redrive', 'ReceiveMessage'],
];

describe('without one permission', () => {
  it.each(denials)('%s, refused at %s, says which one is missing and changes nothing', async (operation, denied) => {
    const before = await state();
    proxy.deny(denied);
    const error = await operations[operation]?.(clients).then(
      () => undefined,
      (reason: unknown) => explainError(reason),
    );
    proxy.deny(undefined);
    expect(error, `${operation} never calls ${denied}`).toBeDefined();
    expect(error?.code).toBe('access-denied');
    expect(error?.message).toMatch(new RegExp(`^AWS refused: User: .* is not authorized to perform: .*:${denied}`));
    expect(error?.hint).toContain('permission');
    expect(await state()).toEqual(before);
  });

  it.each([
    ['DescribeStacks', { stillRunning: 0, mutableImages: [] }],
    ['ListExecutions', { deploymentUnderWay: false, mutableImages: [] }],
  ])(
    'a rollback, refused at %s, which it only shows, moves the jobs and says what it could not read',
    async (denied, rest) => {
      const other = `moved-${denied.toLowerCase()}`;
      for (const number of [1, 2])
        await deploy(engine.clients, { workflow: other, template: template(`echo ${number}`) });
      proxy.deny(denied);
      const moved = await rollback(clients, { workflow: other });
      proxy.deny(undefined);
      expect(moved).toEqual({
        workflow: other,
        from: 2,
        to: 1,
        ...rest,
        notRead: [expect.stringContaining(`:${denied}`)],
      });
      expect((await listVersions(engine.clients, { workflow: other })).live).toMatchObject({ version: 1 });
    },
  );

  it.each([['DeleteStateMachineVersion'], ['DeleteStateMachine'], ['DeregisterJobDefinition']])(
    'prune, refused at %s, leaves what is live and finishes when it may',
    async (denied) => {
      const other = `halfway-${denied.toLowerCase()}`;
      for (const number of [1, 2, 3])
        await deploy(engine.clients, { workflow: other, template: template(`echo ${number}`) });
      proxy.deny(denied);
      await expect(prune(clients, { workflow: other, keep: 1, settleMs: 0 })).rejects.toThrow('not authorized');
      proxy.deny(undefined);
      const table = await listVersions(engine.clients, { workflow: other });
      expect(table.versions.find(({ live }) => live)).toMatchObject({ version: 3, healthy: true });
      const { pruned } = await prune(clients, { workflow: other, keep: 1, settleMs: 0 });
      expect(pruned.map(({ version }) => version)).toEqual([1, 2]);
      const { stateMachines } = await engine.clients.sfn.send(new ListStateMachinesCommand({}));
      expect(stateMachines?.map(({ name }) => name).filter((name) => name?.startsWith(`${other}--`))).toEqual([
        `${other}--3`,
      ]);
    },
  );
});

describe('bad input', () => {
  it.each([
    [
      'a version that never existed',
      () => rollback(engine.clients, { workflow, to: 9 }),
      'no-such-version',
      'the newest is 3',
    ],
    [
      'a version before the first',
      () => rollback(engine.clients, { workflow, to: 0 }),
      'no-such-version',
      'has no version 0: versions begin with 1',
    ],
    [
      'a workflow of a name that none can have',
      () => rollback(engine.clients, { workflow: 'my/workflow' }),
      'no-such-workflow',
      'no workflow "my/workflow" here',
    ],
    ['a version that is live', () => rollback(engine.clients, { workflow, to: 3 }), 'already-live', 'is live already'],
    ['keep 0', () => prune(engine.clients, { workflow, keep: 0 }), 'bad-keep', 'at least one must stay'],
    [
      'a name too long for its launcher',
      () => deploy(engine.clients, { workflow: 'x'.repeat(56), template: template('echo') }),
      'bad-workflow-name',
      'at most 55 fit',
    ],
    [
      'a name that ends like a version',
      () => deploy(engine.clients, { workflow: 'my-workflow--2', template: template('echo') }),
      'bad-workflow-name',
      'ends like a version',
    ],
    [
      'a job file without a name',
      () => submit(engine.clients, { workflow, files: [{ name: 'folder/', body: '{}' }] }),
      'bad-job-name',
      "can't be the name of a job file",
    ],
    [
      'a job for a version that there is not',
      () => submit(engine.clients, { workflow, version: 7, files: [file] }),
      'no-such-version',
      'has no version 7',
    ],
  ])('%s gets a sentence with the way out, and changes nothing', async (_, operation, code, words) => {
    const before = await state();
    const error = await operation().then(
      () => undefined,
      (reason: unknown) => explainError(reason),
    );
    expect(error).toMatchObject({ code, message: expect.stringContaining(words), hint: expect.any(String) });
    expect(await state()).toEqual(before);
  });

  it('a version that is pruned is told from one that never was', async () => {
    const other = 'pruned';
    for (const number of [1, 2, 3])
      await deploy(engine.clients, { workflow: other, template: template(`echo ${number}`) });
    await prune(engine.clients, { workflow: other, keep: 1, settleMs: 0 });
    await expect(rollback(engine.clients, { workflow: other, to: 1 })).rejects.toMatchObject({
      code: 'no-such-version',
      message: 'Version 1 of "pruned" is gone: it has been pruned, or its deployment failed.',
      hint: expect.stringContaining('deploy its template again'),
    });
  });

  it('two deployments at once: one is told to wait, and the other succeeds', async () => {
    const other = 'twice-at-once';
    await deploy(engine.clients, { workflow: other, template: template('echo 1') });
    const outcomes = await Promise.allSettled(
      [2, 3, 4].map((number) => deploy(engine.clients, { workflow: other, template: template(`echo ${number}`) })),
    );
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'stack-busy' });
    }
    const { versions } = await listVersions(engine.clients, { workflow: other });
    expect(versions.every(({ healthy }) => healthy)).toBe(true);
  });

  it('two first deployments at once, too: neither takes the stack away from the other', async () => {
    const other = 'first-at-once';
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map((number) => deploy(engine.clients, { workflow: other, template: template(`echo ${number}`) })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'stack-busy' });
    }
    expect((await listVersions(engine.clients, { workflow: other })).versions[0]).toMatchObject({ healthy: true });
  });
});
