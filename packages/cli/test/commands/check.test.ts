import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bclaw, examples, file, temporaryFolder } from '../bclaw.js';

const folder = temporaryFolder();

const head = 'Transform: BC2_Compiler\nRepository: s3://data/${job.id}\n';
const greet = '  - greet:\n      inputs: {}\n      commands: echo hello\n';

describe('bclaw check', () => {
  it('has nothing to say about the examples', async () => {
    const templates = ['hello/workflow.yaml', 'phage-gc/workflow.yaml', 'phage-gc/workflow-v2.yaml'];
    const { code, stdout, stderr } = await bclaw(['check', ...templates.map((name) => join(examples, name))]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: '3 templates: 0 errors, 0 warnings\n' });
  });

  it.each([
    ['what is not YAML', 'Steps: [\n', 'yaml-syntax'],
    ['a template without Steps', head, 'missing-field'],
    ['an unknown field', `${head}Steps:\n${greet}      comands: x\n`, 'unknown-field'],
    ['a bad duration', `${head}Steps:\n${greet}      timeout: soon\n`, 'bad-duration'],
    ['a `next` to nowhere', `${head}Steps:\n${greet}      next: nowhere\n`, 'unknown-next'],
  ])('tells the place, the code and what to do about %s, and ends with 3', async (what, text, diagnostic) => {
    const template = file(folder, `${what.replace(/\W+/g, '-')}.yaml`, text);
    const { code, stdout, stderr } = await bclaw(['check', template]);
    expect(code).toBe(3);
    expect(stdout.startsWith(template)).toBe(true);
    expect(stdout).toMatch(new RegExp(`^.*\\.yaml:\\d+:\\d+: error ${diagnostic}: `));
    expect(stdout).toContain('hint: ');
    expect(`${stdout}${stderr}`).not.toMatch(/^\s+at /m);
  });

  it('tells all mistakes of all templates at once', async () => {
    const one = file(folder, 'one.yaml', `${head}Steps:\n${greet}      comands: x\n      next: nowhere\n`);
    const two = file(folder, 'two.yaml', head);
    const { stdout, stderr } = await bclaw(['check', one, two]);
    expect(stdout.match(/: error /g)).toHaveLength(3);
    expect(stderr).toBe('2 templates: 3 errors, 0 warnings\n');
  });

  it('gives programs what they read: JSON, SARIF, GitHub annotations', async () => {
    const template = file(folder, 'machine.yaml', `${head}Steps:\n${greet}      next: nowhere\n`);
    const json = await bclaw(['check', '--format', 'json', template]);
    expect(JSON.stringify(JSON.parse(json.stdout))).toContain('unknown-next');
    const sarif = await bclaw(['check', '--format', 'sarif', template]);
    expect(JSON.parse(sarif.stdout)).toMatchObject({
      version: '2.1.0',
      runs: [{ results: [{ ruleId: 'unknown-next' }] }],
    });
    const github = await bclaw(['check', '--format', 'github', template]);
    expect(github.stdout).toMatch(/^::error file=/);
    expect([json.code, sarif.code, github.code]).toEqual([3, 3, 3]);
  });

  it("tells on request what BayerCLAW's templates mean otherwise, in every format", async () => {
    const template = file(folder, 'old.yaml', `${head}Steps:\n${greet}`);
    expect(await bclaw(['check', '--strict', template])).toMatchObject({ code: 0 });
    const asked = ['check', '--from', 'bayerclaw', template];
    expect(await bclaw(asked)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('coming-from-bayerclaw.md#versions'),
    });
    for (const format of ['json', 'sarif', 'github'])
      expect((await bclaw([...asked, '--format', format])).stdout).toContain('differs-from-bayerclaw');
    expect((await bclaw(['check', '--from', 'elsewhere', template])).code).toBe(2);
  });

  it('lets warnings pass, unless they are not to', async () => {
    const template = file(folder, 'warning.yaml', `${head}Steps:\n  - greet:\n      commands: echo hello\n`);
    expect(await bclaw(['check', template])).toMatchObject({ code: 0, stdout: expect.stringContaining('warning') });
    expect(await bclaw(['check', '--strict', template])).toMatchObject({ code: 3 });
  });

  it('says which file is missing', async () => {
    const { code, stdout, stderr } = await bclaw(['check', 'nothing-here.yaml']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe('bclaw: There is no file nothing-here.yaml.\n');
    expect((await bclaw(['check', 'no-folder/workflow.yaml'])).stderr).toBe('bclaw: There is no folder no-folder.\n');
  });

  it('says that a folder is none', async () => {
    const { code, stdout, stderr } = await bclaw(['check', '.']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toBe('bclaw: . is a folder, not a file.\n');
  });
});
