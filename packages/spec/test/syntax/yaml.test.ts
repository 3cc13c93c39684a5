import { parse } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { findings, stepWith, template, workflowOf } from '../template.js';

describe('a template in YAML', () => {
  it('may be JSON', () => {
    const text = JSON.stringify({
      Repository: 's3://abc/${job.ID}',
      Transform: 'BC2_Compiler',
      Steps: [{ a: { inputs: {}, commands: 'x' } }],
    });
    expect(workflowOf(text).steps.map(({ name }) => name)).toEqual(['a']);
    expect(findings(text)).toEqual([]);
  });

  it('may begin with a byte order mark and have Windows line ends', () => {
    const text = `\uFEFF${template('  - a:\n      inputs: {}\n      commands: x\n      tiemout: 1\n').replaceAll('\n', '\r\n')}`;
    expect(findings(text)).toEqual(['7:7 error unknown-field']);
  });

  it('may not use anchors, aliases and merge keys, which CloudFormation refuses', () => {
    const steps = [
      '  - a: &base',
      '      inputs: {}',
      '      commands: x',
      '  - b:',
      '      <<: *base',
      '      commands: y',
      '      compute: *missing',
      '',
    ].join('\n');
    const { diagnostics } = parse(template(steps));
    expect(diagnostics.map(({ code, range }) => `${code} ${range?.start.line}:${range?.start.column}`)).toEqual([
      'unsupported-yaml 4:8',
      'unsupported-yaml 8:7',
      'unsupported-yaml 10:16',
    ]);
    expect(diagnostics.map(({ hint }) => hint)).toEqual([
      'Remove it, or put the text in quotes.',
      'Write the entries that it stands for.',
      'Write the value of &missing here again, or put "*missing" in quotes if it is text.',
    ]);
  });

  it('has the short forms of intrinsic functions as CloudFormation hands them on', () => {
    const step = stepWith(
      'Type: Task\nResource: !GetAtt Function.Arn\nParameters: {name: !Sub "${AWS::StackName}-x", id: !Ref Thing}',
    );
    expect(step).toMatchObject({
      fields: {
        Resource: { 'Fn::GetAtt': ['Function', 'Arn'] },
        Parameters: { name: { 'Fn::Sub': '${AWS::StackName}-x' }, id: { Ref: 'Thing' } },
      },
    });
  });

  it('is told what to do instead of an intrinsic function in a text', () => {
    const { diagnostics } = parse(
      template('  - a:\n      image: !Sub "x:${Release}"\n      inputs: {}\n      commands: x\n'),
    );
    expect(diagnostics).toContainEqual(
      expect.objectContaining({ code: 'wrong-type', hint: expect.stringContaining('${Name}') }),
    );
  });

  it.each([
    ['an unclosed bracket', 'Steps: [a\n', 'yaml-syntax'],
    ['a tab for indentation', 'Steps:\n\t- a\n', 'yaml-syntax'],
    ['two documents', 'a: 1\n---\nb: 2\n', 'yaml-syntax'],
    ['an alias', 'Steps: *none\n', 'unsupported-yaml'],
    ['a list for a key', '? [a]\n: b\n', 'yaml-syntax'],
    ['a merge key', '<<: text\n', 'unsupported-yaml'],
    ['nothing', '', 'wrong-type'],
    ['only a comment', '# nothing\n', 'wrong-type'],
    ['a list', '- a\n', 'wrong-type'],
    ['a text', 'hello', 'wrong-type'],
  ])('with %s gets a diagnostic with a place', (_, text, code) => {
    const { workflow, diagnostics } = parse(text);
    expect(workflow).toBeUndefined();
    expect(diagnostics).toContainEqual(expect.objectContaining({ code, severity: 'error', range: expect.anything() }));
  });

  it('keeps what JavaScript holds for special an ordinary name', () => {
    const step = stepWith('commands: x\ninputs:\n  __proto__: a.txt\n  constructor: b.txt\n');
    const inputs = step.kind === 'batch' ? step.inputs : 'auto';
    expect(Object.entries(inputs)).toEqual([
      ['__proto__', 'a.txt'],
      ['constructor', 'b.txt'],
    ]);
    expect(findings(template('  - __proto__: 1\n'))).toEqual(['4:5 error wrong-type']);
  });
});

describe('a template that is made to take long', () => {
  // bench/hostile-input.mjs measures that it takes no longer than other templates.
  const codesOf = (text: string) => {
    const { workflow, diagnostics } = parse(text);
    expect(workflow).toBeUndefined();
    return diagnostics.map(({ code }) => code);
  };

  it('expands no aliases', () => {
    const laughs = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level < 12; level += 1) {
      const before = String.fromCharCode(96 + level);
      laughs.push(
        `${String.fromCharCode(97 + level)}: &${String.fromCharCode(97 + level)} [${Array(9).fill(`*${before}`).join(',')}]`,
      );
    }
    expect(new Set(codesOf(laughs.join('\n')))).toEqual(new Set(['unsupported-yaml']));
    expect(new Set(codesOf('Steps: &s [*s, *s]\n'))).toEqual(new Set(['unsupported-yaml']));
    expect(new Set(codesOf('<<: *a\n'.repeat(20_000)))).toEqual(new Set(['unsupported-yaml']));
  });

  it('goes no deeper than the limit', () => {
    for (const opening of ['[', '{', '- ', '? ', ': ', '"'])
      expect(codesOf(opening.repeat(200_000)), opening).toHaveLength(1);
    expect(codesOf(`Steps: ${'['.repeat(200)}${']'.repeat(200)}`)).toContain('limit-exceeded');
  });

  it('is refused when it is larger than CloudFormation takes', () => {
    expect(codesOf(`Description: ${'x'.repeat(10_000_000)}`)).toEqual(['limit-exceeded']);
  });

  it('gives no more diagnostics than anyone reads', () => {
    expect(codesOf(`Steps:\n${'  - 1\n'.repeat(20_000)}`).length).toBeLessThan(1_100);
    expect(codesOf(Array.from({ length: 15_000 }, (_, index) => `key-${index}: 1\n`).join('')).length).toBeLessThan(
      1_100,
    );
    const lost = Array.from({ length: 5_000 }, (_, index) => `  - s${index}: {commands: x, next: t${index}}\n`);
    expect(codesOf(`Steps:\n${lost.join('')}`).length).toBeLessThan(1_100);
  });
});
