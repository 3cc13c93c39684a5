import { parse } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { findings, findingsIn, template } from '../template.js';

const codesIn = (fields: string) => findingsIn(fields).map((finding) => finding.split(' ').slice(1).join(' '));
const batch = (name: string, more = '') => `  - ${name}: {inputs: {}, commands: x${more}}\n`;

describe('duplicate-step', () => {
  it('looks into nested blocks', () => {
    const nested = '  - each: {scatter: {a: [1]}, steps: [{twin: {inputs: {}, commands: x}}]}\n';
    expect(findings(template(batch('twin') + nested))).toEqual(['5:40 error duplicate-step']);
  });
});

describe('unknown-next', () => {
  it('does not look into other blocks', () => {
    const nested = '  - each: {scatter: {a: [1]}, steps: [{in: {inputs: {}, commands: x, next: out}}]}\n';
    expect(findings(template(nested + batch('out')))).toEqual(['4:76 error unknown-next']);
  });

  it('is told for choices, in both spellings', () => {
    expect(findings(template(`  - c: {choices: [{if: job.x, next: nope}]}\n${batch('z')}`))).toEqual([
      '4:37 error unknown-next',
    ]);
    expect(findings(template(`  - c: {choices: {if: job.x, next: nope}}\n${batch('z')}`))).toEqual([
      '4:36 error unknown-next',
    ]);
  });
});

describe('unreachable-step', () => {
  it('follows choices, next and loops', () => {
    const steps = `${batch('a', ', next: c')}${batch('b', ', end: true')}  - c: {choices: [{if: job.x, next: b}]}\n${batch('d', ', next: a')}`;
    expect(findings(template(steps))).toEqual([]);
  });

  it('finds a step behind Fail', () => {
    expect(findings(template(`  - f: {Type: Fail}\n${batch('lost')}`))).toEqual(['5:5 warning unreachable-step']);
  });
});

describe('endless-loop', () => {
  const choice = (name: string, next: string) => `  - ${name}: {choices: [{if: job.x, next: ${next}}]}\n`;

  it('is told where a step leads back and no path leads on', () => {
    expect(findings(template(batch('a', ', next: a')))).toEqual(['4:40 warning endless-loop']);
    expect(findings(template(batch('a') + batch('b') + batch('c', ', next: b')))).toEqual([
      '6:40 warning endless-loop',
    ]);
  });

  it('is told for a chooser that goes back to itself', () => {
    expect(findings(template(choice('c', 'c') + batch('z')))).toEqual(['4:37 warning endless-loop']);
  });

  it('is not told for a circle that a chooser, an end or a caught failure leads out of', () => {
    expect(findings(template(batch('a') + choice('again', 'a') + batch('z')))).toEqual([]);
    const poll = '  - p: {Type: Task, Resource: "arn:x", Catch: [{ErrorEquals: [States.ALL], Next: z}]}\n';
    expect(findings(template(`${poll}${batch('w', ', next: p')}${batch('z')}`))).toEqual([]);
  });
});

describe('what a step lacks or has twice', () => {
  it.each([
    ['inputs: {}\ncommands: "  "', 'wrong-type'],
    ['inputs: {}\ncommands: [""]', 'wrong-type'],
    ['inputs: {a: x, "a?": y}\ncommands: x', 'duplicate-name'],
    [
      'inputs: {}\ncommands: x\nfilesystems: [{efs_id: fs-1, host_path: /d}, {efs_id: fs-2, host_path: /d/}]',
      'duplicate-filesystem',
    ],
  ])('%j', (fields, code) => {
    expect(codesIn(fields)).toEqual([`error ${code}`]);
  });
});

describe('a step that is no step yet', () => {
  it('is checked as the kind that its misspelt key means', () => {
    expect(findingsIn('comands: x\ninputs: {"a b": x}\ntiemout: 90s\ncompute: {cpus: 0}')).toEqual([
      '5:7 error unknown-field',
      '6:16 error bad-name',
      '7:7 error unknown-field',
      '8:23 error wrong-type',
    ]);
  });

  it('is checked although a dash is missing before its name', () => {
    const steps = '  - a: {inputs: {}, comands: x}\n    b: {inputs: {}, commands: x, tiemout: 90s}\n';
    expect(findings(template(steps))).toEqual([
      '4:5 error step-not-single',
      '4:21 error unknown-field',
      '5:34 error unknown-field',
    ]);
  });

  it('is not taken for several steps when its fields are not indented', () => {
    const { diagnostics } = parse(template('  - a:\n    inputs: {}\n    comands: x\n'));
    expect(diagnostics).toMatchObject([
      { code: 'step-not-single', hint: expect.stringContaining('Indent the fields') },
    ]);
    expect(findings(template('  - a: {inputs: {}, commands: x}\n    compute: {cpus: 1}\n'))).toEqual([
      '4:5 error step-not-single',
    ]);
  });
});

describe('rewritten-number', () => {
  it('is told for a default, a tag and an item that would read otherwise', () => {
    const head = 'Parameters:\n  Tag: {Type: String, Default: 1.20}\nOptions: {s3_tags: {build: 007}}\n';
    const steps =
      '  - a: {scatter: {v: [1.10, 2]}, steps: [{b: {inputs: {}, image: "x:${Tag}", commands: "x ${scatter.v}", job_tags: [{n: 1.00}]}}]}\n';
    expect(findings(template(steps, head))).toEqual([
      '4:32 warning rewritten-number',
      '5:28 warning rewritten-number',
      '7:23 warning rewritten-number',
      '7:121 warning rewritten-number',
    ]);
  });

  it('is not told for numbers that stay as they are, and where numbers are wanted', () => {
    const head = 'Parameters: {Tag: {Type: String, Default: "1.20"}, Cpus: {Type: Number, Default: 4.0}}\n';
    const step =
      '  - a: {inputs: {}, commands: "x ${Tag} ${Cpus}", s3_tags: {a: 1.5, b: 10, c: -1}, retry: {backoff_rate: 2.0}}\n';
    expect(findings(template(step, head))).toEqual([]);
  });
});

describe('shared memory', () => {
  it('is told where it is more than the memory that it is a part of', () => {
    const step = (compute: string) => `  - a: {inputs: {}, commands: date, compute: ${compute}}\n`;
    expect(findings(template(step('{shm: 2 Gb}')))).toEqual([expect.stringMatching(/ warning little-memory$/)]);
    expect(findings(template(step('{memory: 1 Gb, shm: 1025}')))).toHaveLength(1);
    expect(findings(template(step('{memory: 1 Gb, shm: 1024}')))).toEqual([]);
    expect(findings(template(step('{memory: 4 Gb, shm: 2 Gb}')))).toEqual([]);
  });
});

describe('retries', () => {
  it('are told where Batch makes fewer, or where they wait long', () => {
    const step = (retry: string) => `  - a: {inputs: {}, commands: date, retry: ${retry}}\n`;
    const codes = (retry: string) => findings(template(step(retry))).map((finding) => finding.split(' ').at(-1));
    expect(codes('{attempts: 9, backoff_rate: 1}')).toEqual([]);
    expect(codes('{attempts: 10, backoff_rate: 1}')).toEqual(['many-retries']);
    expect(codes('{attempts: 1, interval: 15m}')).toEqual([]);
    expect(codes('{attempts: 1, interval: 16m}')).toEqual(['long-wait']);
    expect(codes('{attempts: 0, interval: 1h}')).toEqual([]);
    expect(codes('{attempts: 50, interval: 1m, backoff_rate: 2}')).toEqual(['long-wait', 'many-retries']);
  });
});

describe('the length in a selector', () => {
  const codes = (selector: string) =>
    findings(template(`  - a: {scatter: {v: '@x.json:${selector}'}, steps: [{b: {Type: Pass}}]}\n`))
      .map((finding) => finding.split(' ').slice(1).join(' '))
      .filter((finding) => finding.endsWith('bad-selector'));
  it.each(['$.samples.length', '$[?@.lanes.length > 3].id', '$.samples.length.x'])('is told: %s', (selector) => {
    expect(codes(selector)).toEqual(['warning bad-selector']);
  });
  it.each([
    '$.samples[(@.length-1)]',
    '$[?length(@.lanes) > 3].id',
    '$["length"]',
    '$[?@.a == "x.length"].id',
    '$.lengths[*]',
    '$.lengthy',
  ])('is not told: %s', (selector) => {
    expect(codes(selector)).toEqual([]);
  });
});

describe('not-utf-8', () => {
  it('is told where a character was lost', () => {
    expect(findings(template('  - a: {inputs: {}, commands: "gr\uFFFD\uFFFDe"}\n'))).toEqual([
      '4:34 warning not-utf-8',
    ]);
  });
});

describe('a mistake in one branch', () => {
  it('hides none in another', () => {
    const branches = `  - a:
      branches:
        - if: job.x
        - steps: []
        - steps: [{c: {commands: x, inptus: {}}}]
        - 5
`;
    expect(findings(template(branches))).toEqual([
      '6:11 error missing-field',
      '7:18 error wrong-type',
      '8:37 error unknown-field',
      '9:11 error wrong-type',
    ]);
  });
});

describe('step names', () => {
  it.each(['a/b', '" a"', '"a\\nb"', '""', '"a\\tb"'])('refuses %s', (name) => {
    expect(
      findings(template(`  - ${name}: {inputs: {}, commands: x}\n`)).map((finding) => finding.split(' ').at(-1)),
    ).toEqual(['bad-name']);
  });

  it.each(['Align reads', 'a.b', 'Größe_1', '1', 'x'.repeat(80)])('accepts %s', (name) => {
    expect(findings(template(`  - ${name}: {inputs: {}, commands: x}\n`))).toEqual([]);
  });

  it('leave room for the states that bclaw adds, and do not look like them', () => {
    const scatter = (name: string) => `  - ${name}: {scatter: {a: [1]}, steps: [{in: {inputs: {}, commands: x}}]}\n`;
    expect(findings(template(scatter('x'.repeat(70))))).toEqual([]);
    expect(findings(template(scatter('x'.repeat(71))))).toEqual(['4:5 error limit-exceeded']);
    expect(findings(template(scatter('s') + batch('s.map')))).toEqual(['5:5 error bad-name']);
    expect(findings(template(batch('s') + batch('s.map')))).toEqual([]);
  });
});

describe('names of files', () => {
  it.each([
    'inputs: {"a b": x}',
    'inputs: {job: x}',
    'inputs: {scatter.x: y}',
    'inputs: {"": x}',
    'inputs: {"?": x}',
    'inputs: {}\nreferences: {"r?": "s3://b/r"}',
  ])('refuses %j', (fields) => {
    expect(codesIn(`${fields}\ncommands: x`)).toEqual(['error bad-name']);
  });

  it('takes an optional output', () => {
    expect(codesIn('inputs: {}\noutputs: {"o?": x}\ncommands: echo > ${o}')).toEqual([]);
  });

  it('tells a name that is given in two places, optional or not', () => {
    expect(codesIn('inputs: {a?: x}\nreferences: {a: "s3://b/r"}\noutputs: [{a: y}]\ncommands: x')).toEqual([
      'error duplicate-name',
      'error duplicate-name',
    ]);
  });

  it('lets a scatter use one name for its items and its files', () => {
    expect(codesIn('scatter: {a: [1]}\ninputs: {a: x}\nsteps: [{b: {inputs: {}, commands: x}}]')).toEqual([]);
  });

  it('tells an intrinsic function that is taken for a name', () => {
    const { diagnostics } = parse(template('  - a:\n      inputs: !Ref Files\n      commands: x\n'));
    expect(diagnostics).toMatchObject([{ code: 'bad-name', hint: expect.stringContaining('${Name}') }]);
  });
});

describe('file-name-collision', () => {
  it.each([
    ['inputs: {a: x/f.txt, b: y/f.txt}', 'error'],
    ['inputs: {a: x/f.txt}\nreferences: {b: "s3://b/f.txt"}', 'error'],
    ['inputs: {}\noutputs: {a: x/f.txt, b: y/f.txt}', 'error'],
    ['inputs: {}\noutputs: [{a: x/f.txt}, {b: y/f.txt}]', 'error'],
    ['inputs: {a: x/f.txt}\noutputs: {b: f.txt}', 'warning'],
  ])('is told for %j', (fields, severity) => {
    expect(codesIn(`${fields}\ncommands: x`)).toEqual([`${severity} file-name-collision`]);
  });

  it.each([
    'inputs: {a: x/f.txt, b: x/f.txt}',
    'inputs: {a: x/*.txt, b: y/*.txt}',
    'inputs: {a: "x/${job.n}.txt", b: "y/${job.n}.txt"}',
    'inputs: {}\noutputs: {a: f.txt, b: "f.txt -> s3://b/${job.x}/"}',
    'inputs: {a: x/f.txt}\noutputs: {b: sub/f.txt}',
  ])('is not told for %j', (fields) => {
    expect(codesIn(`${fields}\ncommands: x`)).toEqual([]);
  });
});

describe('mutable-image', () => {
  const of = (versioned: boolean, image: string) =>
    findings(template(batch('a', `, image: "${image}"`), `Options: {versioned: ${versioned}}\n`)).map((finding) =>
      finding.split(' ').at(-1),
    );

  it('matters for versioned workflows only', () => {
    expect(of(true, 'x:prod')).toEqual(['mutable-image']);
    expect(of(true, 'x:${job.tag}')).toEqual(['mutable-image']);
    expect(of(true, 'x:1.2')).toEqual([]);
    expect(of(false, 'x:prod')).toEqual([]);
  });

  it('does not matter when the deployment pins images', () => {
    for (const value of ['true', '"True"', 'best-effort'])
      expect(
        findings(template(batch('a', ', image: "x:prod"'), `Options: {versioned: true, pin_images: ${value}}\n`)),
      ).toEqual([]);
  });

  it('is content with the default image', () => {
    expect(findings(template(batch('a'), 'Options: {versioned: true}\n'))).toEqual([]);
  });
});

describe('run-time-image', () => {
  const of = (pin: string) =>
    findings(template(batch('a', ', image: "x:${job.tag}"'), `Options: {pin_images: ${pin}}\n`));

  it('matters when the deployment pins images: how much, the option says', () => {
    expect(of('true')).toEqual(['5:41 error run-time-image']);
    expect(of('best-effort')).toEqual(['5:41 warning run-time-image']);
    expect(of('false')).toEqual([]);
  });
});

describe('secret-parameter', () => {
  it('is told at every place', () => {
    const head = 'Parameters: {Token: {Type: String, NoEcho: "true", Default: x}}\n';
    expect(
      findings(
        template('  - a:\n      inputs: {}\n      commands:\n        - a ${Token}\n        - b ${Token}\n', head),
      ),
    ).toEqual(['8:13 warning secret-parameter', '9:13 warning secret-parameter']);
  });
});

describe('conditions', () => {
  const chooser = (condition: string, inputs = '') =>
    findings(template(`  - c:\n      choices:\n        - if: ${condition}\n          next: z\n${inputs}${batch('z')}`));

  it('point at the character that is wrong', () => {
    expect(chooser('job.x ==')).toEqual(['6:23 error bad-expression']);
    expect(chooser('"__import__(\'os\')"')).toEqual(['6:16 error bad-expression']);
  });

  it('name inputs, job data and builtins', () => {
    expect(chooser('job.x > 1 and len(job.y) == 2')).toEqual([]);
    expect(chooser('qc.x > 1')).toEqual(['6:15 error unknown-name']);
    expect(chooser('qc.x > cnt.y', '      inputs: {qc: q.json, count: c.json}\n')).toEqual(['6:22 error unknown-name']);
  });

  it('may leave out the name of a single input', () => {
    expect(chooser('anything > 1', '      inputs: {qc: q.json}\n')).toEqual([]);
  });
});
