import { BclawError } from '@bclaw/spec';
import { given } from '@bclaw/spec/given';
import type { Clients } from '../aws/clients.js';
import { sleep } from '../aws/poll.js';
import { ExecutionLog, type LogSelection, type StepLogLine } from './execution-log.js';
import { findExecution } from './find-execution.js';

export interface LogsOptions extends Omit<LogSelection, 'last'> {
  /** The execution's ARN or name. */
  readonly execution: string;
  /** Narrows the search for a name. */
  readonly workflow?: string;
  /** Only so many of the lines that were written last; with `follow`, of those that there are at the start. */
  readonly tail?: number;
  /** Continues until the execution ends. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Reads the logs of an execution's jobs, step by step, including jobs in branches of scatters and in subpipes; with
 * `follow`, continues until the execution ends.
 *
 * @throws BclawError `no-such-execution`; `no-such-step`, `no-such-branch` when `step` or `branch` has not started by
 * the end
 *
 * @example
 * ```ts
 * for await (const { step, text } of readLogs(createClients(), { execution })) console.log(step, text);
 * ```
 */
export async function* readLogs(
  clients: Pick<Clients, 'sfn' | 'batch' | 'lambda' | 'logs'>,
  options: LogsOptions,
): AsyncGenerator<StepLogLine> {
  const { tail, step, branch } = options;
  const { arn, name } = await findExecution(clients, options.execution, options);
  const log = new ExecutionLog(clients, arn, { ...options, ...given({ last: tail }) });
  for (let reads = 0; ; reads += 1) {
    // Checked before the logs are read, so that a last read follows the end.
    const { status } = await findExecution(clients, arn);
    let lines = 0;
    for await (const line of reads === 0 && tail !== undefined ? lastOf(log.read(), tail) : log.read()) {
      lines += 1;
      yield line;
    }
    if (options.follow !== true || status !== 'RUNNING') break;
    if (lines === 0) await sleep(500, options.signal);
  }
  const hint = `\`bclaw status ${options.execution}\` shows those that have.`;
  if (branch !== undefined && !log.branchFound) {
    throw new BclawError('no-such-branch', `No branch "${branch}" has begun in the execution "${name}".`, {
      hint: 'Branches are numbered from 00000; of a scatter inside of a scatter, 00000-00000.',
    });
  }
  if (step === undefined || log.stepFound) return;
  const where = branch === undefined ? `the execution "${name}"` : `branch ${branch} of "${name}"`;
  throw new BclawError('no-such-step', `No step "${step}" has begun in ${where}.`, { hint });
}

/** The lines that were written last, in the order of their times: each log brings its own last lines. */
async function* lastOf(lines: AsyncIterable<StepLogLine>, count: number): AsyncGenerator<StepLogLine> {
  const all: StepLogLine[] = [];
  for await (const line of lines) all.push(line);
  const sorted = all.sort((a, b) => a.time.getTime() - b.time.getTime());
  if (count > 0) yield* sorted.slice(-count);
}
