import type { ProcessIdentity } from '@bclaw/runner/machine';

/** The command to start for an attempt. */
export interface JobCommand {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
}

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
