import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { platform } from 'node:process';

/** Identifies a process: ids are reused, a pair of id and start time is not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; only ever compared. */
  readonly startTime: string;
}

/** The identity of a process; undefined when no process has that id. */
export function identify(pid: number): ProcessIdentity | undefined {
  const startTime = lookUp(pid)?.startTime;
  return startTime === undefined ? undefined : { pid, startTime };
}

/** Returns true if this exact process is still running. */
export function isAlive(identity: ProcessIdentity): boolean {
  const found = lookUp(identity.pid);
  return found !== undefined && !found.zombie && found.startTime === identity.startTime;
}

interface ProcessTableEntry {
  readonly startTime: string;
  /** True for a zombie: it has ended, but its parent has not read its exit code yet. */
  readonly zombie: boolean;
}

function lookUp(pid: number): ProcessTableEntry | undefined {
  return platform === 'linux' ? linuxProcess(pid) : posixProcess(pid);
}

/** Field 22 of /proc/<pid>/stat counts clock ticks since boot, so the boot's id makes it unique (proc(5)). */
function linuxProcess(pid: number): ProcessTableEntry | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in parentheses and may hold anything, spaces and parentheses too.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, ticks] = [fields[0], fields[19]];
    return ticks === undefined ? undefined : { startTime: `${bootId()}:${ticks}`, zombie: state === 'Z' };
  } catch {
    return undefined;
  }
}

let boot: string | undefined;
function bootId(): string {
  boot ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return boot;
}

function posixProcess(pid: number): ProcessTableEntry | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [state = '', ...startTime] = line.trim().split(/\s+/);
    return startTime.length === 0 ? undefined : { startTime: startTime.join(' '), zombie: state.startsWith('Z') };
  } catch {
    return undefined;
  }
}
