import { describe, expect, it } from 'vitest';
import { findingsIn, stepWith } from '../template.js';

const batch = (fields: string, head = '') => stepWith(`inputs: {}\ncommands: x\n${fields}`, head);

describe('a batch step', () => {
  it('has every default filled in', () => {
    expect(stepWith('commands: x')).toEqual({
      kind: 'batch',
      name: 'only',
      path: ['Steps', 0, 'only'],
      image: { name: 'public.ecr.aws/ubuntu/ubuntu:24.04' },
      inputs: 'auto',
      references: {},
      commands: ['x'],
      outputs: {},
      s3Tags: {},
      jobTags: {},
      skip: 'never',
      compute: { cpus: 1, memoryMiB: 1024, gpu: 0, spot: true, fairShare: true, shell: 'sh', consumes: {} },
      filesystems: [],
      qcChecks: [],
      retry: { attempts: 3, intervalSeconds: 3, backoffRate: 1.5 },
    });
  });

  it.each([
    ['image: samtools:1.21', { image: { name: 'samtools:1.21' } }],
    ['image: {name: "r.io/x:1", auth: s}', { image: { name: 'r.io/x:1', auth: 's' } }],
    ['task_role: arn:aws:iam::1:role/r', { taskRole: 'arn:aws:iam::1:role/r' }],
    ['references: [{g: "s3://b/g.fa"}, {h: "s3://b/h.fa"}]', { references: { g: 's3://b/g.fa', h: 's3://b/h.fa' } }],
    [
      'outputs: {a: a.txt, b: {name: b.txt, dest: "s3://b/p", s3_tags: {n: 1}}}',
      { outputs: { a: { file: 'a.txt', s3Tags: {} }, b: { file: 'b.txt', dest: 's3://b/p/', s3Tags: { n: '1' } } } },
    ],
    [
      'outputs: [{a: a.txt}, {b: b.txt}]',
      { outputs: { a: { file: 'a.txt', s3Tags: {} }, b: { file: 'b.txt', s3Tags: {} } } },
    ],
    ['skip_on_rerun: true', { skip: 'rerun' }],
    ['skip_if_output_exists: "True"', { skip: 'outputs' }],
    [
      'compute: {cpus: "2", memory: "16 gb", gpu: "2", spot: FALSE, queue_name: q, shell: bash, consumes: [{a: 1}, {b: "2"}]}',
      {
        compute: {
          cpus: 2,
          memoryMiB: 16_384,
          gpu: 2,
          spot: false,
          queueName: 'q',
          shell: 'bash',
          consumes: { a: 1, b: 2 },
        },
      },
    ],
    [
      'compute: {gpu: all}',
      { compute: { cpus: 1, memoryMiB: 1024, gpu: 'all', spot: true, shell: 'sh', consumes: {} } },
    ],
    [
      'filesystems: [{efs_id: fs-0a, host_path: /d}]',
      { filesystems: [{ efsId: 'fs-0a', hostPath: '/d', rootDir: '/' }] },
    ],
    [
      'qc_check: {qc_result_file: q.json, stop_early_if: bad}',
      { qcChecks: [{ resultFile: 'q.json', stopEarlyIf: ['bad'] }] },
    ],
    [
      'retry: {attempts: 0, interval: 2m, backoff_rate: "2.5"}',
      { retry: { attempts: 0, intervalSeconds: 120, backoffRate: 2.5 } },
    ],
    ['retry: {timeout: 2m}', { timeoutSeconds: 120 }],
    ['timeout: 60s', { timeoutSeconds: 60 }],
  ])('reads %s', (fields, expected) => {
    expect(batch(fields)).toMatchObject(expected);
  });

  it('takes commands as a list, as one text, and with true for a command', () => {
    expect(stepWith('inputs: {}\ncommands: |\n  one\n  two\n')).toMatchObject({ commands: ['one\ntwo\n'] });
    expect(stepWith('inputs: {}\ncommands: [one, true]')).toMatchObject({ commands: ['one', 'true'] });
  });

  it('takes optional inputs, and no inputs for none', () => {
    expect(stepWith('inputs: {a?: x, b: y}\ncommands: x')).toMatchObject({ inputs: { 'a?': 'x', b: 'y' } });
    expect(stepWith('inputs: {}\ncommands: x')).toMatchObject({ inputs: {} });
  });

  it('takes shell, role and tags from Options, unless it has its own', () => {
    const head = 'Options: {shell: bash, task_role: general, s3_tags: {a: 1, b: 2}, job_tags: [{c: 3}]}\n';
    expect(batch('s3_tags: {b: 9}', head)).toMatchObject({
      taskRole: 'general',
      s3Tags: { a: '1', b: '9' },
      jobTags: { c: '3' },
      compute: { shell: 'bash' },
    });
    expect(batch('task_role: own\ncompute: {shell: sh}', head)).toMatchObject({
      taskRole: 'own',
      compute: { shell: 'sh' },
    });
  });

  it.each([
    ['skip_on_rerun: true\nskip_if_output_exists: true', 'exclusive-fields'],
    ['timeout: 2m\nretry: {timeout: 2m}', 'exclusive-fields'],
    ['timeout: 59s', 'bad-duration'],
    ['retry: {interval: 1}', 'bad-duration'],
    ['compute: {memory: ""}', 'bad-memory'],
    ['compute: {cpus: "99999999999999999999"}', 'wrong-type'],
    ['image: {name: "two words"}', 'bad-image'],
    ['outputs: {a: {name: x, dest: y}}', 'bad-output'],
    ['filesystems: [{efs_id: fs-0a, host_path: /a}, {efs_id: fs-0a, host_path: /b}]', 'duplicate-filesystem'],
    ['outputs: [{a: x}, {a: y}]', 'duplicate-key'],
  ])('with %s is refused: %s', (fields, code) => {
    expect(findingsIn(`inputs: {}\ncommands: x\n${fields}`).map((finding) => finding.split(' ').at(-1))).toEqual([
      code,
    ]);
  });

  it.each([
    ['job_tags: {"aws:owner": me}', ['7:18 error bad-tag']],
    ['job_tags: {"bclaw:version": me}', ['7:18 error bad-tag']],
    ['job_tags: {Ref: me}', ['7:18 error bad-tag']],
    ['job_tags: [{team: a}, {"Fn::Sub": b}]', ['7:30 error bad-tag']],
    ['job_tags: {"": a, "a;b": c, d: "e,f"}', ['7:18 error bad-tag', '7:25 error bad-tag', '7:38 error bad-tag']],
    ['s3_tags: {stage: "${job.stage}, final"}', ['7:24 error bad-tag']],
    ['outputs: {a: {name: a.txt, s3_tags: {"x!": 1}}}', ['7:44 error bad-tag']],
    ['outputs: {a: "a.txt +stage: done!"}', ['7:20 error bad-tag']],
  ])('refuses tags that AWS would refuse: %s', (fields, found) => {
    expect(findingsIn(`inputs: {}\ncommands: x\n${fields}`)).toEqual(found);
  });

  it.each([
    's3_tags: {stage: "${job.stage}-final", Ref: 1, größe: 2 MB, "a_.:/=+-@": true}',
    'job_tags: [{cost center: R and D}]',
    'outputs: {a: "a.txt +stage: ${job.stage} +by: me@lab"}',
  ])('takes tags that AWS takes: %s', (fields) => {
    expect(findingsIn(`inputs: {}\ncommands: x\n${fields}`)).toEqual([]);
  });
});
