import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { coreTemplate, queueTemplate, taskRoleTemplate } from '@bclaw/macro';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cfnLint, type Finding, statelint } from './linters.js';
import { compiled, templates } from './workflows.js';

/** A reviewed finding: its rule, its location, and the reason why it stays. */
interface Explanation {
  readonly tool: Finding['tool'];
  readonly code: string;
  /** A regular expression for the finding's location. */
  readonly where: string;
  readonly reason: string;
}

const explanations: readonly Explanation[] = JSON.parse(
  await readFile(new URL('explained-findings.json', import.meta.url), 'utf8'),
);
const used = new Set<Explanation>();

/** The findings without an explanation. */
function unexplained(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter((finding) => {
      const explanation = explanations.find(
        ({ tool, code, where }) =>
          tool === finding.tool && code === finding.code && new RegExp(where).test(finding.where),
      );
      if (explanation !== undefined) used.add(explanation);
      return explanation === undefined;
    })
    .map(({ tool, file, code, where, message }) => `${tool} ${basename(file)}: ${code} ${where}: ${message}`);
}

describe("AWS's linters on what bclaw compiles", () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bclaw-lint-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const write = async (name: string, content: unknown): Promise<string> => {
    const file = join(folder, `${name.replaceAll(/\W+/g, '-')}.json`);
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content, undefined, 1));
    return file;
  };

  it.each(Object.entries(templates))('statelint has nothing to say about the definition of: %s', async (name, text) => {
    const file = await write(`definition ${name}`, compiled(text).definition);
    expect(unexplained(await statelint(file))).toEqual([]);
  });

  it('statelint finds what is wrong, so that its silence means something', async () => {
    const { definition } = compiled(templates['subpipe'] ?? '');
    const file = await write('broken', { ...definition, StartAt: 'nowhere' });
    expect(await statelint(file)).not.toEqual([]);
  });

  it('cfn-lint has nothing to say about the compiled stacks and the core stack', async () => {
    const stacks = Object.entries(templates).map(([name, text]) => write(`stack ${name}`, compiled(text).template));
    const codeKeys = { launcher: 'launcher/1f.zip', functions: 'functions/9a.zip', macro: 'macro/07.zip' };
    const own = [
      write('core stack', coreTemplate({ codeKeys, bclawVersion: '1.0.0' })),
      write('queue', queueTemplate('1.0.0')),
      write('task role', taskRoleTemplate('1.0.0')),
    ];
    expect(unexplained(await cfnLint(await Promise.all([...stacks, ...own])))).toEqual([]);
  });

  it('cfn-lint finds what is wrong, so that its silence means something', async () => {
    const { template } = compiled(templates['subpipe'] ?? '');
    const file = await write('broken stack', {
      ...template,
      Resources: { ...template.Resources, Queue: { Type: 'AWS::SQS::Queue', Properties: { Colour: 'red' } } },
    });
    expect(await cfnLint([file])).toEqual(expect.arrayContaining([expect.objectContaining({ code: 'E3002' })]));
  });

  it('needs every explanation in the list', () => {
    expect(explanations.filter((explanation) => !used.has(explanation))).toEqual([]);
  });
});
