import type { StepImage } from '../step-plan.js';
import type { StopSignal } from '../stopped.js';
import type { CommandUsage } from './usage.js';

/** The resources that a step requested. */
export interface Limits {
  readonly cpus?: number;
  readonly memoryMiB?: number;
  /** Size of /dev/shm. */
  readonly shmMiB?: number;
  readonly gpus?: number | 'all';
}

/** A command to run. */
export interface CommandRequest {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly workingDirectory: string;
  /** Path that must be visible to the command under the same name. */
  readonly mount: string;
  /** Files below the mount that the command must not change, if the executor can enforce it. */
  readonly readOnlyFiles: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Receives the command's output, both streams in order. */
  readonly onOutput: (chunk: Buffer) => void;
}

/** Result of a command. */
export interface CommandEnd {
  readonly exitCode: number;
  /** Set when the reason is not the command itself, e.g. that it ran out of memory. */
  readonly reason?: string;
  readonly usage?: CommandUsage;
}

/** 128 + SIGKILL: a shell's exit code for a killed child. */
export const killedExitCode = 137;

/**
 * The most likely reason for an unexpected SIGKILL.
 *
 * @param memory the memory limit, e.g. `64 MiB`
 */
export function killedReason(memory: string): string {
  return `The commands were killed, most likely for needing more memory than ${memory}.`;
}

/** A running command. */
export interface RunningCommand {
  /** Resolves when the command and all of its descendants are gone and all output has been delivered. */
  readonly ended: Promise<CommandEnd>;
  /** Forwards a signal; kills everything that has not ended after the grace period. */
  stop(signal: StopSignal): void;
}

/** Runs commands. */
export interface Executor {
  /**
   * Pulls the image if one is needed.
   *
   * @returns the digest of the image in its registry, if there is one
   */
  prepare(image: StepImage): Promise<string | undefined>;
  start(request: CommandRequest): Promise<RunningCommand>;
  /** True when commands can never change the read-only files of a request, as any user. */
  readonly protectsFiles: boolean;
  /** True when a file outside of the workspace is the same file for the commands and for this program. */
  isShared(path: string): boolean;
}
