import { readFileSync } from 'node:fs';
import { diagnosticCodes, parse, type TemplateOrigin } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';

interface Example {
  readonly text: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly from?: TemplateOrigin;
}

interface Entry {
  readonly code: string;
  readonly severities: string;
  readonly bad: Example;
  readonly good: Example;
}

const page = readFileSync(new URL('../../../docs/diagnostics.md', import.meta.url), 'utf8');

/** The entries of the page: a heading, a severity, a bad and a good example. */
function entries(): Entry[] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      code: section.slice(0, section.indexOf('\n')),
      severities: /^\*\*([^.*]+)\.\*\*/m.exec(section)?.[1]?.toLowerCase() ?? '',
      bad: example(section, 'Bad'),
      good: example(section, 'Good'),
    }));
}

function example(section: string, kind: string): Example {
  const [, attributes = '', text = ''] =
    new RegExp(`^${kind}:\\n\\n\`\`\`yaml(.*)\\n([\\s\\S]*?)^\`\`\``, 'm').exec(section) ?? [];
  const parameters = /parameters=(\S+)/.exec(attributes)?.[1] ?? '';
  return {
    text,
    ...(/from=bayerclaw/.test(attributes) ? { from: 'bayerclaw' as const } : {}),
    parameters: Object.fromEntries(parameters === '' ? [] : parameters.split(',').map((pair) => pair.split(':', 2))),
  };
}

const ofTheParser = entries().filter(({ code }) => code in diagnosticCodes);

describe('docs/diagnostics.md', () => {
  it('has one entry for every code, in alphabetical order', () => {
    const codes = entries().map(({ code }) => code);
    expect(codes).toEqual([...codes].sort());
    expect(ofTheParser.map(({ code }) => code)).toEqual(Object.keys(diagnosticCodes).sort());
  });

  it.each(ofTheParser)('gives $code, at a place, for the bad example', ({ code, severities, bad }) => {
    const { diagnostics } = parse(bad.text, bad);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
    const [diagnostic] = diagnostics;
    expect(severities).toContain(diagnostic?.severity);
    expect(diagnostic?.hint).toBeTruthy();
    expect(diagnostic?.range?.start.line).toBeGreaterThan(0);
  });

  it.each(ofTheParser)('finds nothing in the good example of $code', ({ good }) => {
    const { diagnostics, workflow } = parse(good.text, good);
    expect(diagnostics).toEqual([]);
    expect(workflow).toBeDefined();
  });
});
