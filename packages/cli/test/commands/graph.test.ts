import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bclaw, examples, file, temporaryFolder } from '../bclaw.js';

const folder = temporaryFolder();
const template = join(examples, 'phage-gc', 'workflow.yaml');

describe('bclaw graph', () => {
  it('prints the picture, named after the workflow', async () => {
    const { code, stdout, stderr } = await bclaw(['graph', template]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^<svg .*<title>phage-gc<\/title>.*<\/svg>\n$/s);
    for (const step of ['windows', 'composition', 'extremes', 'summary']) expect(stdout).toContain(`>${step}<`);
  });

  it('writes a file in the format that is asked for', async () => {
    const { code, stdout, stderr } = await bclaw(['graph', template, '--format', 'html', '-o', 'gc.html'], {
      cwd: folder,
    });
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '', stderr: 'wrote gc.html\n' });
    expect(readFileSync(join(folder, 'gc.html'), 'utf8')).toMatch(/^<!doctype html>/);
    const mermaid = await bclaw(['graph', template, '--format', 'mermaid']);
    expect(mermaid.stdout).toMatch(/^flowchart TD\n/);
  });

  it('says so when the folder for the picture is not there', async () => {
    const { code, stderr } = await bclaw(['graph', template, '-o', 'nowhere/gc.svg'], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'bclaw: There is no folder nowhere.\n' });
  });

  it('puts in the values of parameters', async () => {
    const { stdout } = await bclaw(['graph', template, '-p', 'WindowSize=77']);
    expect(stdout).toContain('size=77');
  });

  it('tells diagnostics, prints nothing and ends with 3 when there are errors', async () => {
    const broken = file(folder, 'broken.yaml', 'Repository: s3://data/${job.id}\n');
    const { code, stdout, stderr } = await bclaw(['graph', broken]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toContain('error missing-field');
  });

  it('warns and draws when there are only warnings', async () => {
    const text =
      'Transform: BC2_Compiler\nRepository: s3://data/${job.id}\nSteps:\n  - greet:\n      commands: echo hello\n';
    const { code, stdout, stderr } = await bclaw(['graph', file(folder, 'warning.yaml', text)]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<svg /);
    expect(stderr).toContain('warning auto-inputs-on-first-step');
  });
});
