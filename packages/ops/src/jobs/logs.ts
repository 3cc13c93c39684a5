import { BclawError } from '@bclaw/spec';
import type { Clients } from '../aws/clients.js';
import { sleep } from '../aws/poll.js';
import { ExecutionLog, type StepLogLine } from './execution-log.js';
import { findExecution } from './find-execution.js';

export interface LogsOptions {
  /** The execution's ARN or name. */
  readonly execution: string;
  /** Narrows the search for a name. */
  readonly workflow?: string;
  /** Only the logs of this step; for a scatter or a subpipe, of everything that it runs. */
  readonly step?: string;
  /** Continues until the execution ends. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Reads the logs of an execution's jobs, step by step, including jobs in branches of scatters and in subpipes; with
 * `follow`, continues until the execution ends.
 *
 * @throws BclawError `no-such-execution`; `no-such-step` when `step` has not started by the end
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
  const { arn, name } = await findExecution(clients, options.execution, options);
  const log = new ExecutionLog(clients, arn, options.step);
  for (;;) {
    // Checked before the logs are read, so that a last read follows the end.
    const { status } = await findExecution(clients, arn);
    let lines = 0;
    for await (const line of log.read()) {
      lines += 1;
      yield line;
    }
    if (options.follow !== true || status !== 'RUNNING') break;
    if (lines === 0) await sleep(500, options.signal);
  }
  if (options.step === undefined || log.stepFound) return;
  throw new BclawError('no-such-step', `No step "${options.step}" has begun in the execution "${name}".`, {
    hint: `\`bclaw status ${options.execution}\` shows those that have.`,
  });
}
