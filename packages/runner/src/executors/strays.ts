import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Between looking and killing, a process may have started another. */
const rounds = 5;
const pauseMs = 10;

/** Within that time the numbers of processes do not go once around. */
const shortMs = 60_000;

/** Commands that have ended. */
export interface EndedCommands {
  /** As it stands in their environment, `BC_WORKSPACE=/scratch/jobs/job-…`: no other job has the same. */
  readonly variable: string;
  /** The number of their first process. */
  readonly leader: number;
  readonly milliseconds: number;
}

/**
 * Kills what has left the process group of commands (`setsid`, daemons): every process that still has the workspace of the job in
 * its environment. Linux tells that; elsewhere nothing is killed.
 */
export async function killStrays(commands: EndedCommands): Promise<void> {
  if (process.platform !== 'linux') return;
  for (let round = 1; round <= rounds; round += 1) {
    const strays = straysOf(commands);
    if (strays.length === 0) return;
    for (const stray of strays) kill(stray);
    await delay(pauseMs);
  }
}

function straysOf({ variable, leader, milliseconds }: EndedCommands): readonly number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  // What a short job has started has higher numbers than its first process; to ask all others would take longer than the job.
  const isNumberedOn = milliseconds < shortMs && latestProcess() >= leader;
  const young = isNumberedOn ? all.filter((name) => Number(name) > leader) : all;
  return young.filter((name) => environmentOf(name).includes(variable)).map(Number);
}

/** proc(5): the last field of `loadavg` is the number of the process that was made last. */
function latestProcess(): number {
  return Number(readFileSync('/proc/loadavg', 'utf8').trim().split(' ').at(-1));
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
