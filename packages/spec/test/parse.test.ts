import { parse, parseValue } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { findings, template, workflowOf } from './template.js';

const batch = (name: string, more = '') => `  - ${name}:\n      inputs: {}\n      commands: x\n${more}`;

describe('parse', () => {
  it('tells all mistakes at once, in the order of the text', () => {
    const text = [
      'Repository: bucket/prefix', // 1
      'Optoins: {}', // 2
      'Steps:', // 3
      '  - a:', // 4
      '      inputs: {}', // 5
      '      commands: [{a: b}, c]', // 6
      '      timeout: soon', // 7
      '      next: nowhere', // 8
      '  - a:', // 9
      '      comands: x', // 10
      '',
    ].join('\n');
    expect(findings(text)).toEqual([
      '1:1 warning missing-transform',
      '1:13 error wrong-type',
      '2:1 error unknown-field',
      '6:18 error wrong-type',
      '7:16 error bad-duration',
      '8:13 error unknown-next',
      '9:5 error duplicate-step',
      '10:7 error unknown-field',
    ]);
  });

  it('gives the workflow with warnings, and none with errors', () => {
    const warned = parse(template('  - a:\n      commands: x\n'));
    expect(warned.diagnostics.map(({ severity }) => severity)).toEqual(['warning']);
    expect(warned.workflow).toBeDefined();
    expect(parse(template('  - a:\n      commands: 1\n')).workflow).toBeUndefined();
  });

  it('is found with any capitals at the top, with a warning', () => {
    const text = template(batch('a')).replace('Steps', 'STEPS').replace('Repository', 'repository');
    expect(findings(text)).toEqual(['2:1 warning key-capitals', '3:1 warning key-capitals']);
    expect(workflowOf(text).steps).toHaveLength(1);
    expect(findings(`${text}Steps: []\n`)).toContain('7:1 error duplicate-key');
  });

  it('locates the steps of the model in the text', () => {
    const { workflow, locate } = parse(template(batch('first') + batch('second')));
    const starts = workflow?.steps.map(({ path }) => locate(path)?.start);
    expect(starts).toEqual([
      { line: 4, column: 5, offset: expect.any(Number) },
      { line: 7, column: 5, offset: expect.any(Number) },
    ]);
    expect(locate(['Steps', 1, 'second', 'commands'])).toMatchObject({
      start: { line: 9, column: 17 },
      end: { line: 9, column: 18 },
    });
    expect(locate(['Steps', 1, 'second', 'absent', 'below'])?.start.line).toBe(7);
    expect(locate([])?.start).toEqual({ line: 1, column: 1, offset: 0 });
  });

  it('points into texts of several lines', () => {
    const text = template('  - a:\n      inputs: {}\n      commands: |\n        one\n        two ${scatter.x} three\n');
    expect(parse(text).diagnostics[0]?.range).toMatchObject({
      start: { line: 8, column: 13 },
      end: { line: 8, column: 25 },
    });
  });

  it('silences warnings by a comment on the line or the line above, but no errors', () => {
    const unsilenced = template('  - a:\n      commands: x\n');
    expect(findings(unsilenced)).toEqual(['4:5 warning auto-inputs-on-first-step']);
    for (const comment of [
      'auto-inputs-on-first-step',
      'mutable-image, auto-inputs-on-first-step',
      'unused-parameter auto-inputs-on-first-step',
    ]) {
      expect(findings(unsilenced.replace('- a:', `- a: # bclaw-ignore ${comment}`))).toEqual([]);
      expect(findings(unsilenced.replace('Steps:', `Steps: #bclaw-ignore ${comment}`))).toEqual([]);
    }
    expect(findings(unsilenced.replace('- a:', '- a: # bclaw-ignore mutable-image'))).toHaveLength(1);
    expect(findings(`# bclaw-ignore auto-inputs-on-first-step\n${unsilenced}`)).toHaveLength(1);
    expect(
      findings(template('  - a: # bclaw-ignore wrong-type\n      commands: 1 # bclaw-ignore wrong-type\n')),
    ).toContain('5:17 error wrong-type');
  });

  it('is fit for formatDiagnostics', () => {
    expect(parse('x', { file: 'w.yaml' })).toMatchObject({
      file: 'w.yaml',
      text: 'x',
      diagnostics: [{ code: 'wrong-type' }],
    });
  });
});

describe('parseValue', () => {
  it('gives the same workflow as the text of the value', () => {
    const value = {
      Transform: 'BC2_Compiler',
      Repository: 's3://abc/${job.ID}',
      Steps: [{ a: { commands: 'x', compute: { cpus: '4', spot: 'false', memory: '512' } } }],
    };
    const { workflow, diagnostics, locate } = parseValue(value);
    expect(workflow).toEqual(parse(JSON.stringify(value)).workflow);
    expect(workflow?.steps[0]).toMatchObject({ compute: { cpus: 4, spot: false, memoryMiB: 512 } });
    expect(diagnostics).toEqual([expect.not.objectContaining({ range: expect.anything() })]);
    expect(locate(['Steps'])).toBeUndefined();
  });

  it('does not miss the Transform that CloudFormation takes out', () => {
    expect(
      parseValue({ Repository: 's3://abc/${job.ID}', Steps: [{ a: { inputs: {}, commands: 'x' } }] }).diagnostics,
    ).toEqual([]);
  });

  it('takes any value, also one that contains itself', () => {
    const loop: Record<string, unknown> = {};
    loop['Steps'] = [loop];
    expect(parseValue(loop).diagnostics).toMatchObject([{ code: 'limit-exceeded' }]);
    for (const value of [undefined, null, 1, 'x', [], () => 1, Symbol('x'), new Map()])
      expect(parseValue(value).diagnostics.length).toBeGreaterThan(0);
  });

  it('does not touch what it is given', () => {
    const value = Object.freeze({
      Steps: Object.freeze([Object.freeze({ a: Object.freeze({ commands: '${X}', wrong: 1 }) })]),
      Parameters: { X: { Type: 'String' } },
    });
    expect(() => parseValue(value, { parameters: { X: '1' } })).not.toThrow();
  });
});

describe('parameters', () => {
  const head = 'Parameters:\n  Tag: {Type: String, Default: "1.0"}\n  Count: {Type: Number, Default: 3}\n';
  const steps =
    '  - a:\n      image: x:${Tag}\n      inputs: {}\n      commands: echo ${Tag} ${Other} ${HOME}\n      compute: {cpus: "${Count}"}\n';

  it('are put in everywhere, by their default or a given value, and passed on', () => {
    const workflow = workflowOf(template(steps, head), { Tag: '2.0' });
    expect(workflow.steps[0]).toMatchObject({
      image: { name: 'x:2.0' },
      commands: ['echo 2.0 ${Other} ${HOME}'],
      compute: { cpus: 3 },
    });
    expect(workflow.parameters).toEqual({
      Tag: { Type: 'String', Default: '1.0' },
      Count: { Type: 'Number', Default: 3 },
    });
  });

  it('are not looked up in each other', () => {
    expect(workflowOf(template(steps, head), { Tag: '${Count}' }).steps[0]).toMatchObject({
      commands: ['echo ${Count} ${Other} ${HOME}'],
    });
  });

  it('that are empty are values too', () => {
    const only = '  - a: {inputs: {}, commands: "echo ${Tag} ${HOME}"}\n';
    expect(workflowOf(template(only, head), { Tag: '' }).steps[0]).toMatchObject({ commands: ['echo  ${HOME}'] });
  });

  it('count as used by CloudFormation’s own Ref in a native step', () => {
    const native = '  - a:\n      Type: Wait\n      Seconds: !Ref Count\n';
    expect(findings(template(native, head))).toEqual(['4:3 warning unused-parameter']);
  });
});
