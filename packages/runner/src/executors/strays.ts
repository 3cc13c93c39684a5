import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Between looking and killing, a process may have started another. */
const rounds = 5;
const pauseMs = 10;

/**
 * Kills what has left the process group of the commands (`setsid`, daemons): every process that still has the workspace of the
 * job in its environment. Linux tells that; elsewhere nothing is killed.
 *
 * @param variable as it stands in the environment, `BC_WORKSPACE=/scratch/jobs/job-…`: no other job has the same
 */
export async function killStrays(variable: string): Promise<void> {
  if (process.platform !== 'linux') return;
  for (let round = 1; round <= rounds; round += 1) {
    const strays = processesWith(variable);
    if (strays.length === 0) return;
    for (const stray of strays) kill(stray);
    await delay(pauseMs);
  }
}

function processesWith(variable: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(variable))
    .map(Number);
}

/** proc(5): the environment that a process was started with; empty of what is gone and of what another user runs. */
function environmentOf(process: string): readonly string[] {
  try {
    return readFileSync(`/proc/${process}/environ`, 'latin1').split('\0');
  } catch {
    return [];
  }
}

function kill(stray: number): void {
  try {
    process.kill(stray, 'SIGKILL');
  } catch (error) {
    // It has ended by itself.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
