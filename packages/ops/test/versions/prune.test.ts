import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { DeleteStateMachineCommand } from '@aws-sdk/client-sfn';
import { afterAll, describe, expect, it } from 'vitest';
import {
  createClients,
  deploy,
  destroyClients,
  ensureBucket,
  findResources,
  listVersions,
  promote,
  prune,
  submit,
  waitForEnd,
  waitForLaunch,
} from '../../src/index.js';
import { template, useEngine } from '../engine.js';

const engine = useEngine();
const folder = mkdtempSync(join(tmpdir(), 'bclaw-prune-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function deployed(workflow: string, count: number): Promise<void> {
  for (let version = 1; version <= count; version += 1) {
    await deploy(engine.clients, { workflow, template: template(`echo ${version}`) });
  }
}

const left = async (workflow: string) =>
  (await findResources(engine.clients, workflow)).versions.map(({ version }) => version);

describe('prune', () => {
  it('keeps the newest three unless told otherwise, and can be asked first', async () => {
    const workflow = 'default';
    await deployed(workflow, 5);
    const plan = await prune(engine.clients, { settleMs: 0, workflow, dryRun: true });
    expect(plan.pruned).toEqual([
      { version: 1, stateMachine: true, jobDefinitions: 1, launcherVersion: true },
      { version: 2, stateMachine: true, jobDefinitions: 1, launcherVersion: true },
    ]);
    expect(await left(workflow)).toEqual([1, 2, 3, 4, 5]);
    const done = await prune(engine.clients, { settleMs: 0, workflow });
    expect(done.pruned).toEqual(plan.pruned);
    expect(await left(workflow)).toEqual([3, 4, 5]);
    expect((await prune(engine.clients, { settleMs: 0, workflow })).pruned).toEqual([]);
  });

  it('asks for each definition of the account three times at most, however many versions go', async () => {
    const workflow = 'many';
    await deployed('beside-many', 1);
    await deployed(workflow, 6);
    const clients = createClients({
      endpoint: engine.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    });
    const asked = new Map<string, number>();
    clients.sfn.middlewareStack.add(
      (next, { commandName }) => {
        return async (args) => {
          const { input } = args;
          if (commandName === 'DescribeStateMachineCommand' && 'stateMachineArn' in input) {
            const arn = String(input.stateMachineArn);
            asked.set(arn, (asked.get(arn) ?? 0) + 1);
          }
          return await next(args);
        };
      },
      { step: 'initialize' },
    );
    const { pruned } = await prune(clients, { settleMs: 0, workflow, keep: 1 });
    destroyClients(clients);
    expect(pruned).toHaveLength(5);
    expect(asked.size).toBeGreaterThan(6);
    expect(Math.max(...asked.values())).toBeLessThanOrEqual(3);
  });

  it('never deletes what is live or was deployed last', async () => {
    const workflow = 'live-and-newest';
    await deployed(workflow, 3);
    await promote(engine.clients, { workflow, to: 1 });
    const { kept } = await prune(engine.clients, { settleMs: 0, workflow, keep: 1 });
    expect(kept.map(({ version, because }) => [version, because])).toEqual([
      [1, 'live'],
      [3, 'newest'],
    ]);
    expect((await listVersions(engine.clients, { workflow })).versions.every(({ healthy }) => healthy)).toBe(true);
  });

  it('never deletes a version on which a job runs', async () => {
    const workflow = 'running';
    await ensureBucket(engine.clients, 'ops-test-data');
    // Runs until the test creates the file.
    await deploy(engine.clients, {
      workflow,
      template: template(`until [ -e ${folder}/\${job.id} ]; do sleep 0.1; done; echo > out.txt`),
    });
    const id = 'go';
    const [job] = await submit(engine.clients, { workflow, files: [{ name: 'a.json', body: JSON.stringify({ id }) }] });
    const { executionArn } = await waitForLaunch(engine.clients, {
      workflow,
      executionName: job?.executionName ?? '',
    });
    await deploy(engine.clients, { workflow, template: template('echo 2') });
    const { pruned, kept } = await prune(engine.clients, { settleMs: 0, workflow, keep: 1 });
    expect(pruned).toEqual([]);
    expect(kept).toContainEqual({ version: 1, because: 'running', detail: '1 execution is running' });

    writeFileSync(join(folder, id), '');
    expect((await waitForEnd(engine.clients, { execution: executionArn })).status).toBe('SUCCEEDED');
    expect(
      (await prune(engine.clients, { settleMs: 0, workflow, keep: 1 })).pruned.map(({ version }) => version),
    ).toEqual([1]);
  });

  it.each([
    ['the ARN of its state machine', 'called-arn', (_: string, arn: string) => arn],
    ["the ARN of its state machine's published version", 'called-published', (_: string, arn: string) => `${arn}:1`],
    ['its number', 'called-number', (workflow: string) => `${workflow}:1`],
  ])('never deletes a version that another workflow calls by %s', async (_, workflow, nameOf) => {
    await deployed(workflow, 2);
    const [, first] = (await listVersions(engine.clients, { workflow })).versions;
    const parent = `calls-${workflow}`;
    const steps = [`call: {subpipe: "${nameOf(workflow, first?.stateMachine.arn ?? '')}"}`, 'call: {Type: Pass}'];
    for (const step of steps)
      await deploy(engine.clients, {
        workflow: parent,
        template: `
Transform: BC2_Compiler
Repository: s3://ops-test-data/\${job.id}
Options: {versioned: true}
Steps:
  - ${step}
`,
      });
    // The parent's live version no longer calls it, but a rollback would.
    const { pruned, kept } = await prune(engine.clients, { settleMs: 0, workflow, keep: 1 });
    expect(pruned).toEqual([]);
    expect(kept).toContainEqual({ version: 1, because: 'called', detail: `${parent}--1 may call it` });
    expect((await listVersions(engine.clients, { workflow })).versions.every(({ healthy }) => healthy)).toBe(true);

    await prune(engine.clients, { settleMs: 0, workflow: parent, keep: 1 });
    const after = await prune(engine.clients, { settleMs: 0, workflow, keep: 1 });
    expect(after.pruned.map(({ version }) => version)).toEqual([1]);
  });

  it('deletes a version whose number only begins as the one that another workflow calls', async () => {
    const workflow = 'called-ten';
    await deployed(workflow, 2);
    await deploy(engine.clients, {
      workflow: 'calls-ten',
      template: `
Transform: BC2_Compiler
Repository: s3://ops-test-data/\${job.id}
Steps:
  - call: {subpipe: "${workflow}:10"}
`,
    });
    const { pruned } = await prune(engine.clients, { settleMs: 0, workflow, keep: 1 });
    expect(pruned.map(({ version }) => version)).toEqual([1]);
  });

  it('never deletes a version that gets a share of the jobs', async () => {
    const workflow = 'shared';
    await deployed(workflow, 3);
    await engine.clients.lambda.send(
      new UpdateAliasCommand({
        FunctionName: `${workflow}-launcher`,
        Name: 'live',
        RoutingConfig: { AdditionalVersionWeights: { 1: 0.01 } },
      }),
    );
    const { pruned, kept } = await prune(engine.clients, { settleMs: 0, workflow, keep: 1 });
    expect(pruned.map(({ version }) => version)).toEqual([2]);
    expect(kept.map(({ version, because }) => [version, because])).toEqual([
      [1, 'live'],
      [3, 'live'],
    ]);
  });

  it('finishes what was begun by hand or interrupted', async () => {
    const workflow = 'interrupted';
    await deployed(workflow, 3);
    const { versions } = await listVersions(engine.clients, { workflow });
    const machine = versions.find(({ version }) => version === 1)?.stateMachine.arn;
    await engine.clients.sfn.send(new DeleteStateMachineCommand({ stateMachineArn: machine }));
    // Version 1 can't go live again, so it is not worth keeping.
    expect((await prune(engine.clients, { settleMs: 0, workflow, keep: 3 })).pruned).toEqual([
      { version: 1, stateMachine: false, jobDefinitions: 1, launcherVersion: true },
    ]);
    expect(await left(workflow)).toEqual([2, 3]);
  });

  it('clears up after a stack that was deleted', async () => {
    const workflow = 'orphans';
    await deployed(workflow, 3);
    await engine.clients.cloudFormation.send(new DeleteStackCommand({ StackName: workflow }));
    await expect
      .poll(() =>
        engine.clients.cloudFormation.send(new DescribeStacksCommand({ StackName: workflow })).then(
          ({ Stacks }) => Stacks?.[0]?.StackStatus ?? 'gone',
          () => 'gone',
        ),
      )
      .toMatch(/gone|DELETE_COMPLETE/);
    expect(await left(workflow)).toContain(1);
    await prune(engine.clients, { settleMs: 0, workflow, keep: 1 });
    expect(await left(workflow)).toEqual([]);
    await expect(prune(engine.clients, { settleMs: 0, workflow })).rejects.toMatchObject({ code: 'no-such-workflow' });
  });

  it('leaves young versions alone when only old ones are to go', async () => {
    const workflow = 'young';
    await deployed(workflow, 2);
    const { pruned, kept } = await prune(engine.clients, { settleMs: 0, workflow, keep: 1, olderThanMs: 3_600_000 });
    expect(pruned).toEqual([]);
    expect(kept).toContainEqual(expect.objectContaining({ version: 1, because: 'young' }));
    expect((await prune(engine.clients, { settleMs: 0, workflow, keep: 1, olderThanMs: 0 })).pruned).toHaveLength(1);
  });

  it('refuses to keep nothing', async () => {
    await expect(prune(engine.clients, { settleMs: 0, workflow: 'default', keep: 0 })).rejects.toMatchObject({
      code: 'bad-keep',
    });
  });
});
