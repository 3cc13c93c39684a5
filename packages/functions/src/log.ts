import { parseVersionedName } from '@bclaw/spec/contract';
import { transientOr } from './transient.js';

/** A log entry; its names are fixed, so that CloudWatch Logs Insights can query them. */
export interface LogEntry {
  /** `warning`: the call succeeded, but see its {@link LogEntry.warnings}. */
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  /** The function's own name, such as `initialize`. */
  readonly function: string;
  readonly workflow?: string;
  /** Version of the workflow, if it is versioned. */
  readonly version?: number;
  /** Name of the execution. */
  readonly execution?: string;
  readonly step?: string;
  /** `main`, or the number of the scatter branch. */
  readonly branch?: string;
  readonly milliseconds: number;
  /** Name of the error, as the state machine sees it. */
  readonly error?: string;
  /** Warnings of a call that did not fail. */
  readonly warnings?: readonly string[];
  /** Number of branches, files or copies. */
  readonly count?: number;
}

/** Writes a log entry; the Lambda functions write it as one line of JSON. */
export type Log = (entry: LogEntry) => void;

/** The subject of a call, for its log entry. */
export type LogSubject = Pick<LogEntry, 'workflow' | 'version' | 'execution' | 'step' | 'branch'>;

/** Fields that a handler reports about its current call. */
export interface CallLog {
  /** Called as soon as it is known. */
  readonly about: (subject: LogSubject) => void;
  readonly warn: (sentence: string) => void;
  readonly counted: (count: number) => void;
}

/**
 * A handler that writes exactly one log entry for every call, with its subject, duration and result. A transient error
 * is rethrown as a `TransientFailure`.
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
 * The workflow and its version, from `arn:…:execution:<workflow>--<version>:<name>`. The version is absent for an
 * unversioned workflow.
 */
export function workflowOf(executionArn: string): Pick<LogEntry, 'workflow' | 'version'> {
  const stateMachine = executionArn.split(':')[6] ?? '';
  const { base, ...version } = parseVersionedName(stateMachine);
  return { workflow: base, ...version };
}
