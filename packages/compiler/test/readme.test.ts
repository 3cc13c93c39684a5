import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { coreOutputPaths } from '../src/core-outputs.js';

const folder = fileURLToPath(new URL('..', import.meta.url));
const readme = await readFile(join(folder, 'README.md'), 'utf8');
const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];

/** A simple tool around the example: it gets a template and writes JSON. */
const program = `${example}
const { workflow, compiled } = compileFor(template, outputs, 'deployment-1');
report(JSON.stringify({ images: imagesOf(workflow), template: withAlarm(compiled.template) }));
`;

const template = `Transform: BC2_Compiler
Repository: s3://results/\${job.SAMPLE}
Options: { versioned: true }
Steps:
  - each:
      scatter: { sample: "\${job.samples}" }
      steps:
        - count: { image: "wc:1.0", inputs: { reads: "\${scatter.sample}" }, commands: "wc \${reads}" }
  - report: { image: "report:2.1", commands: report }
`;
const version = createHash('sha256').update('deployment-1').digest('hex').slice(0, 8);
const outputs = Object.fromEntries(Object.keys(coreOutputPaths).map((name) => [name, 'arn:aws:x:us-east-1:1:y']));
const world = { template, outputs: { ...outputs, LogRetentionDays: '90' } };

const bundled = async (platform: 'browser' | 'node', format: 'esm' | 'iife', contents: string): Promise<string> => {
  const { outputFiles, warnings } = await build({
    stdin: { contents, resolveDir: folder, loader: 'ts' },
    bundle: true,
    write: false,
    platform,
    format,
    conditions: ['@bclaw/source'],
    mainFields: ['module', 'main'],
    logLevel: 'silent',
  });
  expect(warnings).toEqual([]);
  return outputFiles[0]?.text ?? '';
};

describe("the README's example", () => {
  let temporary = '';
  let inNode = '';
  beforeAll(async () => {
    temporary = await mkdtemp(join(tmpdir(), 'bclaw-readme-'));
    const file = join(temporary, 'example.mjs');
    const given = `const { template, outputs } = ${JSON.stringify(world)};\nlet text = '';\nconst report = (json: string) => { text = json; };\n`;
    const [imports, body] = [program.match(/^import .*$/gm) ?? [], program.replaceAll(/^import .*$/gm, '')];
    await writeFile(
      file,
      await bundled('node', 'esm', `${imports.join('\n')}\n${given}${body}\nexport const result = text;`),
    );
    const module: { readonly result: string } = await import(pathToFileURL(file).href);
    inNode = module.result;
  });
  afterAll(() => rm(temporary, { recursive: true, force: true }));

  it('compiles a template, walks the model and adds a resource, in Node.js', () => {
    expect(JSON.parse(inNode)).toMatchObject({
      images: { count: 'wc:1.0', report: 'report:2.1' },
      template: {
        Resources: {
          [`StateMachine${version}`]: { Type: 'AWS::StepFunctions::StateMachine' },
          [`CountJobDefinition${version}`]: { Type: 'AWS::Batch::JobDefinition' },
          FailedJobs: {
            Properties: { Dimensions: [{ Name: 'StateMachineArn', Value: { Ref: `StateMachine${version}` } }] },
          },
        },
      },
    });
  });

  it('does the same in a browser, with nothing of Node.js around', async () => {
    let inBrowser = '';
    const report = (json: string) => {
      inBrowser = json;
    };
    const script = await bundled(
      'browser',
      'iife',
      `declare const template: string, outputs: Record<string, string>, report: (json: string) => void;\n${program}`,
    );
    runInNewContext(script, { ...world, report, TextEncoder, TextDecoder });
    expect(inBrowser).toBe(inNode);
  });
});
