import type { ProcessIdentity } from '@bclaw/runner/machine';

/** What to start for an attempt. */
export interface JobCommand {
  readonly file: string;
  readonly arguments: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly directory: string;
}

/** What the engine tells the spawner; `id` is a number that the engine gives to each process. */
export type ToSpawner =
  | { readonly kind: 'start'; readonly id: number; readonly command: JobCommand }
  | { readonly kind: 'signal'; readonly id: number; readonly signal: 'SIGTERM' | 'SIGKILL' };

/** What the spawner tells the engine. `ended` comes last, when the process is gone and its output has been sent. */
export type FromSpawner =
  /** `identity` is absent where the system does not tell it. */
  | { readonly kind: 'started'; readonly id: number; readonly identity: ProcessIdentity | undefined }
  | { readonly kind: 'not-started'; readonly id: number; readonly message: string }
  | { readonly kind: 'output'; readonly id: number; readonly chunk: Uint8Array }
  | { readonly kind: 'ended'; readonly id: number; readonly exitCode: number };
