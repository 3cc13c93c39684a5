import { parse } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { compile, definitionDigest } from '../src/compile.js';
import { compiled, options } from './compiled.js';
import { align, batchStep, core, sort, workflow } from './workflows.js';

describe('compile', () => {
  it('turns a template, as it is parsed from text, into a stack', () => {
    const { workflow } = parse(
      [
        'Transform: BC2_Compiler',
        'Repository: s3://results/${job.SAMPLE}',
        'Parameters: { Window: { Type: Number, Default: 100 } }',
        'Options: { versioned: true }',
        'Steps:',
        '  - count:',
        '      image: ubuntu:24.04',
        '      inputs: { genome: genome.fa }',
        '      commands: [ "wc -c ${genome} > ${size}", "echo ${Window}" ]',
        '      outputs: { size: size.txt }',
      ].join('\n'),
    );
    if (workflow === undefined) throw new Error('the template does not parse');
    const { template } = compiled(workflow);
    expect(Object.keys(template.Resources)).toEqual([
      'LauncherLogGroup',
      'LauncherRole',
      'Launcher',
      expect.stringMatching(/^LauncherVersion[0-9a-f]{8}$/),
      'CountJobDefinition',
      'StateMachine',
      'Live',
      'JobFileRule',
      'LauncherPermission',
      'LauncherInvokeConfig',
    ]);
    expect(template.Parameters).toEqual({ Window: { Type: 'Number', Default: 100 } });
    expect(template.Outputs).toMatchSnapshot();
  });

  it('refuses a step with the name of the first state', () => {
    const result = compile(workflow([batchStep('Initialize')]), options);
    expect(result.diagnostics).toMatchObject([{ code: 'reserved-step-name', path: ['Steps', 0, 'Initialize'] }]);
  });

  it('refuses a repository in the launcher bucket', () => {
    const result = compile({ ...workflow([align]), repository: `s3://${core.launcherBucket}/results` }, options);
    expect(result.diagnostics).toMatchObject([{ code: 'repository-in-launcher-bucket', path: ['Repository'] }]);
  });
});

describe('definitionDigest', () => {
  const digest = definitionDigest(workflow([align, sort]), core);

  it('is the digest that compile reports, whatever the deployment', () => {
    const results = ['first', 'second'].map((deploymentId) =>
      compile(workflow([align, sort]), { ...options, deploymentId, bclawVersion: deploymentId }),
    );
    expect(results).toMatchObject([
      { ok: true, digest },
      { ok: true, digest },
    ]);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    ['a command', workflow([{ ...align, commands: ['true'] }, sort])],
    ['compute', workflow([{ ...align, compute: { ...align.compute, cpus: 2 } }, sort])],
    ['the order of steps', workflow([align, batchStep('check'), sort])],
    ['a job tag', workflow([{ ...align, jobTags: { team: 'genomics' } }, sort])],
    ['versioning', workflow([align, sort], { versioned: false })],
  ])('changes with %s', (_, changed) => {
    expect(definitionDigest(changed, core)).not.toBe(digest);
  });

  it('changes with what the core stack pins', () => {
    expect(definitionDigest(workflow([align, sort]), { ...core, runnerImage: 'bclaw-runner:2.0.0' })).not.toBe(digest);
  });
});
