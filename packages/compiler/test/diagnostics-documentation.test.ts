import { readFileSync } from 'node:fs';
import { type Diagnostic, parse } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { compilerDiagnosticCodes } from '../src/checks/diagnostic.js';
import { compile } from '../src/compile.js';
import { options } from './compiled.js';

const page = readFileSync(new URL('../../../docs/diagnostics.md', import.meta.url), 'utf8');

interface Example {
  readonly text: string;
  /** The core stack of a region without GPU instances. */
  readonly isWithoutGpus: boolean;
}

/** The example after `Bad:` or `Good:` in the entry of a code. */
function example(code: string, kind: 'Bad' | 'Good'): Example {
  const entry = page.split(/^## /m).find((section) => section.startsWith(`${code}\n`));
  const [, attributes = '', text = ''] =
    new RegExp(`^${kind}:\\n\\n\`\`\`yaml(.*)\\n([\\s\\S]*?)^\`\`\``, 'm').exec(entry ?? '') ?? [];
  return { text, isWithoutGpus: attributes.includes('core=without-gpus') };
}

/** The diagnostics of the parser if it finds errors, otherwise those of the compiler. */
function diagnose({ text, isWithoutGpus }: Example): readonly Diagnostic[] {
  const { workflow, diagnostics } = parse(text);
  if (workflow === undefined) return diagnostics;
  const { core } = options;
  const withoutGpus = { ...core, queues: { ...core.queues, spotGpu: 'none', onDemandGpu: 'none' } };
  return compile(workflow, { ...options, core: isWithoutGpus ? withoutGpus : core }).diagnostics;
}

describe("the compiler's diagnostics in docs/diagnostics.md", () => {
  const codes = Object.keys(compilerDiagnosticCodes);

  it.each(codes)('%s is what the bad example gives', (code) => {
    expect(diagnose(example(code, 'Bad')).map((diagnostic) => diagnostic.code)).toEqual([code]);
  });

  it.each(codes)('%s has a good example that compiles', (code) => {
    const good = example(code, 'Good');
    expect(good.text).not.toBe('');
    expect(diagnose(good)).toEqual([]);
  });
});
