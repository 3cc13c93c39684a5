import { parseVersionedName } from '@bclaw/spec/contract';
import { transientOr } from './transient.js';

/** One line of the log: always the same names, so that CloudWatch Logs Insights can query them. */
export interface LogEntry {
  /** `warning`: the call went well, but see its {@link LogEntry.warnings}. */
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  /** The function's own name, such as `initialize`. */
  readonly function: string;
  readonly workflow?: string;
  /** Version of the workflow, when it is a versioned one. */
  readonly version?: number;
  /** Name of the execution. */
  readonly execution?: string;
  readonly step?: string;
  /** `main`, or the number of the scatter branch. */
  readonly branch?: string;
  readonly milliseconds: number;
  /** Name of the error, as the state machine sees it. */
  readonly error?: string;
  /** What a person should know although nothing failed. */
  readonly warnings?: readonly string[];
  /** How many branches, files or copies it was about. */
  readonly count?: number;
}

/** Takes a log entry; the Lambda functions write it as one line of JSON. */
export type Log = (entry: LogEntry) => void;

/** What a call is about, for its log entry. */
export type LogSubject = Pick<LogEntry, 'workflow' | 'version' | 'execution' | 'step' | 'branch'>;

/** What a handler tells of the call that it is working on. */
export interface CallLog {
  /** As soon as it is known. */
  readonly about: (subject: LogSubject) => void;
  readonly warn: (sentence: string) => void;
  readonly counted: (count: number) => void;
}

/**
 * A handler that writes exactly one log entry for every call: what it was about, how long it took, how it ended. An
 * error that may pass by itself leaves it as a `TransientFailure`.
 *
 * @param name the function's
 * @param clock milliseconds, monotonic
 */
export function logged<Result>(
  name: string,
  handle: (event: unknown, call: CallLog) => Promise<Result>,
  log: Log,
  clock: () => number,
): (event: unknown) => Promise<Result> {
  return async (event) => {
    const began = clock();
    let known: Partial<LogEntry> = {};
    const warnings: string[] = [];
    const write = (level: LogEntry['level'], message: string, rest: Partial<LogEntry> = {}) =>
      log({
        level,
        message,
        function: name,
        ...known,
        milliseconds: Math.round(clock() - began),
        ...rest,
        ...(warnings.length === 0 ? {} : { warnings }),
      });
    try {
      const result = await handle(event, {
        about: (subject) => {
          known = { ...known, ...subject };
        },
        warn: (sentence) => {
          warnings.push(sentence);
        },
        counted: (count) => {
          known = { ...known, count };
        },
      });
      write(warnings.length === 0 ? 'info' : 'warning', 'done');
      return result;
    } catch (cause) {
      const error = transientOr(cause);
      const [message, errorName] = error instanceof Error ? [error.message, error.name] : [String(error), 'Error'];
      write('error', message, { error: errorName });
      throw error;
    }
  };
}

/**
 * The workflow and its version that an execution belongs to, from `arn:…:execution:<workflow>--<version>:<name>`. The
 * version is absent of an unversioned workflow.
 */
export function workflowOf(executionArn: string): Pick<LogEntry, 'workflow' | 'version'> {
  const stateMachine = executionArn.split(':')[6] ?? '';
  const { base, ...version } = parseVersionedName(stateMachine);
  return { workflow: base, ...version };
}
