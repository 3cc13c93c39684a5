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

  it('tells diagnostics, prints nothing and ends with 3 when there are errors', async () => {
    const broken = file(folder, 'broken.yaml', 'Repository: s3://data/${job.id}\n');
    const { code, stdout, stderr } = await bclaw(['compile', broken]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('error missing-field');
  });
});
