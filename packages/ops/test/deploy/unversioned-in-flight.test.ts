import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeJobDefinitionsCommand } from '@aws-sdk/client-batch';
import {
  DeleteStackCommand,
  UpdateStackCommand,
  waitUntilStackDeleteComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deploy, destroy, ensureBucket, prune, submit, waitForEnd, waitForLaunch } from '../../src/index.js';
import { useEngine } from '../engine.js';

const engine = useEngine();
const folder = mkdtempSync(join(tmpdir(), 'bclaw-in-flight-'));
beforeAll(() => ensureBucket(engine.clients, 'in-flight-data'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const image = 'public.ecr.aws/docker/library/debian:12.11-slim';
const step = (name: string, command: string): string => `
  - ${name}:
      image: ${image}
      inputs: {}
      commands: ${JSON.stringify(command)}
      retry: {attempts: 0}`;
const ofSteps = (...steps: string[]): string =>
  `Transform: BC2_Compiler\nRepository: s3://in-flight-data/\${job.id}\nSteps:${steps.join('')}\n`;

/** Runs until the test creates the file. */
const first = step('a', `until [ -e ${folder}/\${job.id} ]; do sleep 0.1; done`);
const lanes = (inner: string): string => `
  - lanes:
      scatter: {n: ["1", "2"]}
      steps:${step(inner, 'echo ${scatter.n}').replaceAll('\n', '\n      ')}`;
const before = ofSteps(first, step('b', 'echo b'), lanes('c'));

async function started(workflow: string): Promise<string> {
  const files = [{ name: 'a.json', body: JSON.stringify({ id: workflow }) }];
  const [job] = await submit(engine.clients, { workflow, files });
  const { executionArn } = await waitForLaunch(engine.clients, { workflow, executionName: job?.executionName ?? '' });
  return executionArn;
}

async function endsWell(workflow: string, execution: string) {
  writeFileSync(join(folder, workflow), '');
  const status = await waitForEnd(engine.clients, { execution });
  // A failure shows why.
  expect(status, JSON.stringify(status)).toMatchObject({ status: 'SUCCEEDED' });
}

/** Names and revisions of the workflow's active job definitions. */
async function active(workflow: string): Promise<string[]> {
  const { jobDefinitions = [] } = await engine.clients.batch.send(
    new DescribeJobDefinitionsCommand({ status: 'ACTIVE' }),
  );
  return jobDefinitions
    .filter(({ jobDefinitionName }) => jobDefinitionName?.startsWith(`${workflow}-`))
    .map(({ jobDefinitionName, revision }) => `${jobDefinitionName?.slice(workflow.length + 1)}:${revision}`)
    .sort();
}

const ways = {
  'bclaw deploy': (workflow: string, template: string) => deploy(engine.clients, { workflow, template }),
  'CloudFormation alone': async (workflow: string, template: string) => {
    await engine.clients.cloudFormation.send(
      new UpdateStackCommand({
        StackName: workflow,
        TemplateBody: template,
        Capabilities: ['CAPABILITY_AUTO_EXPAND', 'CAPABILITY_NAMED_IAM'],
      }),
    );
    const waiting = { client: engine.clients.cloudFormation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
    await waitUntilStackUpdateComplete(waiting, { StackName: workflow });
  },
} as const;

describe('an unversioned workflow that is deployed while a job runs', () => {
  it.each(Object.entries(ways))('lets the job end by the steps that it began with: %s', async (way, redeploy) => {
    const workflow = way === 'bclaw deploy' ? 'by-bclaw' : 'by-hand';
    await deploy(engine.clients, { workflow, template: before });
    const execution = await started(workflow);
    await redeploy(workflow, ofSteps(first, lanes('renamed')));
    expect(await active(workflow)).toEqual(['a:1', 'a:2', 'b:1', 'c:1', 'renamed:1']);

    // A job definition that the job still needs is no leftover, for any caller.
    expect(await prune(engine.clients, { settleMs: 0, workflow })).toMatchObject({
      leftovers: { jobDefinitions: 3, kept: { because: 'running', detail: '1 execution is running' } },
    });
    await endsWell(workflow, execution);

    const asked = await prune(engine.clients, { settleMs: 0, workflow, dryRun: true });
    expect(asked).toEqual({ workflow, dryRun: true, pruned: [], kept: [], leftovers: { jobDefinitions: 3 } });
    expect(await active(workflow)).toHaveLength(5);
    expect((await prune(engine.clients, { settleMs: 0, workflow })).leftovers).toEqual({ jobDefinitions: 3 });
    expect(await active(workflow)).toEqual(['a:2', 'renamed:1']);
    expect(await prune(engine.clients, { settleMs: 0, workflow })).not.toHaveProperty('leftovers');

    const next = await started(workflow);
    await endsWell(workflow, next);
  });

  it('leaves nothing of steps that changed, either, once it is pruned', async () => {
    const workflow = 'changed';
    await deploy(engine.clients, { workflow, template: ofSteps(step('a', 'echo 1')) });
    await deploy(engine.clients, { workflow, template: ofSteps(step('a', 'echo 2')) });
    expect(await active(workflow)).toEqual(['a:1', 'a:2']);
    await prune(engine.clients, { settleMs: 0, workflow });
    expect(await active(workflow)).toEqual(['a:2']);
  });

  it('is deleted with the definitions of removed steps, and so are those of a stack that was deleted by hand', async () => {
    const workflow = 'deleted';
    await deploy(engine.clients, { workflow, template: ofSteps(step('a', 'echo 1'), step('b', 'echo 1')) });
    await deploy(engine.clients, { workflow, template: ofSteps(step('a', 'echo 1')) });
    await destroy(engine.clients, { settleMs: 0, workflow });
    expect(await active(workflow)).toEqual([]);

    await deploy(engine.clients, { workflow, template: ofSteps(step('a', 'echo 1')) });
    await engine.clients.cloudFormation.send(new DeleteStackCommand({ StackName: workflow }));
    const waiting = { client: engine.clients.cloudFormation, maxWaitTime: 60, minDelay: 1, maxDelay: 1 };
    await waitUntilStackDeleteComplete(waiting, { StackName: workflow });
    expect(await active(workflow)).toHaveLength(1);
    await prune(engine.clients, { settleMs: 0, workflow });
    expect(await active(workflow)).toEqual([]);
    await expect(prune(engine.clients, { settleMs: 0, workflow })).rejects.toMatchObject({ code: 'no-such-workflow' });
  });
});
