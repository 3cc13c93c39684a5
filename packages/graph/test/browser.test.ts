import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

describe('the package in a browser', () => {
  it('needs nothing of Node.js: bundled, it runs on what every browser has', async () => {
    const { outputFiles, warnings } = await build({
      stdin: {
        contents: `
          import { parse } from '@bclaw/spec';
          import { draw } from '@bclaw/graph';
          const text = 'Repository: s3://abc/\${job.id}\\nTransform: BC2_Compiler\\nSteps:\\n  - a: {inputs: {}, commands: x}\\n';
          globalThis.picture = draw(parse(text).workflow);`,
        resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      },
      bundle: true,
      write: false,
      platform: 'browser',
      conditions: ['@bclaw/source'],
      format: 'iife',
    });
    expect(warnings).toEqual([]);
    const context: Record<string, unknown> = { TextEncoder, structuredClone, URL };
    runInNewContext(outputFiles[0]?.text ?? '', context);
    expect(context['picture']).toMatch(/^<svg .*<\/svg>\n$/s);
  });
});
