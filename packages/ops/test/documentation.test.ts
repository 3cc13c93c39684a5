import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeBlocks, root } from '../../../docs/test/markdown.js';
import { ensureBucket } from '../src/index.js';
import { useEngine } from './engine.js';

const engine = useEngine();
const page = 'docs/reference/ops.md';

/** The template that the examples deploy. */
const workflow = `
Transform: BC2_Compiler
Parameters:
  ImageTag: {Type: String}
Repository: s3://documentation-data/\${job.SAMPLE_ID}
Options: {versioned: true}
Steps:
  - call:
      image: registry.example.org/caller:\${ImageTag}
      inputs: {}
      commands: echo calling \${job.SAMPLE_ID} | tee \${calls}
      outputs: {calls: calls.txt}
      compute: {cpus: 1}
`;

/** Examples, each with its expected output from the page. */
const examples = codeBlocks(page).flatMap((block, index, all) => {
  if (block.language !== 'ts') return [];
  const next = all[index + 1];
  return [{ line: block.line, code: block.text, prints: next?.language === 'text' ? next.text : '' }];
});

let folder: string;
beforeAll(async () => {
  const cache = join(root, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, 'ops-page-'));
  writeFileSync(join(folder, 'workflow.yaml'), workflow);
  for (const bucket of ['documentation-data', 'my-bucket']) await ensureBucket(engine.clients, bucket);
  for (const { line, code } of examples) writeFileSync(join(folder, `line-${line}.ts`), code);
  await build({
    entryPoints: examples.map(({ line }) => join(folder, `line-${line}.ts`)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@bclaw/source'],
    alias: { '@bclaw/ops': fileURLToPath(new URL('../src/index.ts', import.meta.url)) },
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
    logLevel: 'warning',
  });
  const marks = examples.map(({ line }) => `console.log('@@ ${line}');\nawait import('./line-${line}.mjs');`);
  writeFileSync(join(folder, 'page.mjs'), marks.join('\n'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the page from top to bottom; returns the output of each example, by its line. */
async function runPage(): Promise<ReadonlyMap<string, string>> {
  const child = spawn(process.execPath, ['page.mjs'], {
    cwd: folder,
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: engine.url,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'any',
      AWS_SECRET_ACCESS_KEY: 'any',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await new Promise((resolve) => child.once('close', resolve));
  return new Map(
    output.split(/^@@ /m).map((part) => [part.split('\n', 1)[0] ?? '', part.slice(part.indexOf('\n') + 1)]),
  );
}

describe('the page about this library', () => {
  it('prints what it says, example after example', async () => {
    const printed = await runPage();
    expect(examples.length).toBeGreaterThan(5);
    for (const { line, prints } of examples) expect(printed.get(String(line)), `${page}:${line}`).toBe(prints);
  });
});
