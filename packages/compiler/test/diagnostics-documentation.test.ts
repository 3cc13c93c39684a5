import { readFileSync } from 'node:fs';
import { type Diagnostic, parse } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { compilerDiagnosticCodes } from '../src/checks/diagnostic.js';
import { compile } from '../src/compile.js';
import { options } from './compiled.js';

const page = readFileSync(new URL('../../../docs/diagnostics.md', import.meta.url), 'utf8');

/** The example after `Bad:` or `Good:` in the entry of a code. */
function example(code: string, kind: 'Bad' | 'Good'): string {
  const entry = page.split(/^## /m).find((section) => section.startsWith(`${code}\n`));
  return new RegExp(`^${kind}:\\n\\n\`\`\`yaml\\n([\\s\\S]*?)^\`\`\``, 'm').exec(entry ?? '')?.[1] ?? '';
}

/** The diagnostics of the parser if it finds errors, otherwise those of the compiler. */
function diagnose(text: string): readonly Diagnostic[] {
  const { workflow, diagnostics } = parse(text);
  return workflow === undefined ? diagnostics : compile(workflow, options).diagnostics;
}

describe("the compiler's diagnostics in docs/diagnostics.md", () => {
  const codes = Object.keys(compilerDiagnosticCodes);

  it.each(codes)('%s is what the bad example gives', (code) => {
    expect(diagnose(example(code, 'Bad')).map((diagnostic) => diagnostic.code)).toEqual([code]);
  });

  it.each(codes)('%s has a good example that compiles', (code) => {
    const text = example(code, 'Good');
    expect(text).not.toBe('');
    expect(diagnose(text)).toEqual([]);
  });
});
