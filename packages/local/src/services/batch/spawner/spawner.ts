import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { ProcessIdentity } from '@bclaw/runner/machine';
import type { FromSpawner, JobCommand, ToSpawner } from './messages.js';
import { stopLeftover } from './process-group.js';

/** Result of a job's process. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'not-started'; readonly message: string }
  /** The spawner died, and the process with it. */
  | { readonly kind: 'lost' };

/** A job's process in a process group of its own. */
export interface JobProcess {
  /** Resolves once the process runs; never if it could not be started. Undefined on systems that do not report it. */
  readonly started: Promise<ProcessIdentity | undefined>;
  /** Resolves once the process and all others of its group have ended, and its output has been read. */
  readonly ended: Promise<ProcessEnd>;
  /** Sends a signal to the whole group, including to a process that is just being started. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
}

interface Followed {
  readonly onOutput: (chunk: Uint8Array) => void;
  readonly onStarted: (identity: ProcessIdentity | undefined) => void;
  readonly onEnded: (end: ProcessEnd) => void;
  identity?: ProcessIdentity | undefined;
}

/** Idle time in milliseconds after which the spawner exits. */
const idleMs = 10_000;
/** Grace period for processes that a killed spawner left running. */
const leftoverGraceMs = 5_000;

/**
 * Starts jobs' processes through a separate small program, see program.ts. The program is started with the first job
 * and exits after a time without jobs; if it is killed, its jobs are ended and count as lost, and the next job starts a
 * new one.
 */
export class Spawner {
  readonly #followed = new Map<number, Followed>();
  #program: ChildProcess | undefined;
  #last = 0;
  #idle: NodeJS.Timeout | undefined;

  /** @param onOutput - receives the chunks of both output streams */
  start(command: JobCommand, onOutput: (chunk: Uint8Array) => void): JobProcess {
    this.#last += 1;
    const id = this.#last;
    let onStarted: Followed['onStarted'] = () => {};
    let onEnded: Followed['onEnded'] = () => {};
    const started = new Promise<ProcessIdentity | undefined>((resolve) => {
      onStarted = resolve;
    });
    const ended = new Promise<ProcessEnd>((resolve) => {
      onEnded = resolve;
    });
    clearTimeout(this.#idle);
    this.#program ??= this.#launch();
    this.#followed.set(id, { onOutput, onStarted, onEnded });
    this.#send({ kind: 'start', id, command });
    return {
      started,
      ended,
      signal: (signal) => {
        if (this.#followed.has(id)) this.#send({ kind: 'signal', id, signal });
      },
    };
  }

  /** Ends the program; its jobs must have ended before. */
  async stop(): Promise<void> {
    clearTimeout(this.#idle);
    const program = this.#program;
    if (program === undefined) return;
    this.#program = undefined;
    if (program.exitCode !== null || program.signalCode !== null) return;
    const gone = once(program, 'exit');
    if (program.connected) program.disconnect();
    await gone;
  }

  #send(message: ToSpawner): void {
    // An error means that the program is dying: the handler of its exit settles its jobs.
    this.#program?.send(message, () => {});
  }

  #launch(): ChildProcess {
    const file = createRequire(import.meta.url).resolve('@bclaw/local/job-spawner');
    const program = fork(file, [], {
      detached: true,
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    program.on('message', (message: FromSpawner) => this.#hear(message));
    program.once('error', () => this.#lost(program));
    program.once('exit', () => this.#lost(program));
    return program;
  }

  #hear(message: FromSpawner): void {
    const followed = this.#followed.get(message.id);
    if (followed === undefined) return;
    switch (message.kind) {
      case 'started':
        followed.identity = message.identity;
        followed.onStarted(message.identity);
        break;
      case 'output':
        followed.onOutput(message.chunk);
        break;
      case 'not-started':
        this.#end(message.id, followed, { kind: 'not-started', message: message.message });
        break;
      case 'ended':
        this.#end(message.id, followed, { kind: 'exited', exitCode: message.exitCode });
        break;
    }
  }

  #end(id: number, followed: Followed, end: ProcessEnd): void {
    this.#followed.delete(id);
    if (this.#followed.size === 0) this.#idle = setTimeout(() => void this.stop(), idleMs).unref();
    followed.onEnded(end);
  }

  /** Processes without their spawner are orphans: no one would report their exit. */
  #lost(program: ChildProcess): void {
    if (this.#program !== program) return;
    this.#program = undefined;
    for (const [id, followed] of [...this.#followed]) {
      const stopped = followed.identity === undefined ? undefined : stopLeftover(followed.identity, leftoverGraceMs);
      void Promise.resolve(stopped).then(() => this.#end(id, followed, { kind: 'lost' }));
    }
  }
}
