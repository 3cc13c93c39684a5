import { parse, type Workflow } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { compile, definitionDigest } from '../src/compile.js';
import { compiled, ofVersion, options } from './compiled.js';
import { align, batchStep, core, everyKind, sort, workflow } from './workflows.js';

describe('compile', () => {
  it('turns a template, as it is parsed from text, into a stack', () => {
    const { workflow } = parse(
      [
        'Transform: BC2_Compiler',
        'Repository: s3://results/${job.SAMPLE}',
        'Description: Counts bases',
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
      ofVersion('LauncherVersion'),
      ofVersion('CountJobDefinition'),
      ofVersion('StateMachine'),
      ofVersion('StateMachineVersion'),
      'Live',
      'LaunchQueue',
      'LaunchQueuePolicy',
      'LaunchQueueMapping',
      'JobFileRule',
      'LauncherPermission',
      'LauncherInvokeConfig',
    ]);
    expect(template.Parameters).toEqual({ Window: { Type: 'Number', Default: 100 } });
    expect(template.Description).toBe('Counts bases');
    expect(template.Outputs).toMatchSnapshot();
  });

  it('says what a stack is when its template does not', () => {
    expect(compiled(workflow([align])).template.Description).toBe('A workflow, compiled by bclaw 1.0.0');
  });

  it('refuses parameters with the names of resources', () => {
    const parameters = {
      Launcher: { Type: 'String' },
      AlignJobDefinition: { Type: 'String' },
      Align: { Type: 'String' },
    };
    const unversioned = workflow([align], { versioned: false });
    expect(compile({ ...unversioned, parameters }, options).diagnostics).toMatchObject([
      { code: 'reserved-parameter-name', path: ['Parameters', 'Launcher'] },
      { code: 'reserved-parameter-name', path: ['Parameters', 'AlignJobDefinition'] },
    ]);
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

describe('images that are pinned', () => {
  const image = { name: 'biocontainers/bwa:v0.7.17' };
  const pinned = `biocontainers/bwa@sha256:${'9'.repeat(64)}`;
  const pinning = (pinImages: 'required' | 'best-effort') => workflow([batchStep('align', { image })], { pinImages });
  const images = new Map([[image.name, pinned]]);
  const stepOf = (source: Workflow, given?: typeof images | 'offline') =>
    JSON.stringify(
      compiled(source, given === undefined ? {} : { images: given }).template.Resources[
        ofVersion('AlignJobDefinition')
      ],
    );

  it('are what jobs get', () => {
    expect(stepOf(pinning('required'), images)).toContain(pinned);
    expect(stepOf(pinning('best-effort'), images)).toContain(pinned);
  });

  it('must have a digest when the workflow says so, unless nobody has asked', () => {
    expect(compile(pinning('required'), options).diagnostics).toMatchObject([
      { code: 'unpinned-image', path: ['Steps', 0, 'align', 'image'] },
    ]);
    expect(stepOf(pinning('required'), 'offline')).toContain(image.name);
    expect(stepOf(pinning('best-effort'))).toContain(image.name);
  });

  it('change the digest of the definition', () => {
    const source = pinning('required');
    expect(definitionDigest(source, core, images)).not.toBe(definitionDigest(source, core));
  });
});

describe('a step that is larger than a job definition', () => {
  /** A step whose job definition takes about `bytes` bytes. */
  const large = (bytes: number) => workflow([batchStep('align', { commands: ['x'.repeat(bytes)] })]);
  const border = Array.from({ length: 40 }, (_, index) => 22_000 + 50 * index).find(
    (bytes) => compiled(large(bytes)).uploads.length > 0,
  );

  it('is in an object that its jobs read, and only then', () => {
    expect(border).toBeGreaterThan(22_000);
    expect(compiled(large((border ?? 0) - 50)).uploads).toEqual([]);
    const { uploads, template } = compiled(large(border ?? 0));
    expect(uploads).toEqual([
      {
        bucket: core.launcherBucket,
        key: expect.stringMatching(/^__definitions__\/[0-9a-f]{64}$/),
        body: expect.stringContaining('x'.repeat(border ?? 0)),
      },
    ]);
    expect(template.Resources[ofVersion('AlignJobDefinition')]).toMatchObject({
      Properties: {
        Parameters: { step: JSON.stringify(`s3://${uploads[0]?.bucket}/${uploads[0]?.key}`) },
      },
    });
  });

  it('is one object for equal steps', () => {
    const commands = ['x'.repeat(30_000)];
    const { uploads } = compiled(workflow([batchStep('one', { commands }), batchStep('two', { commands })]));
    expect(uploads).toHaveLength(1);
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

  describe('of a workflow with nested steps', () => {
    /** The workflow with a text of a nested step replaced. */
    const changed = (from: string, to: string): Workflow => {
      const text = JSON.stringify(everyKind);
      expect(text).toContain(from);
      return JSON.parse(text.replace(from, to));
    };
    const nested = definitionDigest(everyKind, core);

    it.each([
      ['a command two scatters deep', '"name":"trim"', '"name":"trim2"'],
      ['a source of an inner scatter', '.lanes.txt', '.lines.txt'],
      ['a condition of a branch', 'qc.deep', 'qc.deeper'],
      ['the tolerance of a scatter', '"percentage":5', '"percentage":6'],
      ['a file that a subpipe brings back', 'variants/calls.vcf', 'calls.vcf'],
      ['the target of a choice', '"next":"call"', '"next":"report"'],
    ])('changes with %s', (_, from, to) => {
      expect(definitionDigest(changed(from, to), core)).not.toBe(nested);
    });

    it('stays when only the place in the template changes', () => {
      expect(definitionDigest(changed('"path":["Steps",1,"samples"]', '"path":["Steps",9,"samples"]'), core)).toBe(
        nested,
      );
    });

    it('stays when the core stack changes only what the workflow does not use', () => {
      const batch = workflow([align]);
      const functions = { ...core.functions, gather: `${core.functions.gather}9` };
      expect(definitionDigest(batch, { ...core, functions })).toBe(definitionDigest(batch, core));
      expect(definitionDigest(everyKind, { ...core, functions })).not.toBe(nested);
    });
  });

  it('changes with what the core stack pins', () => {
    expect(definitionDigest(workflow([align, sort]), { ...core, runnerImage: 'bclaw-runner:2.0.0' })).not.toBe(digest);
  });
});
