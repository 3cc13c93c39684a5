import { BclawError, type StatePayload } from '@bclaw/spec/run-time';
import { JobError } from './errors.js';
import { type CallLog, type Log, logged, workflowOf } from './log.js';

/** The dependencies of every function, besides its clients. */
export interface FunctionDependencies {
  readonly log: Log;
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
}

/**
 * Creates the handler of a function that a step's state calls: parses the request, runs the function, logs the call.
 *
 * @param name the function's
 * @param parse parses the request; its errors become `RequestInvalid`
 */
export function stepFunction<Request extends { readonly step: string; readonly payload: StatePayload }, Result>(
  name: string,
  parse: (event: unknown) => Request,
  work: (request: Request, call: CallLog) => Promise<Result>,
  { log, clock }: FunctionDependencies,
): (event: unknown) => Promise<Result> {
  return logged(
    name,
    async (event, call) => {
      const request = readRequest(parse, event);
      const { execution, index } = request.payload;
      call.about({ ...workflowOf(execution.arn), execution: execution.name, step: request.step, branch: index });
      return work(request, call);
    },
    log,
    clock,
  );
}

/**
 * Parses a state machine's request.
 *
 * @throws JobError `RequestInvalid`
 */
export function readRequest<Request>(parse: (event: unknown) => Request, event: unknown): Request {
  try {
    return parse(event);
  } catch (error) {
    if (!(error instanceof BclawError)) throw error;
    throw new JobError('RequestInvalid', error.message, {
      hint: 'Start executions by copying a job file to the launcher bucket.',
      cause: error,
    });
  }
}
