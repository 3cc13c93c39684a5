import { type ChildProcess, spawn } from 'node:child_process';
import { execPath } from 'node:process';
import type { FromServer, ServedJob } from '@bclaw/runner';
import { identify, type ProcessIdentity } from '@bclaw/runner/machine';
import type { RunnerCommand } from './messages.js';
import { followOutput, followToItsEnd } from './output.js';

/** The course of a job in a process of the runner program. */
export interface ServedJobEvents {
  /** The process has taken the job. */
  accepted(identity: ProcessIdentity | undefined): void;
  /** Returns false if the reader must catch up before more is read, and calls `sent` when it has. */
  output(chunk: Buffer, sent: () => void): boolean;
  /** The process has ended, and is not to be signalled; its output is still being read. */
  exited(): void;
  notStarted(message: string): void;
  /** The process ended, without a signal from here, before it took the job. */
  declined(): void;
  /** The job has ended and its output was handed on. */
  ended(exitCode: number, isReusable: boolean): void;
}

interface JobAtHand {
  readonly events: ServedJobEvents;
  accepted: boolean;
  /** Bytes of standard output so far. */
  readBytes: number;
  end?: { readonly exitCode: number; readonly outputBytes: number };
}

/** A process of the runner program, in a process group of its own, that takes one job after another. */
export class WarmRunner {
  readonly child: ChildProcess;
  readonly #key: string;
  #identity: ProcessIdentity | undefined;
  #job: JobAtHand | undefined;
  #retired = false;
  #isAlive = true;
  #onExitWhenIdle = () => {};

  constructor(command: RunnerCommand) {
    this.#key = keyOf(command);
    // The process starts with none of its first job's variables; it gets those with the job.
    this.child = spawn(execPath, [command.program, 'serve'], {
      cwd: command.directory,
      env: {},
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.child.once('error', (error) => {
      if (this.child.pid === undefined) this.#take()?.events.notStarted(error.message);
    });
    if (this.child.pid === undefined) return;
    this.#identity = identify(this.child.pid);
    this.child.on('message', (message: FromServer) => this.#hear(message));
    this.child.stdout?.on('data', (chunk: Buffer) => {
      if (this.#job !== undefined) this.#job.readBytes += chunk.length;
    });
    followOutput(this.child, (chunk, sent) => this.#job?.events.output(chunk, sent) ?? true);
    this.child.stdout?.on('data', () => this.#checkEnd());
    followToItsEnd(this.child, { exited: () => this.#exited(), closed: (exitCode) => this.#closed(exitCode) });
  }

  /** Returns true if the process is one for this command. */
  fits(command: RunnerCommand): boolean {
    return this.#isAlive && !this.#retired && this.#key === keyOf(command);
  }

  /** Sends a job to the process, which must be idle. */
  run(command: RunnerCommand, events: ServedJobEvents): void {
    this.#job = { events, accepted: false, readBytes: 0 };
    const job: ServedJob = { arguments: command.arguments, environment: command.environment };
    // An error means that the process is ending: its exit settles the job.
    if (this.child.pid !== undefined) this.child.send(job, () => {});
  }

  /** The process takes no further job. */
  retire(): void {
    this.#retired = true;
  }

  /**
   * Ends the process, which must be idle or ending. A signal, not `disconnect()`: after that, Node.js never emits
   * `close`, and the wait for it kept this program, and so an engine that stops, for two seconds.
   */
  end(): void {
    this.#retired = true;
    this.child.kill('SIGTERM');
  }

  /** Sets what happens if the process ends while it has no job. */
  onExitWhenIdle(run: () => void): void {
    this.#onExitWhenIdle = run;
  }

  #hear(message: FromServer): void {
    const job = this.#job;
    if (job === undefined) return;
    switch (message.kind) {
      case 'accepted':
        job.accepted = true;
        job.events.accepted(this.#identity);
        break;
      case 'ended':
        job.end = message;
        this.#checkEnd();
        break;
    }
  }

  /** The job's end arrives by another channel than its output. */
  #checkEnd(): void {
    const job = this.#job;
    if (job?.end === undefined || job.readBytes < job.end.outputBytes) return;
    this.#job = undefined;
    job.events.ended(job.end.exitCode, this.#isAlive && !this.#retired);
  }

  #exited(): void {
    this.#isAlive = false;
    if (this.#job === undefined) this.#onExitWhenIdle();
    else this.#job.events.exited();
  }

  /** Only now are all of the process's messages known, so that a job that was taken never runs again. */
  #closed(exitCode: number): void {
    const job = this.#take();
    if (job === undefined) return;
    if (job.accepted || this.#retired) job.events.ended(job.end?.exitCode ?? exitCode, false);
    else job.events.declined();
  }

  #take(): JobAtHand | undefined {
    const job = this.#job;
    this.#job = undefined;
    return job;
  }
}

function keyOf({ program, directory }: RunnerCommand): string {
  return JSON.stringify([program, directory]);
}
