import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bclaw, file, temporaryFolder } from '../bclaw.js';
import { engineFolder, oneStep } from '../engine.js';

describe('Ctrl-C', () => {
  const { folder, run } = engineFolder();

  it('ends the watching of a job, not the job', async () => {
    const template = file(folder, 'slow.yaml', oneStep({ commands: 'sleep 3; echo done > out.txt' }));
    expect((await run('deploy', template, '--name', 'slow')).code).toBe(0);
    const job = file(folder, 'job.json', '{"id": "watched"}');
    const { code, stdout, stderr } = await bclaw(['submit', 'slow', job, '--watch'], {
      cwd: folder,
      interruptWhen: (told) => /^submitted /m.test(told),
    });
    // Ended by the signal, as a shell expects of an interrupted command.
    expect({ code, stdout }).toEqual({ code: null, stdout: '' });
    const name = /submitted (job_\w+)/.exec(stderr)?.[1];
    expect(stderr).toContain(`The job goes on; \`bclaw status ${name}\` shows how it stands.`);

    await expect
      .poll(async () => JSON.parse((await run('executions', 'slow', '--json')).stdout), {
        interval: 500,
      })
      .toEqual([expect.objectContaining({ name, status: 'SUCCEEDED' })]);
  });
});

describe('a run on an engine of its own', () => {
  /** A run whose job names its process in a file and goes on for minutes. */
  function endlessRun() {
    const cwd = temporaryFolder();
    const marker = join(cwd, 'began');
    const template = file(
      cwd,
      'endless.yaml',
      oneStep({ commands: `echo $$ > ${marker}.new; mv ${marker}.new ${marker}; sleep 1000` }),
    );
    const job = file(cwd, 'job.json', '{"id": "x"}');
    const surroundings = { cwd, env: { TMPDIR: cwd, BCLAW_EXECUTOR: 'process' } };
    return {
      cwd,
      surroundings,
      ended: (signal: NodeJS.Signals) =>
        bclaw(['run', template, '--job', job], { ...surroundings, interruptWhen: () => existsSync(marker), signal }),
      commandsRun: () => isAlive(Number(readFileSync(marker, 'utf8'))),
    };
  }
  const left = ['began', 'endless.yaml', 'job.json'];

  it.each(['SIGINT', 'SIGHUP', 'SIGTERM'] as const)('leaves nothing behind when %s ends it', async (signal) => {
    const { cwd, ended, commandsRun } = endlessRun();
    const { code, stderr } = await ended(signal);
    expect(code).toBe(130);
    expect(stderr).toContain('bclaw: Interrupted.');
    expect(commandsRun()).toBe(false);
    expect(readdirSync(cwd).sort()).toEqual(left);
  });

  it('leaves no process when it is killed, and its directory is removed by the next run', async () => {
    const { cwd, ended, commandsRun, surroundings } = endlessRun();
    expect((await ended('SIGKILL')).code).toBeNull();
    await expect.poll(commandsRun).toBe(false);
    const [directory = ''] = readdirSync(cwd).filter((name) => name.startsWith('bclaw-run-'));
    expect(directory).not.toBe('');
    const template = file(cwd, 'short.yaml', oneStep({ commands: 'true > out.txt' }));
    const next = await bclaw(['run', template, '--job', 'job.json', '--out', 'out'], surroundings);
    expect(next.code, next.stderr).toBe(0);
    expect(readdirSync(cwd).sort()).toEqual([...left, 'out', 'short.yaml'].sort());
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
