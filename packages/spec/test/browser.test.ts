import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

describe('the package in a browser', () => {
  it('needs nothing of Node.js: bundled, it runs on what every browser has', async () => {
    const { outputFiles, warnings } = await build({
      entryPoints: [fileURLToPath(new URL('../src/index.ts', import.meta.url))],
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'iife',
      globalName: 'spec',
    });
    expect(warnings).toEqual([]);
    const script = `${outputFiles[0]?.text}
      const text = 'Repository: s3://abc/\${job.id}\\nTransform: BC2_Compiler\\nSteps:\\n  - a:\\n      comands: x\\n';
      spec.formatDiagnostics([spec.parse(text)]) + spec.substitute('\${job.a[0]}', { job: { a: [7] }, scatter: {}, parent: {} });`;
    const result: unknown = runInNewContext(script, { TextEncoder });
    expect(result).toContain('5:7: error unknown-field');
    expect(result).toMatch(/7$/);
  });
});
