import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestEngine, type TestEngine, until } from './engine.js';

const workflow = `Transform: BC2_Compiler

Parameters:
  ImageTag:
    Type: String

Repository: s3://my-data/repo/\${job.SAMPLE_ID}

Options:
  versioned: true

Steps:
  - count:
      image: registry.example.org/tools:\${ImageTag}
      inputs:
        reads: s3://my-data/reads/\${job.SAMPLE_ID}.txt
      commands:
        - wc -l < \${reads} > \${lines}
        - echo "tag \${ImageTag}, version $BC_WORKFLOW_VERSION" >> \${lines}
      outputs:
        lines: lines.txt
`;

/** The seed's commands, as its reader would type them; only the endpoint differs (AWS_ENDPOINT_URL, which the AWS CLI reads like --endpoint-url). */
describe("the seed's commands, by the AWS CLI, against the running engine", () => {
  let engine: TestEngine;
  const bucket = 'bayerclaw2-launcher-123456789012';

  beforeAll(async () => {
    engine = await startTestEngine();
    await writeFile(join(engine.folder, 'workflow.yaml'), workflow);
    await engine.aws('s3', 'mb', 's3://my-data');
    await writeFile(join(engine.folder, 'reads.txt'), 'ACGT\nTTGA\nCCCC\n');
  });
  afterAll(() => engine?.stop());

  const json = async <T>(...args: string[]): Promise<T> => JSON.parse(await engine.aws(...args, '--output', 'json'));

  const deploy = (tag: string) =>
    engine.aws(
      'cloudformation',
      'deploy',
      '--stack-name',
      'my-workflow',
      '--template-file',
      'workflow.yaml',
      '--capabilities',
      'CAPABILITY_IAM',
      'CAPABILITY_AUTO_EXPAND',
      '--parameter-overrides',
      `ImageTag=${tag}`,
    );

  const stateMachines = async () => {
    const { stateMachines } = await json<{ stateMachines: { name: string; stateMachineArn: string }[] }>(
      'stepfunctions',
      'list-state-machines',
    );
    return stateMachines.filter((machine) => machine.name.startsWith('my-workflow'));
  };

  const executions = async (version: number) =>
    (
      await json<{ executions: { name: string; status: string }[] }>(
        'stepfunctions',
        'list-executions',
        '--state-machine-arn',
        `arn:aws:states:us-east-1:123456789012:stateMachine:my-workflow--${version}`,
      )
    ).executions;

  const submit = async (sample: string) => {
    await engine.aws('s3', 'cp', 'reads.txt', `s3://my-data/reads/${sample}.txt`);
    await writeFile(join(engine.folder, `${sample}.json`), JSON.stringify({ SAMPLE_ID: sample }));
    await engine.aws('s3', 'cp', `${sample}.json`, `s3://${bucket}/my-workflow/${sample}.json`);
  };

  const finished = (version: number, sample: string) =>
    until(
      async () => (await executions(version)).find((execution) => execution.name.startsWith(`${sample}_`)),
      (execution) => execution !== undefined && execution.status !== 'RUNNING',
    );

  const lines = (sample: string) => engine.aws('s3', 'cp', `s3://my-data/repo/${sample}/lines.txt`, '-');

  it('deploys version 1 and version 2 with an image tag as a parameter', async () => {
    await deploy('1.0');
    expect((await stateMachines()).map((machine) => machine.name)).toEqual(['my-workflow--1']);
    await deploy('1.1');
    expect((await stateMachines()).map((machine) => machine.name).sort()).toEqual(['my-workflow--1', 'my-workflow--2']);
  });

  it('runs a job file copied into the launcher bucket on the live version', async () => {
    await submit('first');
    expect(await finished(2, 'first')).toMatchObject({ status: 'SUCCEEDED' });
    expect(await lines('first')).toBe('3\ntag 1.1, version 2\n');
    expect(await executions(1)).toEqual([]);
  });

  it('rolls back by moving the alias, and runs the next job on version 1', async () => {
    await engine.aws(
      ...'lambda update-alias --function-name my-workflow-launcher --name live --function-version 1'.split(' '),
    );
    await submit('second');
    expect(await finished(1, 'second')).toMatchObject({ status: 'SUCCEEDED' });
    expect(await lines('second')).toBe('3\ntag 1.0, version 1\n');
    expect(await executions(2)).toHaveLength(1);
  });

  it('activates a patch by deploying it, without rolling forward first', async () => {
    await deploy('1.2');
    await submit('third');
    expect(await finished(3, 'third')).toMatchObject({ status: 'SUCCEEDED' });
    expect(await lines('third')).toBe('3\ntag 1.2, version 3\n');
  });

  it('lets prior versions be deleted by hand while the live one goes on', async () => {
    const old = (await stateMachines()).filter((machine) => !machine.name.endsWith('--3'));
    for (const machine of old)
      await engine.aws('stepfunctions', 'delete-state-machine', '--state-machine-arn', machine.stateMachineArn);
    expect((await stateMachines()).map((machine) => machine.name)).toEqual(['my-workflow--3']);

    for (const version of [1, 2]) {
      const { jobDefinitions } = await json<{ jobDefinitions: { jobDefinitionArn: string; status: string }[] }>(
        'batch',
        'describe-job-definitions',
        '--job-definition-name',
        `my-workflow-count--${version}`,
        '--status',
        'ACTIVE',
      );
      expect(jobDefinitions).toHaveLength(1);
      for (const { jobDefinitionArn } of jobDefinitions)
        await engine.aws('batch', 'deregister-job-definition', '--job-definition', jobDefinitionArn);
    }
    await submit('fourth');
    expect(await finished(3, 'fourth')).toMatchObject({ status: 'SUCCEEDED' });
  });
});
