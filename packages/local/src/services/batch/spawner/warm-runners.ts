import type { ChildProcess } from 'node:child_process';
import type { FromSpawner, RunnerCommand } from './messages.js';
import { WarmRunner } from './warm-runner.js';

/** The parts that the spawner shares with its runners. */
export interface SpawnerParts {
  /** The leader of each running job's process group. */
  readonly running: Map<number, ChildProcess>;
  /** Sends a message to the engine; returns false if it must catch up, and calls `sent` when it has. */
  tell(message: FromSpawner, sent?: () => void): boolean;
}

/** Time without a job after which a process ends. */
const idleMs = 10_000;

/**
 * The processes of the runner program: as many as there are jobs at the same time, each taking one job after another. A
 * process whose job was signalled takes no other.
 */
export class WarmRunners {
  readonly #parts: SpawnerParts;
  /** Most recently used last: the others end after a time without jobs. */
  readonly #idle = new Map<WarmRunner, NodeJS.Timeout>();
  readonly #busy = new Map<number, WarmRunner>();
  #ending = false;

  constructor(parts: SpawnerParts) {
    this.#parts = parts;
  }

  /** Runs a job in an idle process, or in a new one. */
  start(id: number, command: RunnerCommand): void {
    const idle = [...this.#idle.keys()].findLast((runner) => runner.fits(command));
    if (idle === undefined) {
      this.#begin(id, command, new WarmRunner(command), false);
      return;
    }
    this.#forgetIdle(idle);
    this.#begin(id, command, idle, true);
  }

  /** Notes that a job's process is about to get a signal, which may reach it after the job has ended. */
  willBeSignalled(id: number): void {
    this.#busy.get(id)?.retire();
  }

  /** Ends the idle processes, and every other one with its job. */
  endIdle(): void {
    this.#ending = true;
    for (const runner of [...this.#idle.keys()]) this.#discard(runner);
  }

  #begin(id: number, command: RunnerCommand, runner: WarmRunner, isUsed: boolean): void {
    const { running, tell } = this.#parts;
    const { child } = runner;
    running.set(id, child);
    this.#busy.set(id, runner);
    const leave = () => {
      running.delete(id);
      this.#busy.delete(id);
    };
    runner.run(command, {
      accepted: (identity) => tell({ kind: 'started', id, identity }),
      output: (chunk, sent) => tell({ kind: 'output', id, chunk }, sent),
      exited: () => running.delete(id),
      notStarted: (message) => {
        leave();
        tell({ kind: 'not-started', id, message });
      },
      // An idle process may have ended by itself just now; the job has not begun.
      declined: () => {
        leave();
        if (isUsed) this.start(id, command);
        else tell({ kind: 'not-started', id, message: 'The runner ended before it took the job.' });
      },
      ended: (exitCode, isReusable) => {
        leave();
        if (isReusable && !this.#ending) this.#rest(runner);
        else runner.end();
        tell({ kind: 'ended', id, exitCode });
      },
    });
  }

  #rest(runner: WarmRunner): void {
    this.#idle.set(
      runner,
      setTimeout(() => this.#discard(runner), idleMs),
    );
    runner.onExitWhenIdle(() => this.#forgetIdle(runner));
  }

  #discard(runner: WarmRunner): void {
    this.#forgetIdle(runner);
    runner.end();
  }

  #forgetIdle(runner: WarmRunner): void {
    clearTimeout(this.#idle.get(runner));
    this.#idle.delete(runner);
  }
}
