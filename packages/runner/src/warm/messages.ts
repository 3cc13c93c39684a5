/** A job for a process that was started with the argument `serve`. */
export interface ServedJob {
  /** As on the command line of a process of its own. */
  readonly arguments: readonly string[];
  /** All of the job's variables: the process keeps none of an earlier job, and none of its own. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Messages of a process that serves jobs. Its standard output and error are the output of the job at hand. */
export type FromServer =
  /** The job runs. A process that ends before it has sent this has not begun the job, which may run in another one. */
  | { readonly kind: 'accepted' }
  /**
   * The job has ended and left nothing: the process takes the next one. `outputBytes` is what the job wrote to standard
   * output, some of which may still be in the pipe. After a job that was stopped or left something, the process ends
   * instead, with the job's exit code.
   */
  | { readonly kind: 'ended'; readonly exitCode: number; readonly outputBytes: number };
