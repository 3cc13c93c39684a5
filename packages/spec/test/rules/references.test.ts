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

describe('the parent of a scatter without inputs', () => {
  const each = (name: string, more = '') =>
    `  - each: {${more}scatter: {n: [1]}, outputs: {own: o.txt}, steps: [{b: {inputs: {f: "\${parent.${name}}"}, commands: "x \${scatter.n}"}}]}\n`;
  const make = (name: string, more = '') =>
    `  - make-${name}: {${more}inputs: {}, commands: x, outputs: {${name}: ${name}.txt}}\n`;

  it('has the outputs of the step before it beside its own', () => {
    expect(codes(template(make('a') + each('a')))).toEqual([]);
    expect(codes(template(make('a') + each('own')))).toEqual([]);
    expect(codes(template(`${make('a')}  - wait: {Type: Pass}\n${each('a')}`))).toEqual([]);
  });

  it('has the manifest of a scatter, and nothing of a subpipe', () => {
    const one = '  - first: {scatter: {m: [1]}, steps: [{c: {inputs: {}, commands: "x ${scatter.m}"}}]}\n';
    expect(codes(template(one + each('manifest')))).toEqual([]);
    expect(codes(template(`${make('a')}  - call: {subpipe: other}\n${each('a')}`))).toEqual(['unknown-name']);
  });

  it('has what any way leads to', () => {
    const way = '  - which: {choices: [{if: job.x, next: make-b}, {if: job.y, next: each}]}\n';
    const block = `${make('a')}${way}${make('c')}${make('b')}`;
    for (const name of ['a', 'b']) expect(codes(template(block + each(name)))).toEqual([]);
    expect(codes(template(block + each('c')))).toEqual(['unknown-name']);
  });

  it('has those of the step before a Parallel around it', () => {
    const parallel = (name: string) =>
      template(
        `${make('a')}  - both:\n      Type: Parallel\n      Branches:\n        - steps:\n${each(name).replace(/^ {2}/, '            ')}`,
      );
    expect(codes(parallel('a'))).toEqual([]);
    expect(codes(parallel('b'))).toEqual(['unknown-name']);
  });

  it('has nothing where it is the first step, in a branch, too, or says that it has none', () => {
    expect(codes(template(each('a')))).toEqual(['unknown-name']);
    expect(codes(template(make('a') + each('a', 'inputs: {}, ')))).toEqual(['unknown-name']);
    const nested = `  - outer:\n      scatter: {m: ["\${job.m}"]}\n      steps:\n${each('a').replace(/^ {2}/, '        ')}`;
    expect(codes(template(make('a') + nested))).toContain('unknown-name');
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
    expect(findingsIn('inputs: {}\ncommands: echo ${HOME} ${HOME:-x} ${nope:-} ${#list[@]}')).toEqual([]);
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
  ])('are not seen in: %s', (command) => {
    expect(of(command)).toEqual([]);
  });
});

describe('variables that nothing sets', () => {
  const of = (command: string) =>
    findingsIn(`inputs: {contigs: c.fa}\ncommands:\n  - |\n    ${command}`).map((finding) => finding.split(' ').at(-1));

  it('are reported, because the shell stops there', () => {
    expect(of('echo ${qqq}')).toEqual(['unset-variable']);
  });

  it.each([
    'qqq=1; echo ${qqq}',
    'qqq+=x; echo ${qqq}',
    'for qqq in a b; do echo ${qqq}; done',
    'while read -r a qqq; do echo ${qqq}; done < ${contigs}',
    'mapfile -t qqq < ${contigs}; echo ${qqq}',
    'printf -v qqq %s x; echo ${qqq}',
    'f() { local qqq; echo ${qqq}; }',
    '((qqq = 1)); echo ${qqq}',
    'source settings.sh; echo ${qqq}',
    'eval "$(settings)"; echo ${qqq}',
    'set +u; echo ${qqq}',
    'echo ${QQQ}',
  ])('are none in: %s', (command) => {
    expect(of(command)).toEqual([]);
  });
});

describe('hints', () => {
  const hintsOf = (steps: string) => parse(template(steps)).diagnostics.map(({ hint }) => hint);

  it('say where a scatter’s own values are known', () => {
    const steps =
      '  - s: {scatter: {x: [a, b]}, outputs: {o: "${scatter.x}.txt"}, steps: [{b: {inputs: {}, commands: "x ${scatter.x}"}}]}\n';
    expect(hintsOf(steps)).toEqual([expect.stringMatching(/inside the branches only.*glob/)]);
  });

  it('say that variables of the shell are for commands', () => {
    const steps = '  - b: {inputs: {}, commands: x, outputs: {o: "${BC_BRANCH_IDX}.txt"}}\n';
    expect(hintsOf(steps)).toEqual([expect.stringMatching(/variable of the shell/)]);
  });

  it('say at which level a field belongs', () => {
    expect(hintsOf('  - b: {inputs: {}, commands: x, cpus: 4}\n')).toEqual([
      'It belongs one level deeper: `compute: {cpus: …}`.',
    ]);
    expect(hintsOf('  - b: {inputs: {}, commands: x, compute: {timeout: 1h}}\n')).toEqual([
      'It belongs one level higher: indent it less.',
    ]);
  });
});
