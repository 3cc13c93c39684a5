import { type Static, Type } from 'typebox';
import {
  decimal,
  exampleRole,
  fields,
  files,
  flag,
  flow,
  named,
  oneOrMore,
  shell,
  tags,
  text,
  wholeNumber,
} from '../schema/fields.js';

const image = Type.Union(
  [text('an image name'), fields({ name: text('an image name'), auth: Type.Optional(text('a secret')) })],
  {
    expects: 'an image name, or a map of name and auth',
    description:
      'Container image of the commands: `name`, `name:tag` or `name@sha256:…`. A name without a registry is a repository in this account’s ECR. `auth` (or ` +auth: secret`) is the Secrets Manager name or ARN of `{"username", "password"}` for a private registry.',
    default: 'public.ecr.aws/ubuntu/ubuntu:24.04',
    examples: ['samtools:1.21', 'ghcr.io/lab/caller:2.0 +auth: ghcr-secret'],
  },
);

const output = Type.Union(
  [
    text('a file'),
    fields({
      name: text('a file'),
      dest: Type.Optional(
        text('an S3 prefix', { description: 'S3 prefix to put the file in, instead of the repository.' }),
      ),
      s3_tags: Type.Optional(tags('Tags of the uploaded object.')),
    }),
  ],
  { expects: 'a file, or a map of name, dest and s3_tags' },
);

const duration = (description: string) =>
  Type.Union([Type.String(), Type.Number()], {
    expects: 'a duration, such as "90s" or "12h"',
    description,
    examples: ['90s', '12h'],
    editor: { anyOf: [{ type: 'string', pattern: '^\\s*[0-9]+\\s*[smhdw]\\s*$|\\$\\{' }] },
  });

const command = Type.Union([Type.String(), Type.Boolean()], { expects: 'a text' });

const memory = (about: { readonly description: string; readonly default?: string; readonly examples: unknown[] }) =>
  Type.Union(
    [
      Type.Number({ exclusiveMinimum: 0 }),
      Type.String({ editor: { pattern: '^\\s*[0-9]+(\\.[0-9]+)?\\s*[KkMmGgTtPp]?[Ii]?[Bb]?\\s*$|\\$\\{' } }),
    ],
    { expects: 'an amount of memory, such as 512 or "16 Gb"', ...about },
  );

const compute = fields(
  {
    cpus: Type.Optional(wholeNumber(1, undefined, { description: 'Virtual CPUs.', default: 1 })),
    memory: Type.Optional(
      memory({
        description: 'A number of MiB, or a size with a unit (binary multiples, any capitals).',
        default: '1 Gb',
        examples: ['16 Gb', 512],
      }),
    ),
    shm: Type.Optional(
      memory({
        description:
          "Shared memory (/dev/shm) of the step's container, part of `memory`; the container engine's default is 64 MiB.",
        examples: ['2 Gb'],
      }),
    ),
    gpu: Type.Optional(
      Type.Union([Type.Integer({ minimum: 0 }), Type.String({ pattern: '^\\s*([0-9]+|all)\\s*$|\\$\\{' })], {
        expects: 'a whole number, or all',
        description: 'GPUs; more than 0 picks the GPU queues.',
        default: 0,
      }),
    ),
    spot: Type.Optional(
      flag({ description: 'Whether to run on spot instances; ignored with `queue_name`.', default: true }),
    ),
    queue_name: Type.Optional(
      text('the name of a Batch job queue', { description: 'A custom Batch job queue.', examples: ['fat-nodes'] }),
    ),
    fair_share: Type.Optional(
      flag({
        description: 'Whether the queue that `queue_name` names has a fair-share policy; `false` for a FIFO queue.',
        default: true,
      }),
    ),
    shell: Type.Optional(shell('Shell of the commands, instead of the one in Options.')),
    consumes: Type.Optional(
      named(wholeNumber(1), 'a map, consumable resource: units', {
        description: 'Batch consumable resources and the units that the job takes of them.',
        examples: [{ 'license-tokens': 1 }],
      }),
    ),
  },
  {
    description: 'What the job needs of a machine.',
    expects: 'a map such as {cpus: 4, memory: 16 Gb}',
    examples: [{ cpus: 4, memory: '16 Gb' }],
  },
);

const filesystem = fields({
  efs_id: text('an EFS file system id', {
    pattern: '^fs-[0-9a-f]+$|\\$\\{',
    expects: 'an EFS file system id, such as fs-1234abcd',
    description: 'Id of the EFS file system.',
    examples: ['fs-1234abcd'],
  }),
  host_path: text('an absolute path', {
    pattern: '^/|^\\$\\{',
    expects: 'an absolute path, such as /data',
    description: 'Where the commands see it.',
    examples: ['/data'],
  }),
  root_dir: Type.Optional(
    text('an absolute path', {
      pattern: '^/|^\\$\\{',
      expects: 'an absolute path, such as /',
      description: 'Folder of the file system that is mounted.',
      default: '/',
    }),
  ),
});

const qcCheck = fields(
  {
    qc_result_file: text('a JSON file that the commands write', {
      description: 'JSON file that the commands write.',
      examples: ['qc.json'],
    }),
    stop_early_if: oneOrMore(text('a condition'), 'a condition or a list of conditions', {
      description: 'Conditions over the keys of the result file; any true one stops the execution.',
      examples: ['n_contigs < 100'],
    }),
  },
  { expects: 'a map of qc_result_file and stop_early_if' },
);

const retry = fields(
  {
    attempts: Type.Optional(wholeNumber(0, undefined, { description: 'Retries after the first run.', default: 3 })),
    interval: Type.Optional(duration('Wait before the first retry.')),
    backoff_rate: Type.Optional(
      decimal(1, 'a number of at least 1', { description: 'Factor by which the wait grows.', default: 1.5 }),
    ),
    timeout: Type.Optional(duration('As `timeout` of the step.')),
  },
  {
    description: 'How failed jobs are retried.',
    expects: 'a map such as {attempts: 3, interval: 3s, backoff_rate: 1.5}',
    examples: [{ attempts: 3, interval: '3s', backoff_rate: 1.5 }],
  },
);

/** A step that runs commands in a container. */
export const batchSchema = fields(
  {
    image: Type.Optional(image),
    task_role: Type.Optional(
      text('the ARN of an IAM role', {
        description: 'IAM role of the job, instead of the one in Options.',
        examples: [exampleRole],
      }),
    ),
    inputs: Type.Optional(
      files(
        'Name → file in the repository, S3 URI or glob. Absent: the previous step’s outputs. `{}`: none. A name that ends in `?` is optional.',
        [{ reads: 'reads.fq', 'adapters?': 's3://bucket/adapters.fa' }],
      ),
    ),
    references: Type.Optional(
      named(
        text('an S3 URI', { pattern: '^s3://[^/]+/|\\$\\{', expects: 'an S3 URI, such as s3://bucket/genome.fa' }),
        'a map, name: S3 URI',
        {
          description: 'Name → S3 URI of large files that rarely change; cached on the host.',
          examples: [{ genome: 's3://bucket/genome.fa' }],
        },
      ),
    ),
    commands: oneOrMore(command, 'a text or a list of texts', {
      description:
        'One script; it stops at the first command that fails. `${name}` is the local file of an input, reference or output.',
      examples: [['samtools sort ${bam} > ${sorted}']],
    }),
    outputs: Type.Optional(
      named(output, 'a map, name: file', {
        description:
          'Name → file or glob in the workspace, optionally `-> s3://bucket/prefix/ +tag: value`. A name that ends in `?` is optional.',
        examples: [{ sorted: 'sorted.bam' }],
      }),
    ),
    s3_tags: Type.Optional(tags('Tags of the uploaded outputs, added to those in Options.')),
    job_tags: Type.Optional(tags('Tags of the Batch jobs, added to those in Options.')),
    skip_on_rerun: Type.Optional(
      flag({
        description: 'Whether to skip the step when it has succeeded before in this repository.',
        default: false,
      }),
    ),
    skip_if_output_exists: Type.Optional(
      flag({ description: 'Whether to skip the step when all of its outputs exist.', default: false }),
    ),
    compute: Type.Optional(compute),
    filesystems: Type.Optional(
      oneOrMore(filesystem, 'a list of maps of efs_id, host_path and root_dir', {
        description: 'EFS file systems to mount.',
        examples: [[{ efs_id: 'fs-1234abcd', host_path: '/data' }]],
      }),
    ),
    qc_check: Type.Optional(
      oneOrMore(qcCheck, 'one or a list of maps of qc_result_file and stop_early_if', {
        description: 'Conditions on result files that stop the execution early.',
        examples: [{ qc_result_file: 'qc.json', stop_early_if: 'n_contigs < 100' }],
      }),
    ),
    retry: Type.Optional(retry),
    timeout: Type.Optional(duration('Time after which a job is stopped; at least 60 s.')),
    ...flow,
  },
  { title: 'Batch step', description: 'Runs commands in a container on AWS Batch.' },
);

export type BatchTemplate = Static<typeof batchSchema>;
