import type { ProcessIdentity } from '@bclaw/runner/machine';

interface Surroundings {
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
}

/** A program to start for an attempt. */
export interface ProgramCommand extends Surroundings {
  readonly kind: 'program';
  readonly file: string;
  readonly arguments: readonly string[];
}

/** A job of the runner program, which may run in a process that has run other jobs. */
export interface RunnerCommand extends Surroundings {
  readonly kind: 'runner';
  /** Path of the runner program. */
  readonly program: string;
  readonly arguments: readonly string[];
}

/** The command of an attempt. */
export type JobCommand = ProgramCommand | RunnerCommand;

/** Messages from the engine to the spawner; `id` is the number that the engine assigned to the process. */
export type ToSpawner =
  | { readonly kind: 'start'; readonly id: number; readonly command: JobCommand }
  | { readonly kind: 'signal'; readonly id: number; readonly signal: 'SIGTERM' | 'SIGKILL' };

/** Messages from the spawner to the engine. `ended` comes last, after the process has ended and its output was sent. */
export type FromSpawner =
  /** `identity` is absent on systems that do not report it. */
  | { readonly kind: 'started'; readonly id: number; readonly identity: ProcessIdentity | undefined }
  | { readonly kind: 'not-started'; readonly id: number; readonly message: string }
  | { readonly kind: 'output'; readonly id: number; readonly chunk: Uint8Array }
  | { readonly kind: 'ended'; readonly id: number; readonly exitCode: number };
