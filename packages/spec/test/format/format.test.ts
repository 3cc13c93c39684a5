import { type DiagnosedSource, formatDiagnostics, parse, parseValue } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';

const text =
  'Transform: BC2_Compiler\nRepository: s3://my-bucket/${job.ID}\nSteps:\n  - a:\n      comands: x\n  - b:\n      commands: |\n        one\n        ${scatter.x}\n';
const source: DiagnosedSource = parse(text, { file: 'dir/my workflow.yaml' });

describe('formatDiagnostics', () => {
  it('shows people the line, a caret and the hint', () => {
    expect(
      formatDiagnostics([source]),
    ).toBe(`dir/my workflow.yaml:5:7: error unknown-field: There is no field \`comands\` here.
  5 |       comands: x
    |       ^^^^^^^
  hint: Did you mean \`commands\`?

dir/my workflow.yaml:9:9: error unknown-name: \`\${scatter.x}\` is outside a scatter step, where there is nothing for it to name.
  9 |         \${scatter.x}
    |         ^^^^^^^^^^^^
  hint: Use \`\${job.…}\` for the data of the job.
`);
  });

  it('shows no character that a terminal would obey', () => {
    const shown = formatDiagnostics([parse('Steps: {"a\u001b[31m": x} # \u001b]0;title\u0007\n')]);
    expect(shown).toMatch(/a \[31m/);
    expect(shown.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  });

  it('says nothing when there is nothing to say', () => {
    expect(formatDiagnostics([])).toBe('');
    expect(formatDiagnostics([{ diagnostics: [] }], 'github')).toBe('');
    expect(formatDiagnostics([{ diagnostics: [] }], 'json')).toBe('[]\n');
  });

  it('takes colours', () => {
    const mark = (name: string) => (part: string) => `<${name}>${part}</${name}>`;
    const painter = { error: mark('e'), warning: mark('w'), place: mark('p'), hint: mark('h') };
    const [first = '', , third = ''] = formatDiagnostics([source], 'text', painter).split('\n');
    expect(first).toContain('<p>dir/my workflow.yaml:5:7:</p> <e>error unknown-field</e>: There');
    expect(third).toContain('<e>^^^^^^^</e>');
  });

  it('names the path of a value that has no text', () => {
    const { diagnostics } = parseValue({ Steps: [{ a: { commands: 1 } }], Repository: 's3://abc/${job.x}' });
    expect(formatDiagnostics([{ diagnostics }])).toContain('template: Steps[0].a.commands: error wrong-type');
    expect(formatDiagnostics([{ diagnostics }], 'github')).toBe(
      '::error title=wrong-type::Steps[0].a.commands: `commands` must be a text or a list of texts, not 1. Put quotes around it.\n',
    );
  });

  it('keeps the caret under long lines and tabs', () => {
    const long = `Repository: s3://abc/\${job.x}\nSteps: [{a: {inputs: {}, commands: "${'x'.repeat(500)} \${scatter.y}"}}]\n`;
    const lines = formatDiagnostics([parse(long)]).split('\n');
    const caret = lines.find((line) => line.includes('^^^^^^^^^^^^'));
    const shown = lines[lines.indexOf(caret ?? '') - 1];
    expect(shown?.length).toBeLessThan(200);
    expect(shown?.slice(caret?.indexOf('^'), (caret?.lastIndexOf('^') ?? 0) + 1)).toBe('${scatter.y}');
  });

  it('writes JSON for programs', () => {
    expect(JSON.parse(formatDiagnostics([source], 'json'))[0]).toEqual({
      file: 'dir/my workflow.yaml',
      line: 5,
      column: 7,
      endLine: 5,
      endColumn: 14,
      severity: 'error',
      code: 'unknown-field',
      message: 'There is no field `comands` here.',
      path: 'Steps[0].a.comands',
      hint: 'Did you mean `commands`?',
    });
  });

  it('writes SARIF for code scanning', () => {
    const log = JSON.parse(formatDiagnostics([source], 'sarif'));
    expect(log).toMatchObject({
      version: '2.1.0',
      runs: [{ columnKind: 'utf16CodeUnits', tool: { driver: { name: 'bclaw' } } }],
    });
    const [run] = log.runs;
    expect(run.tool.driver.rules).toEqual([
      { id: 'unknown-field', shortDescription: { text: expect.any(String) } },
      { id: 'unknown-name', shortDescription: { text: expect.any(String) } },
    ]);
    expect(run.results[0]).toMatchObject({
      ruleId: 'unknown-field',
      ruleIndex: 0,
      level: 'error',
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'dir/my%20workflow.yaml' },
            region: { startLine: 5, startColumn: 7, endLine: 5, endColumn: 14 },
          },
        },
      ],
    });
  });

  it('writes workflow commands for GitHub, each on one line and escaped', () => {
    expect(formatDiagnostics([source], 'github').split('\n')[0]).toBe(
      '::error file=dir/my workflow.yaml,line=5,endLine=5,col=7,endColumn=14,title=unknown-field::There is no field `comands` here. Did you mean `commands`?',
    );
    const [diagnostic] = source.diagnostics;
    if (diagnostic === undefined) throw new Error('no diagnostic');
    const hostile = formatDiagnostics(
      [{ file: 'a:b,c%', diagnostics: [{ ...diagnostic, message: '50%\n::error::x' }] }],
      'github',
    );
    expect(hostile).toContain('file=a%3Ab%2Cc%25');
    expect(hostile).toContain('::50%25%0A::error::x');
    expect(hostile.trimEnd().split('\n')).toHaveLength(1);
  });
});
