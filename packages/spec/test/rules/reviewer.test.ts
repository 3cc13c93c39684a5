import { parse } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { findings, findingsIn, template } from '../template.js';

const codes = (text: string) => findings(text).map((finding) => finding.split(' ').slice(1).join(' '));
const codesIn = (fields: string) => findingsIn(fields).map((finding) => finding.split(' ').slice(1).join(' '));
const writes = (name: string, file: string, more = '') =>
  `{${name}: {inputs: {}, commands: x, outputs: {${name}_out: "${file}"}${more}}}`;

describe('overwritten-output', () => {
  const warning = ['warning overwritten-output'];

  it('is told when a later step writes the same file, also in a folder of its own', () => {
    expect(codes(template(`  - ${writes('a', 'x.txt')}\n  - ${writes('b', 'sub/x.txt')}\n`))).toEqual(warning);
    expect(codes(template(`  - ${writes('a', '${job.x}.txt')}\n  - ${writes('b', '${job.x}.txt')}\n`))).toEqual(
      warning,
    );
    expect(codes(template(`  - ${writes('a', 'x.txt')}\n  - ${writes('b', 'y.txt')}\n`))).toEqual([]);
  });

  it('stands at the later one', () => {
    expect(findings(template(`  - ${writes('a', 'x.txt')}\n  - ${writes('b', 'x.txt')}\n`))[0]).toMatch(
      /^5:\d+ warning/,
    );
  });

  it('is told of branches side by side, unless their conditions may exclude each other', () => {
    const branches = (left: string, right: string) =>
      template(
        `  - p: {branches: [{${left}steps: [${writes('a', 'x.txt')}]}, {${right}steps: [${writes('b', 'x.txt')}]}]}\n`,
      );
    expect(codes(branches('', ''))).toEqual(warning);
    expect(codes(branches('if: job.x, ', ''))).toEqual(warning);
    expect(codes(branches('if: job.x, ', 'if: not job.x, '))).toEqual([]);
    const parallel = `  - p: {Type: Parallel, Branches: [{steps: [${writes('a', 'x.txt')}]}, {steps: [${writes('b', 'x.txt')}]}]}\n`;
    expect(codes(template(parallel))).toEqual(warning);
  });

  it('is not told of steps of which a chooser takes one', () => {
    const chosen = `  - c: {choices: [{if: job.x, next: b}]}\n  - ${writes('a', 'x.txt', ', end: true')}\n  - ${writes('b', 'x.txt')}\n`;
    expect(codes(template(chosen))).toEqual([]);
    const nested = `  - p: {Type: Parallel, Branches: [{steps: [{c: {choices: [{if: job.x, next: b}]}}, ${writes('a', 'x.txt', ', end: true')}, ${writes('b', 'x.txt')}]}]}\n`;
    expect(codes(template(nested))).toEqual([]);
  });

  it('is not told of a scatter: each branch has its own repository', () => {
    const scatter = `  - s: {scatter: {i: [1]}, steps: [{in: {inputs: {}, commands: "x \${scatter.i}", outputs: {o: x.txt}}}]}\n`;
    expect(codes(template(`  - ${writes('a', 'x.txt')}\n${scatter}`))).toEqual([]);
    const twice = `  - s: {scatter: {i: [1]}, steps: [{in: {inputs: {}, commands: "\${scatter.i}", outputs: {o: x.txt}}}, ${writes('b', 'x.txt')}]}\n`;
    expect(codes(template(twice))).toEqual(warning);
  });

  it('is not told of other destinations and of globs', () => {
    const to = (place: string) => `x.txt -> s3://abc/\${job.x}/${place}/`;
    expect(codes(template(`  - ${writes('a', to('1'))}\n  - ${writes('b', to('2'))}\n`))).toEqual([]);
    expect(codes(template(`  - ${writes('a', '*.txt')}\n  - ${writes('b', '*.txt')}\n`))).toEqual([]);
  });
});

describe('shared-destination', () => {
  const of = (output: string, more = '') => codesIn(`inputs: {}\ncommands: x\noutputs: {a: ${output}}${more}`);

  it.each(['"f.txt -> s3://abc/"', '{name: f.txt, dest: "s3://abc/d"}'])('is told of %s', (output) => {
    expect(of(output)).toEqual(['warning shared-destination']);
  });

  it.each(['f.txt', '"f.txt -> s3://abc/${job.x}/"', '"${job.x}.txt -> s3://abc/"', '"*.txt -> s3://abc/"'])(
    'is not told of %s',
    (output) => {
      expect(of(output)).toEqual([]);
    },
  );

  it('is not told of what is made once for all jobs', () => {
    expect(of('"f.txt -> s3://abc/"', '\nskip_if_output_exists: true')).toEqual([]);
  });
});

describe('never-skips', () => {
  const of = (outputs: string) => codesIn(`inputs: {}\ncommands: x\n${outputs}skip_if_output_exists: true`);

  it('is told without outputs, and with a glob among them', () => {
    expect(of('')).toEqual(['warning never-skips']);
    expect(of('outputs: {a: f.txt, b: "*.txt"}\n')).toEqual(['warning never-skips']);
    expect(of('outputs: {a: f.txt}\n')).toEqual([]);
  });
});

describe('unused-scatter-value', () => {
  const scatter = (step: string) =>
    codes(template(`  - s: {scatter: {a: [1, 2], b: "*.txt", one: [1]}, steps: [${step}]}\n`));

  it('is told for each value that nothing uses', () => {
    expect(scatter('{in: {inputs: {}, commands: x}}')).toEqual([
      'warning unused-scatter-value',
      'warning unused-scatter-value',
    ]);
    expect(scatter('{in: {inputs: {x: "${scatter.a}"}, commands: x}}')).toEqual(['warning unused-scatter-value']);
  });

  it.each([
    '{in: {inputs: {x: "${scatter.a}"}, commands: "echo ${scatter.b.name}"}}',
    '{in: {inputs: {}, commands: "echo $BC_BRANCH_IDX"}}',
    '{in: {Type: Pass}}',
    '{in: {subpipe: other}}',
    '{in: {inputs: {}, commands: "echo ${scatter.a}", qc_check: {qc_result_file: q.json, stop_early_if: n > scatter.b}}}',
    '{in: {scatter: {c: "${scatter.a}"}, steps: [{deep: {inputs: {}, commands: "${scatter.b} ${scatter.c}"}}]}}',
  ])('is not told of %s', (step) => {
    expect(scatter(step)).toEqual([]);
  });
});

describe('misspelt-file', () => {
  it('tells of an input that names the output of another step with its folder', () => {
    const of = (input: string) =>
      parse(
        template(
          `  - a: {inputs: {}, commands: "x > \${o}", outputs: {o: outdir/x.txt}}\n  - b: {inputs: {"i?": ${input}}, commands: "y \${i}"}\n`,
        ),
      ).diagnostics;
    expect(of('outdir/x.txt')).toMatchObject([
      {
        code: 'misspelt-file',
        severity: 'warning',
        hint: 'Write "x.txt": in the repository, outputs have no folders.',
      },
    ]);
    for (const other of ['x.txt', 'other/x.txt', 's3://b/outdir/x.txt']) expect(of(other)).toEqual([]);
  });

  const of = (command: string, fields = 'outputs: {counts: read_counts.tsv}') =>
    codesIn(`inputs: {reads: reads.tsv}\ncommands: "${command}"\n${fields}`);

  it('is told when a file is nearly named', () => {
    expect(of('count > read_count.tsv')).toEqual(['warning misspelt-file']);
    expect(of('count > out/raed_counts.tsv')).toEqual(['warning misspelt-file']);
    expect(of('qc > q_result.json', 'qc_check: [{qc_result_file: q_results.json, stop_early_if: bad}]')).toEqual([
      'warning misspelt-file',
    ]);
  });

  it.each([
    'count > read_counts.tsv',
    'count > ${counts}',
    'count --prefix read',
    'count ${reads} > read_counts_1.tsv; join',
    'count > counts.txt',
  ])('is not told of: %s', (command) => {
    expect(of(command)).toEqual([]);
  });
});
