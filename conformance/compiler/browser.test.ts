import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { inChromium } from '../graph/chromium.js';
import { compiled, templates } from './workflows.js';

describe('the compiler in Chromium', () => {
  it('gives the same stacks, byte for byte, as in Node.js', async () => {
    const { outputFiles, warnings } = await build({
      entryPoints: [fileURLToPath(new URL('workflows.ts', import.meta.url))],
      bundle: true,
      write: false,
      platform: 'browser',
      format: 'iife',
      globalName: 'bclaw',
      conditions: ['@bclaw/source'],
      minify: true,
    });
    expect(warnings).toEqual([]);
    const script = outputFiles[0]?.text.replaceAll('</script', '<\\/script') ?? '';
    const inBrowser = await inChromium(
      `<script>${script}</script>
       <script>finish(Object.values(bclaw.templates).map((text) => JSON.stringify(bclaw.compiled(text))));</script>`,
    );
    expect(inBrowser).toEqual(Object.values(templates).map((text) => JSON.stringify(compiled(text))));
  });
});
