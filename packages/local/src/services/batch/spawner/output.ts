import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { signalGroup } from './process-group.js';

/** Time that output is still read when a process that left the process group keeps the pipe open. */
const strayOutputMs = 2_000;

/**
 * Hands on what a process writes to its two output streams.
 *
 * @param take - returns false if the reader must catch up before more is read, and calls `sent` when it has
 */
export function followOutput(child: ChildProcess, take: (chunk: Buffer, sent: () => void) => boolean): void {
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      // A job that writes faster than the engine reads must wait, as with any reader of its pipe.
      if (!take(chunk, () => stream.resume())) stream.pause();
    });
}

/** The two moments of a process's end. */
export interface ProcessEndings {
  /** The process has ended; the rest of its group was killed. */
  exited(): void;
  /** Its output was read, too. The exit code is a shell's: 128 and the signal's number for a killed process. */
  closed(exitCode: number): void;
}

/** Follows the leader of a process group to its end, and ends the rest of the group with it. */
export function followToItsEnd(child: ChildProcess, endings: ProcessEndings): void {
  child.once('exit', (code, signalName) => {
    const exitCode = code ?? 128 + (signalName === null ? 0 : constants.signals[signalName]);
    endings.exited();
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    const stray = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, strayOutputMs);
    child.once('close', () => {
      clearTimeout(stray);
      endings.closed(exitCode);
    });
  });
}
