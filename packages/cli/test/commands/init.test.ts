import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workflowSchema } from '@bclaw/spec';
import { describe, expect, it } from 'vitest';
import { bclaw, temporaryFolder } from '../bclaw.js';

describe('bclaw init', () => {
  it('writes an example that checks and runs, and says what to type next', async () => {
    const cwd = temporaryFolder();
    const { code, stdout, stderr } = await bclaw(['init', 'words'], { cwd });
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toEqual(['words/workflow.yaml', 'words/job.json', 'words/workflow.schema.json']);
    const next = stderr.split('\n').flatMap((line) => /^ {2}(\S.*)$/.exec(line)?.[1] ?? []);
    expect(next[0]).toBe('cd words');
    const inside = join(cwd, 'words');
    for (const command of next.filter((line) => line.startsWith('bclaw '))) {
      const ended = await bclaw(command.split(' ').slice(1), { cwd: inside });
      expect(ended.code, `${command}\n${ended.stdout}${ended.stderr}`).toBe(0);
      expect(ended.stdout).not.toContain('warning');
    }
    expect(next.at(-1)).toBe('cat outputs/report.txt');
    expect(readFileSync(join(inside, 'outputs/report.txt'), 'utf8')).toBe(
      '15 words\nwords with the letter d = 2\nwords with the letter t = 4\nwords with the letter z = 0\n',
    );
  });

  it('points editors to a schema beside the template', async () => {
    const cwd = temporaryFolder();
    await bclaw(['init'], { cwd });
    const [first] = readFileSync(join(cwd, 'workflow.yaml'), 'utf8').split('\n');
    expect(first).toBe('# yaml-language-server: $schema=workflow.schema.json');
    expect(JSON.parse(readFileSync(join(cwd, 'workflow.schema.json'), 'utf8'))).toEqual(workflowSchema);
  });

  it('overwrites nothing, and writes nothing at all when one of its files is there', async () => {
    const cwd = temporaryFolder();
    mkdirSync(join(cwd, 'mine'));
    writeFileSync(join(cwd, 'mine', 'job.json'), '{}');
    const { code, stdout, stderr } = await bclaw(['init', 'mine'], { cwd });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^bclaw: mine\/job\.json already exists\.\n {2}→ Nothing was written\./);
    expect(readdirSync(join(cwd, 'mine'))).toEqual(['job.json']);
    expect(readFileSync(join(cwd, 'mine', 'job.json'), 'utf8')).toBe('{}');
  });

  it('tells programs what it did', async () => {
    const cwd = temporaryFolder();
    const { stdout, stderr } = await bclaw(['init', "it's mine", '--json'], { cwd });
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toMatchObject({
      directory: "it's mine",
      files: ["it's mine/workflow.yaml", "it's mine/job.json", "it's mine/workflow.schema.json"],
      next: [
        `cd 'it'\\''s mine'`,
        'bclaw check workflow.yaml',
        expect.any(String),
        expect.any(String),
        expect.any(String),
      ],
    });
  });
});
