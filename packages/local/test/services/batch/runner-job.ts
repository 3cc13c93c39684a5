import type { SubmitJobCommandInput } from '@aws-sdk/client-batch';
import type { BatchWorld } from './batch-world.js';

/** The parameters of a bclaw job, in the order of its command line. */
const names = ['step', 'repo', 'job_data', 'index', 'execution', 'inputs', 'scatter', 'parent'];

/** Registers a job definition as compiled by bclaw, and submits a job; its repository is s3://data/repo. */
export function submitRunnerJob(
  world: BatchWorld,
  commands: readonly string[],
  settings: {
    readonly job?: Partial<SubmitJobCommandInput>;
    readonly outputs?: Readonly<Record<string, { readonly file: string }>>;
    readonly variables?: Readonly<Record<string, string>>;
  } = {},
): Promise<string> {
  const variables = { BC_STEP_NAME: 'write', ...settings.variables };
  return world.submit('', {
    definition: {
      parameters: {
        step: JSON.stringify({
          image: 'debian:12',
          shell: 'sh',
          commands,
          inputs: {},
          references: {},
          outputs: settings.outputs ?? { out: { file: 'out.txt' } },
          s3_tags: {},
          skip: 'never',
          qc: [],
        }),
        repo: 's3://data/repo',
        job_data: '-',
        index: 'main',
        execution: 'arn:aws:states:us-east-1:123456789012:execution:wf--1:job_1',
        inputs: '{}',
        scatter: '{}',
        parent: '{}',
      },
      containerProperties: {
        image: 'public.ecr.aws/bclaw/bclaw-runner:0.0.0',
        jobRoleArn: 'arn:aws:iam::123456789012:role/jobs',
        command: names.flatMap((name) => [`--${name}`, `Ref::${name}`]),
        environment: Object.entries(variables).map(([name, value]) => ({ name, value })),
        resourceRequirements: [
          { type: 'VCPU', value: '1' },
          { type: 'MEMORY', value: '64' },
        ],
      },
    },
    ...(settings.job === undefined ? {} : { job: settings.job }),
  });
}
