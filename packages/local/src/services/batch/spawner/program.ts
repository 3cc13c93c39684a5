import { type ChildProcess, spawn } from 'node:child_process';
import { identify } from '@bclaw/runner/machine';
import type { FromSpawner, JobCommand, ProgramCommand, ToSpawner } from './messages.js';
import { followOutput, followToItsEnd } from './output.js';
import { signalGroup } from './process-group.js';
import { WarmRunners } from './warm-runners.js';

/*
 * The program that starts the jobs' processes for the engine. fork(2) copies the page tables of the calling process: in
 * an engine of 300 MB that takes 5 ms of CPU for each job, in this small process half a millisecond. It runs in its own
 * session, so a keyboard interrupt reaches only the engine, which then ends the jobs in order. If the engine dies
 * without notice (kill -9), the program ends the jobs itself and exits.
 */

/** Time for jobs to clean up after the engine was killed, before they are killed too. */
const orphanGraceMs = 10_000;

process.title = 'bclaw-job-spawner';

/** The leader of each running job's process group. */
const running = new Map<number, ChildProcess>();
const runners = new WarmRunners({ running, tell });
let orphaned = false;

process.on('message', (message: ToSpawner) => {
  switch (message.kind) {
    case 'start':
      start(message.id, message.command);
      break;
    case 'signal':
      signal(message.id, message.signal);
      break;
  }
});

process.on('disconnect', () => {
  orphaned = true;
  runners.endIdle();
  for (const id of running.keys()) signal(id, 'SIGTERM');
  setTimeout(() => {
    for (const id of running.keys()) signal(id, 'SIGKILL');
  }, orphanGraceMs).unref();
});

function start(id: number, command: JobCommand): void {
  switch (command.kind) {
    case 'program':
      startProgram(id, command);
      break;
    case 'runner':
      runners.start(id, command);
      break;
  }
}

function startProgram(id: number, command: ProgramCommand): void {
  const child = spawn(command.file, command.arguments, {
    cwd: command.directory,
    env: command.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  child.once('error', (error) => {
    if (child.pid === undefined) tell({ kind: 'not-started', id, message: error.message });
  });
  const { pid } = child;
  if (pid === undefined) return;
  running.set(id, child);
  tell({ kind: 'started', id, identity: identify(pid) });
  followOutput(child, (chunk, sent) => tell({ kind: 'output', id, chunk }, sent));
  followToItsEnd(child, {
    exited: () => running.delete(id),
    closed: (exitCode) => tell({ kind: 'ended', id, exitCode }),
  });
}

function signal(id: number, name: 'SIGTERM' | 'SIGKILL'): void {
  runners.willBeSignalled(id);
  const pid = running.get(id)?.pid;
  if (pid !== undefined) signalGroup(pid, name);
}

/** @returns true if more may be sent at once; otherwise wait for `sent` */
function tell(message: FromSpawner, sent: () => void = () => {}): boolean {
  if (orphaned || process.send === undefined) return true;
  return process.send(message, sent);
}
