import { existsSync, readdirSync } from 'node:fs';
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
        timeout: 60_000,
        interval: 500,
      })
      .toEqual([expect.objectContaining({ name, status: 'SUCCEEDED' })]);
  }, 120_000);

  it('ends a run on an engine of its own, and leaves nothing behind', async () => {
    const cwd = temporaryFolder();
    const marker = join(cwd, 'began');
    const template = file(cwd, 'endless.yaml', oneStep({ commands: `touch ${marker}; sleep 1000` }));
    const job = file(cwd, 'job.json', '{"id": "x"}');
    const { code, stderr } = await bclaw(['run', template, '--job', job], {
      cwd,
      env: { TMPDIR: cwd, BCLAW_EXECUTOR: 'process' },
      interruptWhen: () => existsSync(marker),
    });
    expect(code).toBe(1);
    expect(stderr).toContain('bclaw: Interrupted.');
    expect(readdirSync(cwd).sort()).toEqual(['began', 'endless.yaml', 'job.json']);
  }, 120_000);
});
