import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bclaw, examples, file, temporaryFolder } from '../bclaw.js';
import { oneStep } from '../engine.js';

describe('bclaw run', () => {
  it('runs one job from template to outputs, and leaves nothing but these', async () => {
    const cwd = temporaryFolder();
    const hello = join(examples, 'hello');
    const { code, stdout, stderr } = await bclaw(
      ['run', join(hello, 'workflow.yaml'), '--job', join(hello, 'job.json'), '--out', 'results'],
      { cwd },
    );
    expect(code, stderr).toBe(0);
    expect(stdout.split('\n')).toContain(join('results', 'greeting.txt'));
    expect(readFileSync(join(cwd, 'results', 'greeting.txt'), 'utf8')).toBe('Hello, world!\n');
    expect(readdirSync(cwd)).toEqual(['results']);
  });

  it('does not begin when the outputs have nowhere to go', async () => {
    const cwd = temporaryFolder();
    const template = file(cwd, 'hello.yaml', oneStep({ commands: 'echo hello' }));
    const job = file(cwd, 'job.json', '{"id": "x"}');
    expect(await bclaw(['run', template, '--job', job, '--out', job], { cwd })).toEqual({
      code: 2,
      stdout: '',
      stderr: `bclaw: ${job} is a file, not a folder.\n  → Name another folder for the outputs: --out results.\n`,
    });
    const folder = await bclaw(['run', template, '--job', '.'], { cwd });
    expect(folder).toMatchObject({ code: 2, stderr: expect.stringContaining('bclaw: . is a folder, not a file.\n') });
  });

  it('counts many outputs instead of listing them', async () => {
    const cwd = temporaryFolder();
    const commands = "'for n in $(seq 25); do echo $n > $n.txt; done; echo > out.txt'";
    const template = file(cwd, 'many.yaml', oneStep({ commands }).replace('out: out.txt', 'out: "*.txt"'));
    const job = file(cwd, 'job.json', '{"id": "x"}');
    const { code, stdout, stderr } = await bclaw(['run', template, '--job', job, '--out', 'many'], { cwd });
    expect(code, stderr).toBe(0);
    expect(stdout).toBe('many: 26 files\n');
    expect(readdirSync(join(cwd, 'many')).filter((name) => name.endsWith('.txt'))).toHaveLength(26);
  });

  it('ends with 1 and the reason when the job fails', async () => {
    const cwd = temporaryFolder();
    const template = file(cwd, 'failing.yaml', oneStep({ commands: 'echo oops; exit 5' }));
    const job = file(cwd, 'job.json', '{"id": "x"}');
    const { code, stderr } = await bclaw(['run', template, '--job', job], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('exit code 5');
    expect(stderr).toContain('oops');
  });
});
