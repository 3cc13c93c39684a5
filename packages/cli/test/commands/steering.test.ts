import { describe, expect, it } from 'vitest';
import { file } from '../bclaw.js';
import { engineFolder, oneStep } from '../engine.js';

const { folder, run } = engineFolder();
const json = (ended: { stdout: string }) => JSON.parse(ended.stdout);
const job = (id: string) => file(folder, `${id}.json`, JSON.stringify({ id }));
const template = (name: string, options: Parameters<typeof oneStep>[0]) => file(folder, name, oneStep(options));

describe('a running job', () => {
  it('is stopped for a reason when that is confirmed, watched, and redriven', async () => {
    const waiting = template('waiting.yaml', {
      commands: `echo waiting; test -e ${folder}/enough || sleep 600; echo done > out.txt`,
    });
    expect((await run('deploy', waiting, '--name', 'waiting')).code).toBe(0);
    const name = (await run('submit', 'waiting', job('w'))).stdout.trim();
    await expect
      .poll(async () => (await run('logs', name, '--step', 'only')).stdout, { interval: 300 })
      .toContain('only  waiting\n');

    expect((await run('workflows')).stdout.split('\n')).toEqual([
      expect.stringMatching(/^WORKFLOW +LIVE +DEPLOYED +RUNNING +FAILED$/),
      expect.stringMatching(/^waiting +1 +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +1 +0$/),
      '',
    ]);
    expect(json(await run('workflows', '--failed-within', '1d', '--json'))).toMatchObject([
      { workflow: 'waiting', live: { version: 1, weight: 1 }, running: 1, failed: 0 },
    ]);
    expect((await run('executions', '--status', 'running')).stdout.split('\n')).toEqual([
      expect.stringMatching(/^EXECUTION +WORKFLOW +VERSION +STATUS +STARTED +TIME$/),
      expect.stringMatching(new RegExp(`^${name} +waiting +1 +RUNNING `)),
      '',
    ]);

    expect(await run('stop', name)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Say --yes.'),
    });
    const stopped = await run('stop', name, '--cause', 'wrong genome', '--yes');
    expect(stopped, stopped.stderr).toMatchObject({ code: 0, stdout: `${name}: stopped, with 1 job.\n` });
    expect(stopped.stderr).toContain(`bclaw redrive ${name}`);
    const again = await run('stop', name, '--yes', '--json');
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('does not run: it is ABORTED');
    const status = await run('status', name, '--watch');
    expect(status.code).toBe(1);
    expect(status.stdout).toContain('stopped step only: wrong genome');

    file(folder, 'enough', '');
    const redriven = await run('redrive', name, '--watch', '--json');
    expect(redriven.code, redriven.stderr).toBe(0);
    expect(redriven.stderr).toContain(`${name}: goes on on version 1.`);
    expect(json(redriven)).toMatchObject({ name, status: 'SUCCEEDED' });
    expect((await run('executions')).stdout).toContain('SUCCEEDED');
  });
});

describe('the logs of a job', () => {
  it('are selected by branch, failure, time and number, with the time of each line', async () => {
    const scatter = file(
      folder,
      'lanes.yaml',
      `
Transform: BC2_Compiler
Repository: s3://cli-test-data/\${job.id}
Options: {versioned: true}
Steps:
  - lanes:
      scatter: {lane: [a, b]}
      error_tolerance: 1
      steps:
        - sort:
            image: registry.example.org/x:1.0
            inputs: {}
            commands: 'echo sorting \${scatter.lane}; test \${scatter.lane} = a'
            retry: {attempts: 0}
`,
    );
    expect((await run('deploy', scatter, '--name', 'lanes')).code).toBe(0);
    const watched = await run('submit', 'lanes', job('l'), '--watch', '--json');
    expect(watched.code, watched.stderr).toBe(0);
    const [{ name }] = json(watched);
    const first = await run('logs', name, '--branch', '00000', '--timestamps');
    expect(first.stdout).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}sort\[00000\] {2}sorting a$/m);
    expect(first.stdout).not.toContain('sorting b');
    const failed = await run('logs', name, '--failed');
    expect(failed.stdout).toContain('sort[00001]  sorting b\n');
    expect(failed.stdout).not.toContain('sorting a');
    const last = await run('logs', name, '--tail', '3', '--since', '1h', '--json');
    expect(
      last.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).within.length),
    ).toEqual([1, 1, 1]);
    const later = await run('logs', name, '--since', '2100-01-01T00:00Z');
    expect(later).toMatchObject({ code: 0, stdout: '' });
    expect(later.stderr).toContain('has written anything since 2100-01-01 00:00:00');
    const wrong = await run('logs', name, '--since', 'yesterday');
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('Write a duration like 30m or 2h') });
    expect(await run('logs', name, '--branch', '00009')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No branch "00009" has begun'),
    });
  });
});
