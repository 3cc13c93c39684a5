import { readJobs } from './batch-job.js';
import type { Clients } from './clients.js';
import { findExecution } from './find-execution.js';
import { JobLogReader, type LogLine } from './job-log.js';
import { sleep } from './poll.js';
import { readSteps } from './steps.js';

/** A line of a step's log. */
export interface StepLogLine extends LogLine {
  readonly step: string;
  readonly jobId: string;
  /** Which attempt of the job, from 1. */
  readonly attempt: number;
}

export interface LogsOptions {
  /** The execution's ARN or name. */
  readonly execution: string;
  /** Narrows the search for a name. */
  readonly workflow?: string;
  /** Only this step's. */
  readonly step?: string;
  /** Goes on until the execution ends. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Reads what the jobs of an execution wrote, step by step; with `follow`, as it comes.
 *
 * @throws BclawError `no-such-execution`
 *
 * @example
 * ```ts
 * for await (const { step, text } of readLogs(createClients(), { execution })) console.log(step, text);
 * ```
 */
export async function* readLogs(
  clients: Pick<Clients, 'sfn' | 'batch' | 'logs'>,
  options: LogsOptions,
): AsyncGenerator<StepLogLine> {
  const { arn } = await findExecution(clients, options.execution, options);
  const readers = new Map<string, { reader: JobLogReader; step: string; jobId: string; attempt: number }>();
  for (;;) {
    // Asked before the logs are read, so that a last read follows the end.
    const { status } = await findExecution(clients, arn);
    for (const { name: step, jobIds } of await readSteps(clients, arn)) {
      if (options.step !== undefined && step !== options.step) continue;
      for (const [jobId, job] of await readJobs(clients, jobIds)) {
        for (const [index, { logStream }] of job.attempts.entries()) {
          if (logStream === undefined || readers.has(logStream)) continue;
          const reader = new JobLogReader(clients, job.logGroup, logStream);
          readers.set(logStream, { reader, step, jobId, attempt: index + 1 });
        }
      }
    }
    let lines = 0;
    for (const { reader, ...place } of readers.values()) {
      for (const line of await reader.read()) {
        lines += 1;
        yield { ...line, ...place };
      }
    }
    if (options.follow !== true || status !== 'RUNNING') return;
    if (lines === 0) await sleep(500, options.signal);
  }
}
