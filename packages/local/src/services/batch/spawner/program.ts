import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { identify } from '@bclaw/runner/machine';
import type { FromSpawner, JobCommand, ToSpawner } from './messages.js';
import { signalGroup } from './process-group.js';

/*
 * The program that starts the jobs' processes for the engine. fork(2) copies the page tables of the calling process: in
 * an engine of 300 MB that takes 5 ms of CPU for each job, in this small process half a millisecond. It runs in its own
 * session, so a keyboard interrupt reaches only the engine, which then ends the jobs in order. If the engine dies
 * without notice (kill -9), the program ends the jobs itself and exits.
 */

/** Time that output is still read when a process that left the process group keeps the pipe open. */
const strayOutputMs = 2_000;
/** Time for jobs to clean up after the engine was killed, before they are killed too. */
const orphanGraceMs = 10_000;

process.title = 'bclaw-job-spawner';

const running = new Map<number, ChildProcess>();
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
  for (const id of running.keys()) signal(id, 'SIGTERM');
  setTimeout(() => {
    for (const id of running.keys()) signal(id, 'SIGKILL');
  }, orphanGraceMs).unref();
});

function start(id: number, command: JobCommand): void {
  const child = spawn(command.file, command.arguments, {
    cwd: command.directory,
    env: command.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  child.once('error', (error) => {
    if (child.pid === undefined) tell({ kind: 'not-started', id, message: error.message });
  });
  if (child.pid === undefined) return;
  running.set(id, child);
  tell({ kind: 'started', id, identity: identify(child.pid) });
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      // A job that writes faster than the engine reads must wait, as with any reader of its pipe.
      if (!tell({ kind: 'output', id, chunk }, () => stream.resume())) stream.pause();
    });
  followToItsEnd(id, child, child.pid);
}

function followToItsEnd(id: number, child: ChildProcess, pid: number): void {
  let exitCode = 0;
  child.once('exit', (code, signalName) => {
    exitCode = code ?? 128 + (signalName === null ? 0 : constants.signals[signalName]);
    running.delete(id);
    signalGroup(pid, 'SIGKILL');
    const stray = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, strayOutputMs);
    child.once('close', () => {
      clearTimeout(stray);
      tell({ kind: 'ended', id, exitCode });
    });
  });
}

function signal(id: number, name: 'SIGTERM' | 'SIGKILL'): void {
  const pid = running.get(id)?.pid;
  if (pid !== undefined) signalGroup(pid, name);
}

/** @returns true if more may be sent at once; otherwise wait for `sent` */
function tell(message: FromSpawner, sent: () => void = () => {}): boolean {
  if (orphaned || process.send === undefined) return true;
  return process.send(message, sent);
}
