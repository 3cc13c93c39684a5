import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../engine.js';
import { account, deployCompiled, install, launcherBucket } from './installation.js';
import { Ministack } from './ministack.js';
import { unversioned, withoutBatch, withSubpipe } from './workflows.js';

interface Execution {
  readonly name: string;
  readonly status: string;
  readonly executionArn: string;
}

/** The compiled stack of a workflow, on a third-party emulator of AWS, deployed with the AWS CLI. */
describe('a compiled stack on MiniStack', () => {
  let ministack: Ministack;

  beforeAll(async () => {
    ministack = await Ministack.start();
    await install(ministack);
    await ministack.aws('s3', 'mb', 's3://results');
    for (const release of ['1.0', '2.0', '3.0']) {
      await put(`${release}.txt`, `release ${release}`);
      await ministack.aws('s3', 'cp', `${release}.txt`, 's3://results/releases/');
    }
  });
  afterAll(() => ministack?.stop());

  const put = (file: string, text: string) => writeFile(join(ministack.folder, file), text);
  const deploy = (release: string, name = 'wf', template = withoutBatch) =>
    deployCompiled(ministack, { name, template, release });
  const machine = (version: number, workflow = 'wf') =>
    `arn:aws:states:us-east-1:${account}:stateMachine:${workflow}--${version}`;

  const executions = async (version: number, workflow = 'wf') =>
    (
      (await ministack.json('stepfunctions', 'list-executions', '--state-machine-arn', machine(version, workflow))) as {
        executions: Execution[];
      }
    ).executions;

  async function submit(id: string, data: object, workflow = 'wf'): Promise<void> {
    await put(`${id}.json`, JSON.stringify({ id, ...data }));
    await ministack.aws('s3', 'cp', `${id}.json`, `s3://${launcherBucket}/${workflow}/${id}.json`);
  }

  const ended = (version: number, id: string, workflow = 'wf') =>
    until(
      async () => (await executions(version, workflow)).find(({ name }) => name.startsWith(`${id}_`)),
      (execution) => execution !== undefined && execution.status !== 'RUNNING',
    );

  const read = (key: string) => ministack.aws('s3', 'cp', `s3://results/${key}`, '-');
  const live = () =>
    ministack.json(...'lambda get-alias --function-name wf-launcher --name live --query FunctionVersion'.split(' '));
  const machines = () =>
    ministack.json('stepfunctions', 'list-state-machines', '--query', 'sort(stateMachines[].name)');

  it('becomes version 1: function version, state machine and alias', async () => {
    await deploy('1.0');
    expect(await live()).toBe('1');
    expect(await machines()).toEqual(['wf--1']);
  });

  it('runs a job that is copied into the launcher bucket, every kind of step', async () => {
    await submit('first', { wide: true });
    expect(await ended(1, 'first')).toMatchObject({ status: 'SUCCEEDED' });
    expect(await read('first/release.txt')).toBe('release 1.0');
    const manifest = JSON.parse(await read('first/wide_manifest.json'));
    expect(manifest).toEqual({
      branches: [0, 1, 2].map((branch) => `s3://results/first/wide/0000${branch}/branch.txt`),
    });
  });

  it('takes the way that a chooser says', async () => {
    await submit('narrow', { wide: false });
    expect(await ended(1, 'narrow')).toMatchObject({ status: 'SUCCEEDED' });
    await expect(read('narrow/wide_manifest.json')).rejects.toThrow(/404/);
  });

  it('becomes version 2 beside version 1, and takes the jobs', async () => {
    await deploy('2.0');
    expect(await live()).toBe('2');
    expect(await machines()).toEqual(['wf--1', 'wf--2']);
    await submit('second', { wide: false });
    expect(await ended(2, 'second')).toMatchObject({ status: 'SUCCEEDED' });
    expect(await read('second/release.txt')).toBe('release 2.0');
  });

  it('is rolled back by moving the alias', async () => {
    await ministack.aws(
      ...'lambda update-alias --function-name wf-launcher --name live --function-version 1'.split(' '),
    );
    await submit('third', { wide: false });
    expect(await ended(1, 'third')).toMatchObject({ status: 'SUCCEEDED' });
    expect(await read('third/release.txt')).toBe('release 1.0');
    expect(await executions(2)).toHaveLength(1);
  });

  it('calls another workflow', async () => {
    await deploy('1.0', 'inner', unversioned);
    await deploy('1.0', 'outer', withSubpipe('inner'));
    await submit('fourth', { wide: false }, 'outer');
    expect(await ended(1, 'fourth', 'outer')).toMatchObject({ status: 'SUCCEEDED' });
    expect(await read('outer/fourth/inner/release.txt')).toBe('release 1.0');
  });

  it('goes forward by deploying a patch', async () => {
    await deploy('3.0');
    expect(await live()).toBe('3');
    expect(await machines()).toEqual(['inner', 'outer--1', 'wf--1', 'wf--2', 'wf--3']);
  });

  it('leaves live where it was when a deployment fails, and nothing new behind', async () => {
    const stack = JSON.parse(await readFile(join(ministack.folder, 'stack.json'), 'utf8'));
    const broken = JSON.stringify({
      ...stack,
      Resources: {
        ...stack.Resources,
        // Stands for anything that AWS may reject while green is being built.
        Broken: {
          Type: 'AWS::StepFunctions::StateMachine',
          DependsOn: Object.keys(stack.Resources).filter((id) => id.startsWith('StateMachine')),
          Properties: {
            RoleArn: `arn:aws:iam::${account}:role/none`,
            DefinitionS3Location: { Bucket: 'results', Key: 'no-such-object' },
          },
        },
      },
    }).replaceAll(/(LauncherVersion|StateMachine)[0-9a-f]{8}/g, '$100000000');
    await put('broken.json', broken.replaceAll('wf-3.0', 'wf-4.0'));
    await expect(
      ministack.aws(
        ...'cloudformation deploy --stack-name wf --template-file broken.json --parameter-overrides Release=3.0'.split(
          ' ',
        ),
        ...'--capabilities CAPABILITY_IAM CAPABILITY_NAMED_IAM'.split(' '),
      ),
    ).rejects.toThrow(/Failed to create\/update the stack/);
    expect(await live()).toBe('3');
    expect(await machines()).toEqual(['inner', 'outer--1', 'wf--1', 'wf--2', 'wf--3']);
  });
});
