import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { inParallel } from '../aws/in-parallel.js';
import { type JobStatus, waitForEnd } from './status.js';
import { waitForLaunch } from './submit.js';

export interface WatchOptions {
  readonly workflow: string;
  /** As returned by {@link submit}. */
  readonly executionNames: readonly string[];
  /** Called when a job has progressed, and when it has ended. */
  readonly onProgress?: (status: JobStatus) => void;
  readonly signal?: AbortSignal;
}

/**
 * Waits until submitted jobs have started and ended, with any status. Only a few at a time are polled, so that watching
 * a thousand jobs does not exhaust the account's request rates.
 *
 * @returns in the order of the names
 * @throws BclawError `timed-out` when a job does not start
 *
 * @example
 * ```ts
 * const jobs = await submit(clients, { workflow, files });
 * const executionNames = jobs.map(({ executionName }) => executionName);
 * const ended = await watchJobs(clients, { workflow, executionNames });
 * ```
 */
export async function watchJobs(
  clients: Pick<Clients, 'lambda' | 'sfn' | 'batch' | 'logs' | 's3'>,
  options: WatchOptions,
): Promise<JobStatus[]> {
  const { workflow, executionNames, onProgress, signal } = options;
  const stop = given({ signal });
  return await inParallel(executionNames, async (executionName) => {
    const { executionArn } = await waitForLaunch(clients, { workflow, executionName, ...stop });
    return await waitForEnd(clients, {
      execution: executionArn,
      ...stop,
      ...given({ onProgress }),
    });
  });
}
