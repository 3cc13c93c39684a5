import { parse } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { findings, findingsIn, template } from '../template.js';

const scatter = (inner: string, outer = '') =>
  template(
    `  - each:\n      scatter: {sample: [1], "size": [2]}\n      inputs: {genome: g.fa}\n      outputs: {bam: b.bam}\n${outer}      steps:\n${inner}`,
  );
const inner = (field: string) => `        - in: {inputs: {}, image: "x:1", ${field}}\n`;
const codes = (text: string) => findings(text).map((finding) => finding.split(' ').at(-1));

describe('the parent of a scatter in a scatter', () => {
  it('is the inner one: what the outer one has must be handed on, and the hint says how', () => {
    const inner =
      'scatter: {m: [1]}, steps: [{b: {inputs: {}, commands: "x ${parent.sheet} ${scatter.n} ${scatter.m}"}}]';
    const nested = (more: string) =>
      parse(template(`  - o: {scatter: {n: [1]}, inputs: {sheet: s.csv}, steps: [{i: {${more}${inner}}}]}\n`))
        .diagnostics;
    expect(nested('')).toMatchObject([
      {
        code: 'unknown-name',
        hint: 'The scatter around it has one: hand it on, `inputs: {sheet: "${parent.sheet}"}`.',
      },
    ]);
    expect(nested('inputs: {sheet: "${parent.sheet}"}, ')).toEqual([]);
  });
});

describe('references inside a scatter', () => {
  it.each([
    'commands: "echo ${scatter.sample} ${scatter.size} ${parent.genome} ${parent.bam}"',
    'commands: "echo ${scatter.sample.name} ${scatter.sample[0]}"',
    'commands: x, outputs: {a: "${scatter.sample}.txt"}, s3_tags: {s: "${scatter.sample}"}',
  ])('may name what the scatter declares: %s', (field) => {
    expect(codes(scatter(inner(field)))).toEqual([]);
  });

  it.each([
    'commands: "${scatter.genome}"',
    'commands: "${parent.sample}"',
    'commands: x, outputs: {a: "${scatter.nope}"}',
  ])('may name nothing else: %s', (field) => {
    expect(codes(scatter(inner(field)))).toEqual(['unknown-name']);
  });

  it('see the values of the scatters around, but only the files of the nearest', () => {
    const nested = (command: string) =>
      scatter(
        `        - again:\n            scatter: {part: [1]}\n            steps:\n              - deep: {inputs: {}, commands: "${command}"}\n`,
      );
    expect(codes(nested('${scatter.sample} ${scatter.part}'))).toEqual([]);
    expect(codes(nested('${parent.genome}'))).toEqual(['unknown-name']);
  });

  it('are outside of it nothing, also in its own fields', () => {
    expect(codes(scatter(inner('commands: x'), '      max_concurrency: "${scatter.sample}"\n'))).toEqual([
      'run-time-value',
    ]);
    expect(findingsIn('inputs: {a: "${scatter.x}", b: "${parent.y}"}\ncommands: x')).toEqual([
      '5:20 error unknown-name',
      '5:39 error unknown-name',
    ]);
  });

  it('are also checked in the branches of a Parallel inside', () => {
    const parallel =
      '        - par: {Type: Parallel, Branches: [{steps: [{p: {inputs: {}, commands: "${scatter.nope}"}}]}]}\n';
    expect(codes(scatter(parallel))).toEqual(['unknown-name']);
  });
});

describe('references where a deployment needs the value', () => {
  it.each([
    'task_role: "${job.role}"',
    'job_tags: {a: "${job.x}"}',
    'compute: {memory: "${job.m}"}',
    'compute: {gpu: "${job.g}", queue_name: q}',
    'compute: {shell: "${job.s}"}',
    'retry: {attempts: "${job.n}"}',
    'timeout: ${job.t}',
    'skip_on_rerun: ${job.s}',
    'filesystems: [{efs_id: "${job.e}", host_path: /a}]',
  ])('are told: %s', (field) => {
    expect(findingsIn(`inputs: {}\ncommands: x\n${field}`).map((finding) => finding.split(' ').at(-1))).toEqual([
      'run-time-value',
    ]);
  });

  it('are told in Options and native steps', () => {
    expect(
      findings(
        template('  - a: {inputs: {}, commands: x}\n', 'Options: {task_role: "${job.r}", s3_tags: {a: "${job.ok}"}}\n'),
      ),
    ).toEqual(['3:23 error run-time-value']);
    expect(findingsIn('Type: Pass\nComment: ${job.x} ${other}')).toEqual(['6:16 error run-time-value']);
  });
});

describe('a ${name} that nothing replaces', () => {
  it('is an error where no shell sees it', () => {
    expect(findingsIn('inputs: {a: "${nope}"}\ncommands: x')).toEqual(['5:20 error unknown-name']);
    expect(findingsIn('inputs: {}\ncommands: x\nimage: x:${Nope}')).toEqual(['7:16 error unknown-name']);
    expect(findingsIn('inputs: {}\ncommands: x\ncompute: {cpus: "${Nope}"}')).toEqual(['7:24 error unknown-name']);
  });

  it('is the shell’s in a command', () => {
    expect(findingsIn('inputs: {}\ncommands: echo ${nope} ${HOME:-x} ${#list[@]}')).toEqual([]);
  });
});

describe('misspelt names in commands', () => {
  const of = (command: string) =>
    findingsIn(`inputs: {contigs: c.fa, reads?: r.fq}\ncommands: ${command}`).map((finding) =>
      finding.split(' ').at(-1),
    );

  it('are told when they are near to a file', () => {
    expect(of('sort ${contig}')).toEqual(['misspelt-name']);
    expect(of('sort ${raeds}')).toEqual(['misspelt-name']);
  });

  it.each([
    'sort ${contigs} ${reads}',
    'contig=1; echo ${contig}',
    'for contig in 1; do echo ${contig}; done',
    'read contig; echo ${contig}',
    'echo ${CONTIG}',
    'echo ${other}',
  ])('are not seen in: %s', (command) => {
    expect(of(command)).toEqual([]);
  });
});
