import { parseJobStep } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { compileJob } from '../../src/jobs/job.js';
import { jobFrames } from '../../src/jobs/job-frame.js';
import { resource } from '../compiled.js';
import { align, batchStep, core, workflow } from '../workflows.js';

const names = { logicalId: 'StepJobDefinition', namePart: 'step', image: 'bwa:0.7.18' };

/** The job definition of a step called `step`, before the stack adds to it. */
function job(fields: Parameters<typeof batchStep>[1], step = batchStep('step', fields)) {
  const { parameters, frame } = compileJob(step, jobFrames(core)(step), core, names).job;
  return { properties: { ...frame.properties, Parameters: parameters }, environment: frame.environment };
}

describe('the job definition of a batch step', () => {
  it('has the runner, its command line, and everything that no job changes', () => {
    expect(resource(workflow([align]), 'AlignJobDefinition')).toMatchSnapshot();
  });

  it('tells the runner the step as JSON that the runner reads back', () => {
    const step = parseJobStep(job({}, align).properties.Parameters.step, 'the step');
    expect(step).toEqual({
      image: 'bwa:0.7.18',
      shell: 'sh',
      commands: align.commands,
      inputs: align.inputs,
      references: align.references,
      outputs: { sam: { file: '${job.SAMPLE_ID}.sam' } },
      s3_tags: {},
      skip: 'never',
      qc: [],
    });
  });

  it('leaves inputs that the step does not name to the job', () => {
    const step = parseJobStep(job({ inputs: 'auto' }).properties.Parameters.step, 'the step');
    expect(step).not.toHaveProperty('inputs');
  });

  it('carries credentials, tags, destinations, skip and quality checks in the step', () => {
    const { properties } = job({
      image: { name: 'registry.example/tool:1', auth: 'registry-login' },
      s3Tags: { project: 'x' },
      outputs: { out: { file: 'out.txt', dest: 's3://archive/', s3Tags: { keep: 'yes' } } },
      skip: 'rerun',
      qcChecks: [{ resultFile: 'qc.json', stopEarlyIf: ['reads < 10'] }],
    });
    expect(parseJobStep(properties.Parameters.step, 'the step')).toMatchObject({
      auth: 'registry-login',
      s3_tags: { project: 'x' },
      outputs: { out: { file: 'out.txt', dest: 's3://archive/', s3_tags: { keep: 'yes' } } },
      skip: 'rerun',
      qc: [{ file: 'qc.json', stop_early_if: ['reads < 10'] }],
    });
  });

  it('mounts file systems where the step wants them', () => {
    const { Volumes, MountPoints } = job({
      filesystems: [{ efsId: 'fs-0123', hostPath: '/data', rootDir: '/shared' }],
    }).properties.ContainerProperties;
    expect(Volumes.at(-1)).toEqual({
      Name: 'fs-0123',
      EfsVolumeConfiguration: { FileSystemId: 'fs-0123', RootDirectory: '/shared', TransitEncryption: 'ENABLED' },
    });
    expect(MountPoints.at(-1)).toEqual({ SourceVolume: 'fs-0123', ContainerPath: '/data', ReadOnly: false });
  });

  it('reserves GPUs by number, and takes all of a host without a reservation', () => {
    const two = job({ compute: { ...align.compute, gpu: 2 } });
    expect(two.properties.ContainerProperties.ResourceRequirements).toContainEqual({ Type: 'GPU', Value: '2' });
    expect(two.environment['BC_GPU']).toBe('2');
    const all = job({ compute: { ...align.compute, gpu: 'all' } });
    expect(all.properties.ContainerProperties.ResourceRequirements.map(({ Type }) => Type)).toEqual(['VCPU', 'MEMORY']);
    expect(all.environment['BC_GPU']).toBe('all');
  });

  it("tells the runner the size of the user's shared memory, whose container is not Batch's own", () => {
    expect(job({ compute: { ...align.compute, shmMiB: 2048 } }).environment['BC_SHM_MIB']).toBe('2048');
    expect(job({}).environment).not.toHaveProperty('BC_SHM_MIB');
  });

  it('reserves what the runner needs for a step that needs less, and tells the runner what the step asked for', () => {
    const memory = (memoryMiB: number) => {
      const { properties, environment } = job({ compute: { ...align.compute, memoryMiB } });
      const reserved = properties.ContainerProperties.ResourceRequirements.find(({ Type }) => Type === 'MEMORY');
      return [reserved?.Value, environment['BC_MEMORY_MIB']];
    };
    expect(memory(4)).toEqual(['256', '4']);
    expect(memory(512)).toEqual(['512', '512']);
  });

  it('consumes resources by ARN', () => {
    const { ConsumableResourceProperties } = job({
      compute: { ...align.compute, consumes: { licence: 2 } },
    }).properties;
    expect(ConsumableResourceProperties).toEqual({
      ConsumableResourceList: [
        { ConsumableResource: 'arn:aws:batch:us-east-1:123456789012:consumable-resource/licence', Quantity: 2 },
      ],
    });
  });

  it('has a time limit only where the step has one', () => {
    const retry = { attempts: 3, intervalSeconds: 10, backoffRate: 2 };
    const limited = job({ timeoutSeconds: 3600, retry });
    // The runner's own timeout, its longest wait before a retry, and two minutes to end in.
    expect(limited.properties.Timeout).toEqual({ AttemptDurationSeconds: 3600 + 40 + 120 });
    expect(limited.environment).toMatchObject({ BC_TIMEOUT_SECONDS: '3600' });
    expect(job({}).properties).not.toHaveProperty('Timeout');
    expect(job({}).environment).not.toHaveProperty('BC_TIMEOUT_SECONDS');
  });

  it('has the attempts that Batch can make, none after a final exit code', () => {
    const strategy = (attempts: number) =>
      job({ retry: { attempts, intervalSeconds: 60, backoffRate: 1 } }).properties.RetryStrategy;
    const EvaluateOnExit = ['197', '198', '126', '127'].map((OnExitCode) => ({ Action: 'EXIT', OnExitCode }));
    expect([0, 1, 9, 50].map(strategy)).toEqual([
      { Attempts: 1 },
      { Attempts: 2, EvaluateOnExit },
      { Attempts: 10, EvaluateOnExit },
      { Attempts: 10, EvaluateOnExit },
    ]);
  });

  it("runs under the step's own role", () => {
    expect(job({ taskRole: 'arn:aws:iam::1:role/own' }).properties.ContainerProperties.JobRoleArn).toBe(
      'arn:aws:iam::1:role/own',
    );
    expect(job({}).properties.ContainerProperties.JobRoleArn).toBe(core.jobRoleArn);
  });

  it('carries job tags beside those of bclaw, which cannot be overridden', () => {
    const tagged = workflow([batchStep('run', { jobTags: { team: 'genomics', 'bclaw:workflow': 'mine' } })]);
    expect(resource(tagged, 'RunJobDefinition')).toMatchObject({
      Properties: { PropagateTags: true, Tags: { team: 'genomics', 'bclaw:workflow': { Ref: 'AWS::StackName' } } },
    });
  });
});
