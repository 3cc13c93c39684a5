import { parseJobStep } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { limits } from '../../src/checks/limits.js';
import { statesIn } from '../../src/states-language.js';
import { compiled, ofVersion } from '../compiled.js';
import { batchStep, workflow } from '../workflows.js';

/** A typical step: two inputs, one reference, one output. */
const ordinary = (index: number) =>
  batchStep(`step-${index}`, {
    image: { name: 'samtools:1.21' },
    inputs: { reads: `\${job.SAMPLE_ID}_${index}.bam`, design: 'design.csv' },
    references: { genome: 's3://references/hg38.fa' },
    commands: ['samtools view -T ${genome} ${reads} > ${out}'],
    outputs: { out: { file: `\${job.SAMPLE_ID}_${index}.sam`, s3Tags: {} } },
  });
const many = (count: number) => compiled(workflow(Array.from({ length: count }, (_, index) => ordinary(index))));

const jobDefinitions = ({ template }: ReturnType<typeof many>) =>
  Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::Batch::JobDefinition');

describe('job definitions', () => {
  it("are each step's own as long as a stack has room for them", () => {
    const result = many(300);
    expect(jobDefinitions(result)).toHaveLength(300);
    expect(JSON.stringify(result.definition)).not.toContain('ContainerOverrides');
  });

  const large = many(900);

  it('are shared by steps that differ only in what they run when there are more', () => {
    const definitions = jobDefinitions(large);
    expect(definitions).toEqual([
      [
        expect.stringMatching(/^Shared[0-9a-f]{8}JobDefinition[0-9a-f]{8}$/),
        expect.objectContaining({
          Properties: expect.objectContaining({
            JobDefinitionName: { 'Fn::Sub': [expect.stringMatching(/-shared-[0-9a-f]{8}--/), expect.anything()] },
          }),
        }),
      ],
    ]);
  });

  it('leave to the state of each step what it runs and what it is called', () => {
    const state: unknown = large.definition.States['step-7'];
    expect(state).toMatchObject({
      Parameters: {
        ContainerOverrides: { Environment: [{ Name: 'BC_STEP_NAME', Value: 'step-7' }] },
        Parameters: { step: expect.stringMatching(/^"s3:\/\/bayerclaw2-launcher-123456789012\/__definitions__\//) },
      },
    });
    const upload = large.uploads.find(({ key }) => JSON.stringify(state).includes(key));
    expect(parseJobStep(upload?.body ?? '', 'the step')).toMatchObject({ inputs: ordinary(7).inputs });
    expect(large.uploads).toHaveLength(901);
  });

  it('are shared as soon as the template would be too large with the definition of the state machine in it', () => {
    const steps = (bytes: number) =>
      workflow(Array.from({ length: 105 }, (_, index) => ({ ...ordinary(index), commands: ['x'.repeat(bytes)] })));
    for (let bytes = 5000; bytes <= 8000; bytes += 250) {
      const { template } = compiled(steps(bytes));
      expect(JSON.stringify(template).length).toBeLessThanOrEqual(limits.templateBody.max);
    }
    expect(compiled(steps(5000)).uploads).toEqual([]);
    expect(compiled(steps(8000)).uploads).toHaveLength(105);
  });

  it('leave long scripts to objects where there is no room and no two of them are alike', () => {
    const steps = Array.from({ length: 60 }, (_, index) =>
      batchStep(`s${index}`, { commands: [`# ${index}${'x'.repeat(20_000)}`], jobTags: { index: String(index) } }),
    );
    const result = compiled(workflow(steps));
    expect(jobDefinitions(result)).toHaveLength(60);
    expect(result.uploads).toHaveLength(60);
    expect(result.template.Resources[ofVersion('S7JobDefinition')]).toMatchObject({
      Properties: { Parameters: { step: expect.stringMatching(/^"s3:/) } },
    });
  });

  it('stay the own ones of steps that are like no other', () => {
    const steps = Array.from({ length: 600 }, (_, index) => ordinary(index));
    const { template } = compiled(workflow([...steps, { ...ordinary(600), jobTags: { team: 'genomics' } }]));
    expect(Object.keys(template.Resources)).toContain(ofVersion('Step600JobDefinition'));
    expect(Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Batch::JobDefinition')).toHaveLength(
      2,
    );
  });
});

describe('a definition of 900 ordinary batch steps', () => {
  it.each([300, 900])('spends at most 1,150 bytes on each of %i, the ARNs of job definitions included', (count) => {
    const result = many(count);
    const arn = 'arn:aws:batch:us-east-1:123456789012:job-definition/variant-calling-step-000--12:1';
    const text = JSON.stringify(result.definition).replaceAll(/\$\{\w+JobDefinition\}/g, arn);
    expect([...statesIn(result.definition)]).toHaveLength(count + 1);
    expect(text.length / count).toBeLessThanOrEqual(1150);
  });
});
