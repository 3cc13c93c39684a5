import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type ProcessIdentity } from '@bclaw/runner/machine';

/** Sends a signal to all processes of a group; does nothing if none is left. */
export function signalGroup(leader: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    // ESRCH: the group is empty. EPERM: the rest is not ours (macOS returns this for zombies).
    if (!(error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM'))) throw error;
  }
}

/**
 * Stops a process group left behind by an earlier engine or a killed spawner: SIGTERM, so that a runner can clean up,
 * then SIGKILL. Does nothing when the process is gone or its id now belongs to another process.
 *
 * @param graceMs - time between the two signals, in milliseconds
 */
export async function stopLeftover(identity: ProcessIdentity, graceMs: number): Promise<void> {
  if (!isAlive(identity)) return;
  signalGroup(identity.pid, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (isAlive(identity) && Date.now() < deadline) await delay(20);
  if (isAlive(identity)) signalGroup(identity.pid, 'SIGKILL');
}
