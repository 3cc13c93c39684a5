import { parse } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { findings, findingsIn, stepWith, template, workflowOf } from './template.js';

/*
 * The page that defines the template language, row by row, as a reader would try it out. Corner cases of each row are
 * in the tests of the module that implements it.
 */

const codes = (text: string) => findings(text).map((finding) => finding.split(' ').at(-1));
const codesIn = (fields: string, head = '') => findingsIn(fields, head).map((finding) => finding.split(' ').at(-1));
const batch = (fields: string) => stepWith(`inputs: {}\ncommands: x\n${fields}`);
const wrong = (fields: string) => codesIn(`inputs: {}\ncommands: x\n${fields}`);
const step = (name: string, more = '') => `  - ${name}: {inputs: {}, commands: x${more}}\n`;
const options = (text: string) => workflowOf(template(step('a'), `Options: ${text}\n`)).options;

describe('Top level', () => {
  it('Transform: for CloudFormation; whatever it is, the parser does not mind', () => {
    expect(codes(template(step('a')).replace('BC2_Compiler', '[BC2_Compiler, AWS::Serverless]'))).toEqual([]);
    expect(codes(template(step('a')).replace(/^Transform.*\n/, ''))).toEqual(['missing-transform']);
  });

  it('Repository: required, an S3 URI whose trailing slashes are dropped', () => {
    expect(workflowOf(template(step('a')).replace('${job.ID}', '${job.ID}//')).repository).toMatch(/\{job\.ID\}$/);
    expect(codes(template(step('a')).replace(/^Repository.*\n/m, ''))).toEqual(['missing-field']);
  });

  it('Parameters: passed through; alphanumeric, with a Type, and a value or a Default', () => {
    const head = (declaration: string) => `Parameters: {${declaration}}\n`;
    const uses = step('a', ', image: "x:${Tag}"');
    expect(workflowOf(template(uses, head('Tag: {Type: String, MinLength: 1}')), { Tag: '2' })).toMatchObject({
      parameters: { Tag: { Type: 'String', MinLength: 1 } },
      steps: [{ image: { name: 'x:2' } }],
    });
    expect(codes(template(uses, head('Tag: {Type: String}')))).toEqual(['missing-parameter']);
    expect(codes(template(uses, head('Tag: {Type: Strin, Default: x}')))).toEqual(['wrong-type']);
    for (const type of [
      'CommaDelimitedList',
      'List<Number>',
      'AWS::EC2::VPC::Id',
      'AWS::SSM::Parameter::Value<List<String>>',
    ])
      expect(codes(template(uses, head(`Tag: {Type: "${type}", Default: x}`)))).toEqual([]);
    expect(codes(template(uses, head('Tag: {Default: x}')))).toEqual(['missing-field']);
    expect(codes(template(step('a'), head('my-tag: {Type: String, Default: x}')))).toContain('bad-name');
  });

  it('Steps: a list of maps with a single key, at least one', () => {
    expect(codes(template('  []\n'))).toEqual(['wrong-type']);
    expect(codes(template('  - a: {inputs: {}, commands: x}\n    b: {commands: x}\n'))).toEqual(['step-not-single']);
  });

  it('keys match regardless of capitals, with a warning', () => {
    expect(codes(template(step('a')).replace('Steps', 'steps'))).toEqual(['key-capitals']);
  });

  it('JSON is as good as YAML', () => {
    const json = {
      Transform: 'BC2_Compiler',
      Repository: 's3://abc/${job.x}',
      Steps: [{ a: { inputs: {}, commands: 'x' } }],
    };
    expect(parse(JSON.stringify(json, null, '\t')).diagnostics).toEqual([]);
  });
});

describe('Options', () => {
  it.each([
    ['{versioned: "TRUE"}', { versioned: true }],
    ['{versioned: false}', { versioned: false }],
    ['{pin_images: best-effort}', { pinImages: 'best-effort' }],
    ['{shell: bash}', { shell: 'bash' }],
    ['{shell: sh-pipefail}', { shell: 'sh-pipefail' }],
    ['{task_role: "arn:aws:iam::1:role/r"}', { taskRole: 'arn:aws:iam::1:role/r' }],
    ['{s3_tags: {a: 1, b: true}}', { s3Tags: { a: '1', b: 'true' } }],
    ['{job_tags: [{a: 1}, {b: x}]}', { jobTags: { a: '1', b: 'x' } }],
    ['{}', { versioned: false, shell: 'sh', s3Tags: {}, jobTags: {} }],
  ])('%s', (text, expected) => {
    expect(options(text)).toMatchObject(expected);
  });
});

describe('Steps', () => {
  it('a kind follows from the keys; none or several of them is an error that names the kinds', () => {
    const { diagnostics } = parse(template('  - a: {commands: x, scatter: {i: [1]}}\n  - b: {inputs: {}}\n'));
    expect(diagnostics).toMatchObject([
      { code: 'step-kind', message: expect.stringMatching(/commands.*scatter/) },
      { code: 'step-kind', hint: expect.stringMatching(/batch.*scatter.*subpipe.*native.*chooser.*parallel chooser/) },
    ]);
  });

  it('names are unique in the whole template', () => {
    expect(codes(template(`${step('a')}  - p: {branches: [{steps: [{a: {Type: Pass}}]}]}\n`))).toEqual([
      'duplicate-step',
    ]);
  });

  it.each([
    ['scatter: {i: [1]}, steps: [{x: {Type: Pass}}]', ['.map', '.gather']],
    ['subpipe: other', ['.subpipe', '.retrieve']],
    ['choices: [{if: job.x, next: z}]', ['.choose']],
    ['branches: [{if: job.x, steps: [{x: {Type: Pass}}]}]', ['.parallel', '.if0', '.skip0']],
  ])('names leave room for the suffixes of the states of {%s}', (fields, suffixes) => {
    const named = (name: string) => `  - ${name}: {${fields}}\n`;
    expect(codes(template(`${named('n'.repeat(70))}${step('z')}`))).toEqual([]);
    expect(codes(template(`${named('n'.repeat(71))}${step('z')}`))).toEqual(['limit-exceeded']);
    for (const suffix of suffixes) {
      expect(suffix.length).toBeLessThanOrEqual(10);
      expect(codes(template(`${named('n')}${step(`n${suffix}`)}${step('z')}`))).toEqual(['bad-name']);
    }
    expect(codes(template(step('n'.repeat(80)) + step('z')))).toEqual([]);
  });

  it('any but a chooser may have next or end, not both; next names a step of the same block', () => {
    expect(codes(template(step('a', ', next: c') + step('b', ', end: true') + step('c', ', next: b')))).toEqual([]);
    expect(codes(template(step('a', ', next: b, end: true') + step('b')))).toEqual(['exclusive-fields']);
    const inner = (next: string) =>
      template(
        `  - s: {scatter: {i: [1]}, steps: [{x: {inputs: {}, commands: x, next: ${next}}}, {y: {Type: Pass}}]}\n${step('z')}`,
      );
    expect(codes(inner('y'))).toEqual([]);
    expect(codes(inner('z'))).toEqual(['unknown-next']);
  });

  it('nothing runs after Succeed and Fail, unless something else leads there', () => {
    for (const type of ['Succeed', 'Fail']) {
      expect(codes(template(`  - f: {Type: ${type}}\n${step('z')}`))).toEqual(['unreachable-step']);
      expect(codes(template(`  - c: {choices: [{if: job.x, next: z}]}\n  - f: {Type: ${type}}\n${step('z')}`))).toEqual(
        [],
      );
    }
  });
});

describe('Batch', () => {
  it.each([
    ['image: samtools:1.21', { image: { name: 'samtools:1.21' } }],
    [
      'image: {name: "ghcr.io/a/b@sha256:0123456789012345678901234567890123456789012345678901234567890123", auth: s}',
      { image: { auth: 's' } },
    ],
    ['image: "ghcr.io/a/b:1 +auth: secret"', { image: { name: 'ghcr.io/a/b:1', auth: 'secret' } }],
    ['task_role: r', { taskRole: 'r' }],
    ['references: {g: "s3://b/g.fa"}', { references: { g: 's3://b/g.fa' } }],
    ['references: [{g: "s3://b/g.fa"}]', { references: { g: 's3://b/g.fa' } }],
    ['outputs: {o: "deep/**/x.txt"}', { outputs: { o: { file: 'deep/**/x.txt' } } }],
    [
      'outputs: [{o: {name: x, dest: "s3://b/${job.x}/", s3_tags: {a: 1}}}]',
      { outputs: { o: { file: 'x', dest: 's3://b/${job.x}/', s3Tags: { a: '1' } } } },
    ],
    [
      'outputs:\n  o: |\n    x.txt\n    -> s3://b/${job.x}/\n    +tag: one two\n    +tag2: v',
      { outputs: { o: { file: 'x.txt', dest: 's3://b/${job.x}/', s3Tags: { tag: 'one two', tag2: 'v' } } } },
    ],
    ['skip_on_rerun: "True"', { skip: 'rerun' }],
    ['outputs: {o: x}\nskip_if_output_exists: true', { skip: 'outputs' }],
    [
      'compute: {cpus: "4", memory: 16 Gb, gpu: all, spot: false, queue_name: q, shell: bash, consumes: {c: 2}}',
      {
        compute: {
          cpus: 4,
          memoryMiB: 16_384,
          gpu: 'all',
          spot: false,
          queueName: 'q',
          shell: 'bash',
          consumes: { c: 2 },
        },
      },
    ],
    ['compute: {memory: 512MiB}', { compute: { memoryMiB: 512 } }],
    ['compute: {shm: 2 Gb}', { compute: { memoryMiB: 1_024, shmMiB: 2_048 } }],
    ['compute: {memory: 1}', { compute: { memoryMiB: 4 } }],
    [
      'filesystems: [{efs_id: fs-0a, host_path: /x}]',
      { filesystems: [{ efsId: 'fs-0a', hostPath: '/x', rootDir: '/' }] },
    ],
    [
      'qc_check: [{qc_result_file: q.json, stop_early_if: [a > 1, b]}]',
      { qcChecks: [{ resultFile: 'q.json', stopEarlyIf: ['a > 1', 'b'] }] },
    ],
    ['retry: {attempts: 0}', { retry: { attempts: 0, intervalSeconds: 3, backoffRate: 1.5 } }],
    ['timeout: 2h', { timeoutSeconds: 7_200 }],
    ['retry: {timeout: 1d}', { timeoutSeconds: 86_400 }],
  ])('%s', (fields, expected) => {
    expect(batch(fields)).toMatchObject(expected);
  });

  it('has the defaults of the table', () => {
    expect(stepWith('commands: [one, two]')).toMatchObject({
      inputs: 'auto',
      references: {},
      commands: ['one', 'two'],
      outputs: {},
      skip: 'never',
      compute: { cpus: 1, memoryMiB: 1_024, gpu: 0, spot: true, shell: 'sh', consumes: {} },
      filesystems: [],
      qcChecks: [],
      retry: { attempts: 3, intervalSeconds: 3, backoffRate: 1.5 },
    });
  });

  it('inputs: map or list of single-key maps; s3://, globs, optional names, {} for none', () => {
    const inputs = { a: 'x/y.txt', b: 's3://c/d', 'c?': '*.fq' };
    expect(stepWith('commands: x\ninputs: {a: x/y.txt, b: "s3://c/d", c?: "*.fq"}')).toMatchObject({ inputs });
    expect(stepWith('commands: x\ninputs: [{a: x/y.txt}, {b: "s3://c/d"}, {c?: "*.fq"}]')).toMatchObject({ inputs });
    expect(stepWith('commands: x\ninputs: {}')).toMatchObject({ inputs: {} });
  });

  it.each([
    ['skip_on_rerun: true\noutputs: {o: x}\nskip_if_output_exists: true', 'exclusive-fields'],
    ['compute: {cpus: 0}', 'wrong-type'],
    ['compute: {gpu: some}', 'wrong-type'],
    ['compute: {consumes: {c: 0}}', 'wrong-type'],
    ['filesystems: [{efs_id: fs-0a, host_path: /x}, {efs_id: fs-0a, host_path: /y}]', 'duplicate-filesystem'],
    ['filesystems: [{efs_id: fs-0a, host_path: "/${job.x}"}]', 'run-time-value'],
    ['retry: {backoff_rate: 0.5}', 'wrong-type'],
    ['timeout: 59s', 'bad-duration'],
    ['timeout: 1.5h', 'bad-duration'],
    ['references: {a: "s3://b/c"}\noutputs: {a: x}', 'duplicate-name'],
  ])('%s: %s', (fields, code) => {
    expect(wrong(fields)).toEqual([code]);
  });
});

describe('Scatter', () => {
  const scatter = (fields: string, inside = '{x: {inputs: {}, commands: "${scatter.i}"}}') =>
    stepWith(`scatter: {i: "\${job.list}"}\nsteps: [${inside}]\n${fields}`);

  it.each([
    ['', { maxConcurrency: 0, errorTolerance: { count: 0 }, inputs: {}, outputs: {} }],
    ['inputs: {g: g.fa}\noutputs: [{o: "*.bam"}]', { inputs: { g: 'g.fa' }, outputs: { o: '*.bam' } }],
    ['max_concurrency: 5\nerror_tolerance: 10%', { maxConcurrency: 5, errorTolerance: { percentage: 10 } }],
  ])('%s', (fields, expected) => {
    expect(scatter(fields)).toMatchObject(expected);
  });

  it.each(['[1, a, null, true]', '"${job.x}"', '"@list.txt"', '"@s.json:$.a[*]"', '"reads/*.fq"', 'one.txt'])(
    'a source is %s',
    (source) => {
      expect(codesIn(`scatter: {i: ${source}}\nsteps: [{x: {inputs: {}, commands: "\${scatter.i}"}}]`)).toEqual([]);
    },
  );

  it('inside another, its parent is the outer branch: values of all scatters around, files of the nearest', () => {
    const nested = (command: string) =>
      codesIn(
        `scatter: {i: [1]}\ninputs: {outer: x}\nsteps:\n  - s:\n      scatter: {k: [1]}\n      inputs: {inner: y}\n      outputs: {o: z}\n      steps: [{x: {inputs: {}, commands: "${command}"}}]`,
      );
    expect(nested('${scatter.i} ${scatter.k} ${parent.inner} ${parent.o}')).toEqual([]);
    expect(nested('${parent.outer}')).toEqual(['unknown-name']);
  });
});

describe('Subpipe', () => {
  it('subpipe, job_data and retrieve', () => {
    expect(stepWith('subpipe: other\njob_data: s3://b/j.json\nretrieve: [a, "b -> c"]')).toMatchObject({
      jobData: 's3://b/j.json',
      retrieve: [
        { from: 'a', to: 'a' },
        { from: 'b', to: 'c' },
      ],
    });
    expect(codesIn('subpipe: other\nretrieve: ["a -> b -> c"]')).toEqual(['bad-retrieve']);
  });
});

describe('Native', () => {
  it.each([
    ['Pass', '{}'],
    ['Task', '{Resource: "arn:aws:states:::sns:publish"}'],
    ['Wait', '{Seconds: 5}'],
    ['Succeed', '{}'],
    ['Fail', '{Cause: it is over}'],
  ])('Type %s passes its fields through', (type, fields) => {
    const more = fields.slice(1, -1);
    expect(stepWith(`Type: ${type}\nComment: c\nNewInTheLanguage: x\n${more}`)).toMatchObject({
      type,
      fields: { Comment: 'c', NewInTheLanguage: 'x' },
    });
  });

  it('Parallel has steps blocks', () => {
    expect(codesIn('Type: Parallel\nBranches: [{steps: [{a: {Type: Pass}}]}]')).toEqual([]);
  });

  it.each([
    ['Choice', 'chooser'],
    ['Map', 'scatter'],
  ])('%s is an error that points to the %s', (type, instead) => {
    const [diagnostic] = parse(template(`  - n: {Type: ${type}}\n`)).diagnostics;
    expect(diagnostic).toMatchObject({ severity: 'error', hint: expect.stringContaining(instead) });
  });

  it('Catch leads to steps of the same block', () => {
    const caught = (next: string) =>
      template(
        `  - t: {Type: Task, Resource: "arn:x", Catch: [{ErrorEquals: [States.ALL], Next: ${next}}], end: true}\n${step('rescue')}`,
      );
    expect(codes(caught('rescue'))).toEqual([]);
    expect(findings(caught('rescu'))).toEqual([expect.stringMatching(/^4:\d+ error unknown-next$/)]);
  });
});

describe('Chooser and parallel chooser', () => {
  it('choices lead to steps of the same block, and a step follows', () => {
    expect(codes(template(`  - c: {choices: [{if: job.x, next: z}]}\n${step('z')}`))).toEqual([]);
    expect(codes(template(`${step('z')}  - c: {choices: [{if: job.x, next: z}]}\n`))).toEqual(['chooser-last']);
    expect(codes(template(`  - c: {choices: [{if: job.x, next: y}]}\n${step('z')}`))).toEqual(['unknown-next']);
  });

  it('a branch without if runs always', () => {
    expect(stepWith('branches: [{steps: [{a: {Type: Pass}}]}]')).toMatchObject({
      branches: [{ steps: [{ name: 'a' }] }],
    });
  });
});

describe('Substitution', () => {
  it('${Name}: declared parameters only; anything else is left alone', () => {
    const text = template(
      step('a', ', commands: "${Tag} ${Other}"').replace('commands: x, ', ''),
      'Parameters: {Tag: {Type: String, Default: 7}}\n',
    );
    expect(workflowOf(text).steps).toMatchObject([{ commands: ['7 ${Other}'] }]);
  });

  it('parameters that nothing uses, and secrets that something uses, are told', () => {
    expect(codes(template(step('a'), 'Parameters: {P: {Type: String, Default: x}}\n'))).toEqual(['unused-parameter']);
    const secret = template(
      step('a', ', image: "x:${P}"'),
      'Parameters: {P: {Type: String, Default: x, NoEcho: true}}\n',
    );
    expect(codes(secret)).toEqual(['secret-parameter']);
  });

  it('images that can change are told in versioned workflows', () => {
    const of = (image: string) => codes(template(step('a', `, image: "${image}"`), 'Options: {versioned: true}\n'));
    for (const image of ['x', 'x:latest', 'x:prod']) expect(of(image), image).toEqual(['mutable-image']);
    for (const image of ['x:1.4', `x@sha256:${'0'.repeat(64)}`]) expect(of(image), image).toEqual([]);
  });
});
