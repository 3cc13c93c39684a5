import { UpdateAliasCommand } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { deploy, ensureBucket, listExecutions, listWorkflows, submit, watchJobs } from '../../src/index.js';
import { template, useEngine } from '../engine.js';

const engine = useEngine();

async function run(workflow: string): Promise<void> {
  const [job] = await submit(engine.clients, { workflow, files: [{ name: 'a.json', body: '{"id": "a"}' }] });
  await watchJobs(engine.clients, { workflow, executionNames: [job?.executionName ?? ''] });
}

describe('the list of workflows', () => {
  it('is empty where none is deployed', async () => {
    expect(await listWorkflows(engine.clients)).toEqual([]);
    expect(await listExecutions(engine.clients, {})).toEqual([]);
  });

  it('tells what is live since when, what runs and what failed lately', async () => {
    await ensureBucket(engine.clients, 'ops-test-data');
    const before = new Date(Date.now() - 1_000);
    await deploy(engine.clients, { workflow: 'weighted', template: template('echo 1 > out.txt') });
    await deploy(engine.clients, { workflow: 'weighted', template: template('echo 2 > out.txt') });
    await engine.clients.lambda.send(
      new UpdateAliasCommand({
        FunctionName: 'weighted-launcher',
        Name: 'live',
        FunctionVersion: '2',
        RoutingConfig: { AdditionalVersionWeights: { 1: 0.25 } },
      }),
    );
    await deploy(engine.clients, { workflow: 'broken', template: template('exit 1', { versioned: false }) });
    await run('weighted');
    await run('broken');
    const [broken, weighted, ...others] = await listWorkflows(engine.clients);
    expect(others).toEqual([]);
    expect(broken).toMatchObject({ workflow: 'broken', versioned: false, running: 0, failed: 1 });
    expect(broken?.live).toBeUndefined();
    expect(weighted).toMatchObject({
      workflow: 'weighted',
      versioned: true,
      live: { version: 2, weight: 0.75, other: { version: 1, weight: 0.25 } },
      running: 0,
      failed: 0,
    });
    for (const { deployedAt } of [broken, weighted].filter((one) => one !== undefined))
      expect(deployedAt?.getTime()).toBeGreaterThanOrEqual(before.getTime());
    const earlier = await listWorkflows(engine.clients, { failedWithinMs: 0 });
    expect(earlier.map(({ failed }) => failed)).toEqual([0, 0]);
  });

  it('has its jobs in the list of all executions, newest first', async () => {
    const all = await listExecutions(engine.clients, {});
    expect(all.map(({ workflow, status }) => `${workflow} ${status}`)).toEqual(['broken FAILED', 'weighted SUCCEEDED']);
    expect(await listExecutions(engine.clients, { status: 'FAILED' })).toMatchObject([{ workflow: 'broken' }]);
    expect(await listExecutions(engine.clients, { limit: 1 })).toHaveLength(1);
  });
});
