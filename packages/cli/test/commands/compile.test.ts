import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exampleCore } from '../../src/example-core.js';
import { bclaw, examples, file, temporaryFolder } from '../bclaw.js';

const folder = temporaryFolder();
const template = join(examples, 'phage-gc', 'workflow.yaml');

describe('bclaw compile', () => {
  it('prints the CloudFormation template, the same bytes every time', async () => {
    const [first, second] = await Promise.all([bclaw(['compile', template]), bclaw(['compile', template])]);
    expect(first.code).toBe(0);
    expect(first.stdout).toBe(second.stdout);
    const types = Object.values<{ Type: string }>(JSON.parse(first.stdout).Resources).map(({ Type }) => Type);
    expect(types.filter((type) => type === 'AWS::Batch::JobDefinition')).toHaveLength(4);
    expect(types).toContain('AWS::StepFunctions::StateMachine');
  });

  it('prints the state machine', async () => {
    const { stdout } = await bclaw(['compile', '--definition', template]);
    expect(Object.keys(JSON.parse(stdout).States)).toEqual([
      'Initialize',
      'windows',
      'composition',
      'extremes',
      'summary',
    ]);
  });

  it('puts in the values of parameters', async () => {
    const { stdout } = await bclaw(['compile', '-p', 'WindowSize=77', '-p', 'Bucket=elsewhere', template]);
    expect(stdout).toContain('size=77');
    expect(stdout).toContain('s3://elsewhere/results/');
  });

  it('takes the core from a file', async () => {
    const core = file(folder, 'core.json', JSON.stringify({ ...exampleCore, launcherBucket: 'my-own-bucket' }));
    const { code, stdout, stderr } = await bclaw(['compile', '--core', core, template]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('my-own-bucket');
  });

  it('says so when it is told of a core that is not there', async () => {
    const { code, stderr } = await bclaw(['compile', '--core', 'no-such/core.json', template]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'bclaw: There is no file no-such/core.json.\n' });
    const empty = file(folder, 'empty.json', '{"coreStackName": "mine"}');
    expect((await bclaw(['compile', '--core', empty, template])).stderr).toMatch(
      /^bclaw: The core environment lacks accountId, region, partition, launcherBucket,/,
    );
  });

  it('tells of what a large workflow has besides its template', async () => {
    const large = file(
      folder,
      'large.yaml',
      `Transform: BC2_Compiler\nRepository: s3://data/\${job.id}\nSteps: [{go: {inputs: {}, commands: "echo ${'x'.repeat(30_000)}"}}]\n`,
    );
    const { code, stderr } = await bclaw(['compile', large]);
    expect(code).toBe(0);
    expect(stderr).toContain(
      '(too large for the template and left out: 1 object that it names; `bclaw deploy` uploads',
    );
  });

  it('tells diagnostics, prints nothing and ends with 3 when there are errors', async () => {
    const broken = file(folder, 'broken.yaml', 'Repository: s3://data/${job.id}\n');
    const { code, stdout, stderr } = await bclaw(['compile', broken]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('error missing-field');
  });
});
