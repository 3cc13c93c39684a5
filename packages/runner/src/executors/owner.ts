import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type Docker from 'dockerode';
import { identify, isAlive } from '../machine/index.js';
import { statusOf } from './engine-error.js';

/** Label of every container of a runner: the job's id. */
export const jobLabel = 'bclaw.job';

/** Label of every container of a runner: the runner's identity, see {@link ownLabel}. */
export const ownerLabel = 'bclaw.runner';

type Fate = 'alive' | 'gone' | 'unknown';

/**
 * The runner's identity for other runners: a container of the same engine, else a process of the same machine.
 *
 * @param containerId of the runner's own container, if known
 */
export function ownLabel(containerId: string | undefined): string {
  if (containerId !== undefined) return `container ${containerId}`;
  const self = identify(process.pid);
  return `process ${processSpace()} ${process.pid} ${self?.startTime ?? ''}`;
}

/** State of the runner that a label names. A process of another machine or container cannot be checked. */
export async function fateOf(docker: Docker, label: string | undefined): Promise<Fate> {
  const [kind, ...words] = (label ?? '').split(' ');
  if (kind === 'container') return fateOfContainer(docker, words[0] ?? '');
  if (kind !== 'process') return 'unknown';
  const [space, pid, ...startTime] = words;
  if (space !== processSpace() || startTime.length === 0) return 'unknown';
  return isAlive({ pid: Number(pid), startTime: startTime.join(' ') }) ? 'alive' : 'gone';
}

async function fateOfContainer(docker: Docker, id: string): Promise<Fate> {
  try {
    const { State: state } = await docker.getContainer(id).inspect();
    return state.Running ? 'alive' : 'gone';
  } catch (error) {
    return statusOf(error) === 404 ? 'gone' : 'unknown';
  }
}

/** The scope in which a process id is valid: this boot of this machine, and this container of it. */
function processSpace(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    // Only Linux has namespaces.
    return hostname();
  }
}
