import type { S3Client } from '@aws-sdk/client-s3';
import { BclawError, type StatePayload } from '@bclaw/spec/run-time';
import { JobError } from './errors.js';
import { type CallLog, type Log, logged, workflowOf } from './log.js';
import { writeWarnings } from './warnings.js';

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
 * @param s3 for a function that warns: the job's status tells its warnings
 */
export function stepFunction<Request extends { readonly step: string; readonly payload: StatePayload }, Result>(
  name: string,
  parse: (event: unknown) => Request,
  work: (request: Request, call: CallLog) => Promise<Result>,
  { log, clock, s3 }: FunctionDependencies & { readonly s3?: S3Client },
): (event: unknown) => Promise<Result> {
  return logged(
    name,
    async (event, call) => {
      const request = readRequest(parse, event);
      const { execution, index } = request.payload;
      call.about({ ...workflowOf(execution.arn), execution: execution.name, step: request.step, branch: index });
      const warnings: string[] = [];
      const warn = (sentence: string) => {
        warnings.push(sentence);
        call.warn(sentence);
      };
      const result = await work(request, { ...call, warn });
      if (s3 !== undefined && warnings.length > 0)
        await writeWarnings(s3, { ...request, function: name, warnings }, call.warn);
      return result;
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
