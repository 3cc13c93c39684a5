import type { StepImage } from '../step-plan.js';
import type { StopSignal } from '../stopped.js';

/** What a step asked for. */
export interface Limits {
  readonly cpus?: number;
  readonly memoryMiB?: number;
  /** Of /dev/shm. */
  readonly shmMiB?: number;
  readonly gpus?: number | 'all';
}

/** A command to run. */
export interface CommandRequest {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly workingDirectory: string;
  /** What must be visible to the command under the same path. */
  readonly mount: string;
  /** Files below the mount that the command may not change, where the executor can see to it. */
  readonly readOnlyFiles: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Takes what the command prints, both streams in the order in which it printed. */
  readonly onOutput: (chunk: Buffer) => void;
}

/** How a command ended. */
export interface CommandEnd {
  readonly exitCode: number;
  /** Set when something else than the command itself decided, e.g. that it ran out of memory. */
  readonly reason?: string;
}

/** 128 + SIGKILL: how a shell tells that what it ran was killed. */
export const killedExitCode = 137;

/**
 * What is most likely behind a SIGKILL that nobody asked for.
 *
 * @param memory how much there was, e.g. `64 MiB`
 */
export function killedReason(memory: string): string {
  return `The commands were killed, most likely for needing more memory than ${memory}.`;
}

/** A command that runs. */
export interface RunningCommand {
  /** Resolves when the command and everything that it started are gone and its output has been given out. */
  readonly ended: Promise<CommandEnd>;
  /** Passes a signal on; what has not ended after the grace is killed. */
  stop(signal: StopSignal): void;
}

/** Where commands run. */
export interface Executor {
  /** Sees to it that the image is there, where one is needed. */
  prepare(image: StepImage): Promise<void>;
  start(request: CommandRequest): Promise<RunningCommand>;
  /** Whether commands cannot change the read-only files of a request, whoever runs them and whatever they try. */
  readonly protectsFiles: boolean;
  /** Whether a file outside of the workspace is the same for the commands that ran and for this program. */
  isShared(path: string): boolean;
}
