import { describe, expect, it } from 'vitest';
import { findings, findingsIn, stepWith, template, workflowOf } from '../template.js';

const order = (steps: string) => workflowOf(template(steps)).steps.map(({ name, next }) => `${name}>${next ?? ''}`);
const batch = (name: string, more = '') => `  - ${name}: {inputs: {}, commands: x${more}}\n`;

describe('a block of steps', () => {
  it('runs in the order of the list, unless next or end say otherwise', () => {
    expect(
      order(
        batch('a') +
          batch('b', ', next: d') +
          batch('c') +
          batch('d', ', end: "true"') +
          batch('e', ', end: false') +
          batch('f'),
      ),
    ).toEqual(['a>b', 'b>d', 'c>d', 'd>', 'e>f', 'f>']);
  });

  it('may go back to an earlier step', () => {
    expect(order(batch('a') + batch('b', ', next: a'))).toEqual(['a>b', 'b>a']);
  });

  it('ends at Succeed and Fail, and falls through a chooser', () => {
    expect(
      order(
        `  - c: {choices: [{if: job.x, next: ok}]}\n  - bad: {Type: Fail}\n  - ok: {Type: Succeed}\n${batch('after')}`,
      ),
    ).toEqual(['c>bad', 'bad>', 'ok>', 'after>']);
  });

  it.each([
    ['Steps: {a: {commands: x}, b: {commands: y}}\n', 'is a map of several'],
    ['Steps: []\n', 'is empty'],
    ['Steps:\n', 'is nothing'],
    ['Steps: [a]\n', 'holds a text'],
    ['Steps: [{}]\n', 'holds an empty map'],
    ['Steps: [{a: }]\n', 'holds a step of nothing'],
    ['Steps: [{a: x}]\n', 'holds a step that is a text'],
  ])('%j is refused: it %s', (steps) => {
    const head = 'Transform: BC2_Compiler\nRepository: s3://my-bucket/${job.ID}\n';
    expect(findings(head + steps).map((finding) => finding.split(' ').at(-1))).toEqual(['wrong-type']);
  });

  it('tells a missing dash from fields that are not indented', () => {
    expect(findings(template('  - a:\n    commands: x\n'))).toEqual(['4:5 error step-not-single']);
    expect(findings(template('  - a: {inputs: {}, commands: x}\n    b: {commands: x}\n'))).toEqual([
      '4:5 error step-not-single',
    ]);
  });
});

describe('the kind of a step', () => {
  it.each([
    ['commands: x', 'batch'],
    ['scatter: {a: [1]}\nsteps: [{b: {inputs: {}, commands: x}}]', 'scatter'],
    ['subpipe: x', 'subpipe'],
    ['Type: Pass', 'native'],
    ['branches: [{steps: [{b: {inputs: {}, commands: x}}]}]', 'parallel-chooser'],
  ])('with %j is %s', (fields, kind) => {
    expect(stepWith(fields).kind).toBe(kind);
  });

  it('is refused when there is none, or several', () => {
    expect(findingsIn('image: x:1.0')).toEqual(['4:5 error step-kind']);
    expect(findingsIn('commands: x\nsubpipe: y')).toEqual(['4:5 error step-kind']);
  });

  it('that a misspelt field would give is the misspelt field', () => {
    expect(findingsIn('image: x:1.0\ncomands: x')).toEqual(['6:7 error unknown-field']);
    expect(findingsIn('scater: {a: [1]}\nsteps: []')).toEqual(['5:7 error unknown-field', '6:14 error wrong-type']);
  });
});

describe('a scatter step', () => {
  it('has every default filled in', () => {
    expect(
      stepWith('scatter: {a: [1, x, null, true], b: "*.txt"}\nsteps: [{b: {inputs: {}, commands: x}}]'),
    ).toMatchObject({
      scatter: { a: [1, 'x', null, true], b: '*.txt' },
      inputs: {},
      outputs: {},
      maxConcurrency: 0,
      errorTolerance: { count: 0 },
      steps: [{ name: 'b', path: ['Steps', 0, 'only', 'steps', 0, 'b'] }],
    });
  });

  it('takes the outputs of the step before for the inputs of a scatter only where its block names a parent', () => {
    const inputs = (more: string, commands: string) =>
      stepWith(`${more}scatter: {a: [1]}\noutputs: {y: y.txt}\nsteps: [{b: {inputs: {}, commands: "${commands}"}}]`);
    expect(inputs('', 'x ${parent.y}')).toMatchObject({ inputs: 'auto' });
    expect(inputs('', 'x')).toMatchObject({ inputs: {} });
    expect(inputs('inputs: {}\n', 'x ${parent.y}')).toMatchObject({ inputs: {} });
  });

  it.each([
    ['5', { count: 5 }],
    ['"5"', { count: 5 }],
    ['0%', { percentage: 0 }],
    ['"12.5 %"', { percentage: 12.5 }],
    ['100%', { percentage: 100 }],
  ])('tolerates %s', (tolerance, errorTolerance) => {
    const step = stepWith(`scatter: {a: [1]}\nerror_tolerance: ${tolerance}\nsteps: [{b: {inputs: {}, commands: x}}]`);
    expect(step).toMatchObject({ errorTolerance });
  });

  it.each([
    'error_tolerance: 101%',
    'error_tolerance: -1',
    'error_tolerance: 1.5',
    'max_concurrency: -1',
    'scatter: {}',
    'scatter: {a: [[1]]}',
    'steps: []',
  ])('with %s is refused', (field) => {
    const fields = ['scatter: {a: [1]}', 'steps: [{b: {inputs: {}, commands: x}}]'].filter(
      (other) => !field.startsWith(other.slice(0, 6)),
    );
    expect(findingsIn([...fields, field].join('\n'))).toHaveLength(1);
  });
});

describe('a subpipe step', () => {
  it('has its shorthands expanded', () => {
    expect(stepWith('subpipe: other\nretrieve: [a.txt, "b/*.txt -> c/"]\njob_data: j.json')).toMatchObject({
      subpipe: 'other',
      jobData: 'j.json',
      retrieve: [
        { from: 'a.txt', to: 'a.txt' },
        { from: 'b/*.txt', to: 'c/' },
      ],
    });
    expect(stepWith('subpipe: other\nretrieve: a.txt')).toMatchObject({ retrieve: [{ from: 'a.txt', to: 'a.txt' }] });
  });
});

describe('a native step', () => {
  it('keeps the fields of the States Language, but for those that are bclaw’s', () => {
    expect(stepWith('Type: Wait\nSeconds: 5\nComment: c\nend: true')).toEqual({
      kind: 'native',
      name: 'only',
      path: ['Steps', 0, 'only'],
      type: 'Wait',
      fields: { Seconds: 5, Comment: 'c' },
      branches: [],
      catch: [],
    });
  });

  it('knows where its catchers lead, whatever else `Catch` holds', () => {
    const step = stepWith(
      'Type: Task\nResource: r\nCatch: [{ErrorEquals: [a, b], Next: only}, {Next: only}, {ErrorEquals: [c]}, 3]',
    );
    expect(step).toMatchObject({
      catch: [
        { errors: ['a', 'b'], next: 'only' },
        { errors: [], next: 'only' },
      ],
    });
  });

  it('has blocks for the branches of a Parallel', () => {
    const step = stepWith(
      'Type: Parallel\nBranches:\n  - steps: [{a: {inputs: {}, commands: x}}]\n  - steps: [{b: {Type: Pass}}]',
    );
    expect(step).toMatchObject({ branches: [[{ name: 'a', kind: 'batch' }], [{ name: 'b', kind: 'native' }]] });
  });

  it.each([
    ['Type: Pass\nNext: x', '6:13 error unknown-next'],
    ['Type: Succeed\nEnd: true', '6:7 warning ignored-field'],
    ['Type: Wait', '4:5 error missing-field'],
    ['Type: Wait\nSecond: 5', '6:7 error unknown-field'],
    ['Type: Task\nParameters: {a: 1}', '4:5 error missing-field'],
    ['Type: Task\nResource: "arn:x"\nTimoutSeconds: 5', '7:7 error unknown-field'],
    ['Type: Pass\nresult: {a: 1}', '6:7 error unknown-field'],
    ['Type: Succeed\nend: true', '6:7 warning ignored-field'],
    ['Type: Parallel', '4:5 error missing-field'],
    ['Type: Pass\nBranches: [{steps: [{a: {Type: Pass}}]}]', '6:7 error unknown-field'],
    ['Type: Choice', '5:13 error wrong-type'],
  ])('%j gives %s', (fields, finding) => {
    expect(findingsIn(fields)).toEqual([finding]);
  });
});

describe('choosers', () => {
  it('keep their conditions as texts', () => {
    const steps = '  - c: {inputs: {q: q.json}, choices: {if: reads > 1, next: z}}\n  - z: {Type: Succeed}\n';
    expect(workflowOf(template(steps)).steps[0]).toMatchObject({
      kind: 'chooser',
      next: 'z',
      inputs: { q: 'q.json' },
      choices: [{ if: 'reads > 1', next: 'z' }],
    });
    expect(stepWith('branches: [{if: job.x, steps: [{a: {Type: Pass}}]}, {steps: [{b: {Type: Pass}}]}]')).toMatchObject(
      {
        branches: [{ if: 'job.x', steps: [{ name: 'a' }] }, { steps: [{ name: 'b' }] }],
      },
    );
  });

  it('go to `next` when no condition holds, and never end there', () => {
    const steps = (field: string) =>
      template(`  - c: {choices: [{if: job.x, next: y}], ${field}}\n  - y: {Type: Succeed}\n  - z: {Type: Succeed}\n`);
    expect(workflowOf(steps('next: z')).steps[0]).toMatchObject({ next: 'z' });
    expect(findings(steps('next: nowhere'))).toContain('4:48 error unknown-next');
    expect(findings(steps('end: true'))).toContain('4:42 error unknown-field');
    const last = template('  - c: {choices: {if: job.x, next: c}, next: c}\n');
    expect(findings(last)).not.toContain('4:5 error chooser-last');
  });
});

describe('Options', () => {
  it('have defaults', () => {
    expect(workflowOf(template(batch('a'))).options).toEqual({
      versioned: false,
      pinImages: 'no',
      shell: 'sh',
      s3Tags: {},
      jobTags: {},
    });
  });

  it.each(['true', 'True', '"TRUE"', '" true "'])('understand versioned: %s', (value) => {
    expect(
      workflowOf(template(batch('a', ', image: "x:1"'), `Options: {versioned: ${value}}\n`)).options.versioned,
    ).toBe(true);
  });

  it.each([
    ['true', 'required'],
    ['"FALSE"', 'no'],
    ['best-effort', 'best-effort'],
  ])('understand pin_images: %s', (value, pinImages) => {
    expect(workflowOf(template(batch('a'), `Options: {pin_images: ${value}}\n`)).options.pinImages).toBe(pinImages);
  });

  it('refuse what they do not have', () => {
    expect(findings(template(batch('a'), 'Options: {version: true, pin_images: sometimes, shell: zsh}\n'))).toEqual([
      '3:11 error unknown-field',
      '3:38 error wrong-type',
      '3:56 error wrong-type',
    ]);
  });
});

describe('the repository', () => {
  it('loses its trailing slashes', () => {
    expect(workflowOf(template(batch('a')).replace('${job.ID}', '${job.ID}///')).repository).toBe(
      's3://my-bucket/repo/${job.ID}',
    );
  });
});

describe('spellings of BayerCLAW', () => {
  it('are `Next` and `End` in native steps', () => {
    const steps = (fields: string) =>
      template(`  - p: {Type: Pass, ${fields}}\n  - q: {Type: Pass}\n  - r: {Type: Pass}\n`);
    expect(workflowOf(steps('Next: r')).steps[0]).toMatchObject({ next: 'r', fields: {} });
    expect(workflowOf(steps('End: true')).steps[0]).not.toHaveProperty('next');
    expect(findings(steps('Next: r, End: true'))).toContain('4:30 error exclusive-fields');
  });

  it('are single maps where a list of one is meant', () => {
    expect(
      workflowOf(
        template(
          '  - pc: {branches: {if: job.x, steps: {a: {inputs: {}, commands: x, filesystems: {efs_id: fs-1, host_path: /e}}}}}\n',
        ),
      ).steps[0],
    ).toMatchObject({
      branches: [
        { if: 'job.x', steps: [{ name: 'a', filesystems: [{ efsId: 'fs-1', hostPath: '/e', rootDir: '/' }] }] },
      ],
    });
  });

  it('are nulls for defaults', () => {
    const step =
      '  - a: {inputs: {}, commands: x}\n  - b: {inputs: null, task_role: null, timeout: null, compute: {queue_name: null, shell: null}, commands: x}\n';
    const [, b] = workflowOf(template(step)).steps;
    expect(b).toMatchObject({ inputs: 'auto', compute: { shell: 'sh' } });
    expect(b).not.toHaveProperty('timeoutSeconds');
    expect(findings(template('  - a: {inputs: {}, commands: null}\n'))).toContain('4:31 error wrong-type');
  });

  it('are files that a subpipe submits, with advice', () => {
    const text = template('  - p: {subpipe: sub, submit: ["a.txt -> b.txt", c.txt], job_data: null}\n');
    expect(workflowOf(text).steps[0]).toMatchObject({
      submit: [
        { from: 'a.txt', to: 'b.txt' },
        { from: 'c.txt', to: 'c.txt' },
      ],
    });
    expect(findings(text)).toEqual(['4:23 warning deprecated-field']);
  });
});
