import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Number of rounds: a process may start another one between the check and the kill. */
const rounds = 5;
const pauseMs = 10;

/** Process ids do not wrap around within this time. */
const shortMs = 60_000;

/** Commands that have ended. */
export interface EndedCommands {
  /** The entry in their environment, `BC_WORKSPACE=/scratch/jobs/job-…`, which is unique to the job. */
  readonly variable: string;
  /** The id of their first process. */
  readonly leader: number;
  readonly milliseconds: number;
}

/**
 * Kills processes that have left the commands' process group (`setsid`, daemons): every process that still has the
 * job's workspace in its environment. Only Linux provides this; elsewhere nothing is killed.
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
  // Processes of a short job have higher ids than its first process; checking all others would take longer than the
  // job.
  const isNumberedOn = milliseconds < shortMs && latestProcess() >= leader;
  const young = isNumberedOn ? all.filter((name) => Number(name) > leader) : all;
  return young.filter((name) => environmentOf(name).includes(variable)).map(Number);
}

/** proc(5): the last field of `loadavg` is the id of the newest process. */
function latestProcess(): number {
  return Number(readFileSync('/proc/loadavg', 'utf8').trim().split(' ').at(-1));
}

/** proc(5): the environment that a process was started with; empty for ended processes and those of other users. */
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
    // It has ended on its own.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
