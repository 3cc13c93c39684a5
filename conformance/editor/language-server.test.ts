import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleTemplates, root } from '../../examples/test/templates.js';
import { LanguageServer, type Position } from './language-server.js';

const begun = fileURLToPath(new URL('../../packages/cli/init/', import.meta.url));
const schema = fileURLToPath(new URL('../../packages/spec/workflow.schema.json', import.meta.url));

/** The files of `bclaw init`, without network: the schema is next to the template. */
describe('the YAML language server, on what bclaw init writes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bclaw-editor-'));
  let server: LanguageServer;
  let opened = 0;

  beforeAll(async () => {
    copyFileSync(schema, join(folder, 'workflow.schema.json'));
    server = await LanguageServer.start();
  });
  afterAll(async () => {
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens a template in the editor; `‸` marks the cursor. */
  function type(text: string): { uri: string; cursor: Position } {
    opened += 1;
    const uri = pathToFileURL(join(folder, `workflow-${opened}.yaml`)).href;
    const before = text.slice(0, text.indexOf('‸')).split('\n');
    server.open(uri, text.replace('‸', ''));
    return { uri, cursor: { line: before.length - 1, character: before.at(-1)?.length ?? 0 } };
  }

  const head =
    '# yaml-language-server: $schema=workflow.schema.json\n' +
    'Transform: BC2_Compiler\nRepository: s3://my-data/${job.id}\nSteps:\n';

  it('finds nothing wrong with it', async () => {
    const { uri } = type(`${readFileSync(join(begun, 'workflow.yaml'), 'utf8')}‸`);
    expect(await server.findings(uri)).toEqual([]);
  });

  it.each(exampleTemplates())('finds nothing wrong with %s', async (path) => {
    const { uri } = type(
      `# yaml-language-server: $schema=workflow.schema.json\n${readFileSync(join(root, path), 'utf8')}‸`,
    );
    expect(await server.findings(uri)).toEqual([]);
  });

  it.each([
    [
      'a batch step',
      '  - a:\n      commands: echo\n      ‸',
      ['image', 'inputs', 'outputs', 'compute', 'qc_check', 'retry'],
      ['scatter', 'choices'],
    ],
    [
      'compute',
      '  - a:\n      commands: echo\n      compute:\n        ‸',
      ['cpus', 'memory', 'gpu', 'spot'],
      ['image'],
    ],
    [
      'a scatter',
      '  - a:\n      scatter: {x: [1]}\n      ‸',
      ['steps', 'outputs', 'max_concurrency', 'error_tolerance'],
      ['image'],
    ],
    ['a chooser', '  - a:\n      choices: []\n      ‸', ['inputs'], ['image', 'compute']],
    ['a subpipe', '  - a:\n      subpipe: other\n      ‸', ['job_data', 'retrieve'], ['compute']],
    ['a new step', '  - a:\n      ‸', ['commands', 'scatter', 'subpipe', 'choices', 'branches', 'Type'], []],
    [
      'a step of a scatter',
      '  - a:\n      scatter: {x: [1]}\n      steps:\n        - b:\n            commands: echo\n            ‸',
      ['image'],
      ['scatter'],
    ],
  ])('offers inside %s the fields of that', async (_what, text, offered, notOffered) => {
    const { uri, cursor } = type(head + text);
    const labels = await server.complete(uri, cursor);
    for (const field of offered) expect(labels).toContain(field);
    for (const field of notOffered) expect(labels).not.toContain(field);
  });

  it('offers the options, and their values', async () => {
    const options = type(`${head}  - a: {commands: echo}\nOptions:\n  ‸`);
    expect(await server.complete(options.uri, options.cursor)).toEqual(
      expect.arrayContaining(['versioned', 'shell', 'task_role', 's3_tags', 'job_tags', 'pin_images']),
    );
    const shell = type(`${head}  - a: {commands: echo}\nOptions:\n  shell: ‸`);
    expect(await server.complete(shell.uri, shell.cursor)).toEqual(
      expect.arrayContaining(['sh', 'bash', 'sh-pipefail']),
    );
  });

  it.each([
    ['a misspelt field', '  - a:\n      inputs: {}\n      comands: echo\n‸', 'comands', 6],
    [
      'a field of another kind',
      '  - a:\n      scatter: {x: [1]}\n      steps: [{b: {commands: echo}}]\n      image: x\n‸',
      'image',
      7,
    ],
    ['a wrong value', '  - a:\n      commands: echo\n      compute: {cpus: many}\n‸', '', 6],
    ['an unknown option', '  - a: {commands: echo}\nOptions: {version: true}\n‸', 'version', 5],
  ])('marks %s where it is', async (_what, text, named, line) => {
    const { uri } = type(head + text);
    const found = await server.findings(uri);
    expect(found.map(({ range }) => range.start.line)).toContain(line);
    expect(found.map(({ message }) => message).join('\n')).toContain(named);
  });

  it.each([
    ['a field', '  - a:\n      comm‸ands: echo\n', 'One script; it stops at the first command that fails.'],
    ['a field of a field', '  - a:\n      commands: echo\n      compute: {mem‸ory: 2 Gb}\n', 'a size with a unit'],
    ['an option', '  - a: {commands: echo}\nOptions:\n  vers‸ioned: true\n', 'version'],
    ['the top level', '  - a: {commands: echo}\nParam‸eters: {}\n', 'CloudFormation'],
  ])('explains %s under the pointer', async (_what, text, explained) => {
    const { uri, cursor } = type(head + text);
    expect(await server.hover(uri, cursor)).toContain(explained);
  });
});
