import { type CompileResult, compile } from '@bclaw/compiler';
import { parse } from '@bclaw/spec';
import { core } from '../../packages/compiler/test/workflows.js';

/** A template of steps, as a person would write it. */
const template = (steps: string, options = 'versioned: true') => `
Transform: BC2_Compiler
Repository: s3://results/repo/\${job.SAMPLE_ID}
Options: {${options}}
Steps:
${steps}`;

const batch = (name: string, fields = '') => `
  - ${name}:
      image: samtools:1.21
      inputs: {reads: "\${job.SAMPLE_ID}.bam"}
      commands: samtools index \${reads}
      outputs: {index: "\${job.SAMPLE_ID}.bai"}
${fields}`;

const everyField = batch(
  'align',
  `      task_role: arn:aws:iam::123456789012:role/aligner
      references: {genome: s3://references/hg38.fa}
      s3_tags: {stage: alignment}
      job_tags: {team: genomics}
      skip_on_rerun: true
      compute: {cpus: 4, memory: 16 Gb, gpu: 1, shell: bash, consumes: {licence: 2}}
      filesystems: [{efs_id: fs-12345678, host_path: /data, root_dir: /genomes}]
      qc_check: {qc_result_file: qc.json, stop_early_if: reads < 10}
      retry: {attempts: 2, interval: 1m, backoff_rate: 2}
      timeout: 12h
`,
);

const scatter = `
  - samples:
      scatter: {sample: "\${job.samples}", mode: [fast, 2, true]}
      inputs: {design: design.csv}
      max_concurrency: 50
      error_tolerance: 10%
      steps:
        - lanes:
            scatter: {lane: "@\${scatter.sample}.lanes.txt"}
            error_tolerance: 3
            steps:
              - trim:
                  inputs: {reads: "\${scatter.lane}.fq"}
                  commands: trim \${reads} > \${trimmed}
                  outputs: {trimmed: "\${scatter.lane}.trimmed.fq"}
              - count:
                  commands: wc -l *.fq > counts.txt
      outputs: {bams: "*.bam"}
  - merge:
      commands: merge manifest
`;

const subpipe = `
  - call:
      subpipe: variant-calling
      job_data: calling.json
      retrieve: [calls.vcf -> variants/calls.vcf, summary.json]
  - archive:
      subpipe: arn:aws:states:us-east-1:123456789012:stateMachine:archiving
`;

const native = `
  - pause: {Type: Wait, Seconds: 10}
  - wait until:
      Type: Wait
      TimestampPath: $.started
  - note: {Type: Pass, Comment: nothing to do, Result: {a: 1}}
  - publish:
      Type: Task
      Resource: arn:aws:states:::sns:publish
      Parameters: {TopicArn: "arn:aws:sns:us-east-1:123456789012:done", Message.$: $.index}
      Retry: [{ErrorEquals: [States.ALL], MaxAttempts: 2}]
      Catch: [{ErrorEquals: [States.ALL], Next: both}]
  - compute:
      Type: Pass
      QueryLanguage: JSONata
      Assign: {doubled: "{% 2 * 21 %}"}
  - both:
      Type: Parallel
      Branches:
        - steps: [{left: {inputs: {}, commands: left}}]
        - steps: [{done: {Type: Succeed}}]
        - steps: [{stop: {Type: Fail, Error: Stopped, Cause: on purpose}}]
`;

const chooser = `
  - enough:
      inputs: {qc: qc.json}
      choices:
        - {if: qc.reads < 10, next: few}
        - {if: qc.reads < 100, next: some}
${batch('many', '      end: true\n')}
${batch('some', '      end: true\n')}
${batch('few')}`;

const parallelChooser = `
  - extras:
      inputs: {qc: qc.json}
      branches:
        - {if: qc.deep, steps: [{deep: {inputs: {}, commands: deep}}]}
        - {if: qc.wide, steps: [{wide: {inputs: {}, commands: wide}}]}
        - steps: [{always: {inputs: {}, commands: always}}]
  - unconditional:
      inputs: {}
      branches:
        - steps: [{one: {inputs: {}, commands: one}}]
        - steps: [{two: {inputs: {}, commands: two}}]
`;

const large = `${batch('huge').replace('commands: ', `commands: ${'x'.repeat(30_000)} `)}
${Array.from({ length: 200 }, (_, index) => batch(`step-${index}`)).join('')}`;

const shared = Array.from({ length: 600 }, (_, index) => batch(`step-${index}`)).join('');

/** Templates for every kind of step, and for options that change the stack as a whole. */
export const templates: Readonly<Record<string, string>> = {
  'batch, every field': template(everyField),
  unversioned: template(everyField, 'versioned: false'),
  'with parameters': template(batch('align')).replace(
    'Steps:',
    'Parameters: {Tag: {Type: String, Default: "1.21"}}\nSteps:',
  ),
  'scatter in scatter': template(scatter),
  subpipe: template(subpipe),
  native: template(native),
  chooser: template(chooser),
  'parallel chooser': template(parallelChooser),
  'large: definition and a step in S3': template(large),
  'larger: steps share a job definition': template(shared),
};

/** Compiles a template that has no errors. */
export function compiled(text: string): CompileResult & { readonly ok: true } {
  const { workflow, diagnostics } = parse(text);
  if (workflow === undefined) throw new Error(JSON.stringify(diagnostics, undefined, 2));
  const result = compile(workflow, { core, deploymentId: 'deployment-1', bclawVersion: '1.0.0' });
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics, undefined, 2));
  return result;
}
