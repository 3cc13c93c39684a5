import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { file } from '../bclaw.js';
import { engineFolder } from '../engine.js';

const { folder, run } = engineFolder();

const template = `Transform: BC2_Compiler
Repository: s3://cli-test-data/report
Steps:
  - make:
      image: registry.example.org/tool:1.0
      inputs: {}
      commands: echo 12345 > made.txt
      outputs: {made: made.txt}
  - spread:
      scatter: {letter: [a, b]}
      inputs: {made: made.txt}
      steps:
        - each:
            image: registry.example.org/tool:1.0
            inputs: {made: "\${parent.made}"}
            commands: test \${scatter.letter} = a
            outputs: {}
            retry: {attempts: 0}
      outputs: {}
`;

describe('bclaw report', () => {
  it('tells of each attempt of a failed job, in its branches too, with what it needed', async () => {
    expect((await run('deploy', file(folder, 'r.yaml', template), '--name', 'reported')).code).toBe(0);
    const jobFile = file(folder, 'job.json', JSON.stringify({ note: '<script>alert(1)</script>' }));
    const submitted = JSON.parse((await run('submit', 'reported', jobFile, '--watch', '--json')).stdout);
    const [{ executionName }] = submitted;

    const json = await run('report', executionName, '--format', 'json');
    const report = JSON.parse(json.stdout);
    expect(report.attempts).toEqual([
      expect.objectContaining({ step: 'make', index: 'main', attempt: 1, exitCode: 0, outputBytes: 6 }),
      expect.objectContaining({ step: 'each', inputBytes: 6 }),
      expect.objectContaining({ step: 'each', inputBytes: 6 }),
    ]);
    expect(report.attempts.every(({ queueMs }: { queueMs?: number }) => typeof queueMs === 'number')).toBe(true);
    expect(
      report.usage.map(({ step, attempts, failedAttempts }: Record<string, unknown>) => [
        step,
        attempts,
        failedAttempts,
      ]),
    ).toEqual([
      ['make', 1, 0],
      ['each', 2, 1],
    ]);

    const { code, stderr } = await run('report', executionName, '--cpu-price', '0.04');
    expect({ code, stderr: stderr.split('\n').filter((line) => !line.includes('embedded engine')) }).toEqual({
      code: 0,
      stderr: [`wrote ${executionName}.html`, ''],
    });
    const page = readFileSync(join(folder, `${executionName}.html`), 'utf8');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('<h2>Failure</h2>');
    expect((await run('report', executionName, '--format', 'csv')).stdout.trim().split(/\r?\n/)).toHaveLength(4);
    expect((await run('report', executionName, '--cpu-price', 'cheap')).code).toBe(2);
  }, 120_000);
});
