import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { killStrays } from '../../src/executors/strays.js';

describe.runIf(process.platform === 'linux')('what has left its process group', () => {
  /** The signal that ended a process, which the killer does not know. */
  async function endOf(milliseconds: number, leader: (pid: number) => number, variable: string): Promise<unknown> {
    const stray = spawn('sleep', ['600'], { env: { BC_WORKSPACE: '/scratch/stray' }, detached: true, stdio: 'ignore' });
    await once(stray, 'spawn');
    const ended = once(stray, 'exit').then(([, signal]) => signal);
    await killStrays({ variable, leader: leader(stray.pid ?? 0), milliseconds });
    // The test itself kills the process if nothing else has.
    setTimeout(() => stray.kill('SIGTERM'), 200);
    return ended;
  }

  it.each([
    ['a short job', 1000, (pid: number) => pid - 1],
    ['a job in whose time the numbers of processes may have begun again', 3_600_000, (pid: number) => pid + 1000],
    ['a job with a higher number than any process since', 1000, (pid: number) => pid + 1_000_000],
  ])('is found by its workspace after %s', async (_, milliseconds, leader) => {
    expect(await endOf(milliseconds, leader, 'BC_WORKSPACE=/scratch/stray')).toBe('SIGKILL');
  });

  it('lives on when its workspace is that of another job', async () => {
    expect(await endOf(3_600_000, (pid) => pid, 'BC_WORKSPACE=/scratch/stra')).toBe('SIGTERM');
  });
});
