/** One line of the log: always the same names, so that CloudWatch Logs Insights can query them. */
export interface LogEntry {
  readonly level: 'info' | 'error';
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
}

/** Takes a log entry; the Lambda functions write it as one line of JSON. */
export type Log = (entry: LogEntry) => void;

/** What a call is about, for its log entry. */
export type LogSubject = Pick<LogEntry, 'workflow' | 'version' | 'execution' | 'step' | 'branch'>;

/**
 * A handler that writes exactly one log entry for every call: what it was about, how long it took, how it ended.
 *
 * @param name the function's
 * @param handle gets the event and a way to say what the call is about, as soon as that is known
 * @param clock milliseconds, monotonic
 */
export function logged<Result>(
  name: string,
  handle: (event: unknown, about: (subject: LogSubject) => void) => Promise<Result>,
  log: Log,
  clock: () => number,
): (event: unknown) => Promise<Result> {
  return async (event) => {
    const began = clock();
    let subject: LogSubject = {};
    const entry = (level: LogEntry['level'], message: string, error?: string): LogEntry => ({
      level,
      message,
      function: name,
      ...subject,
      milliseconds: Math.round(clock() - began),
      ...(error === undefined ? {} : { error }),
    });
    try {
      const result = await handle(event, (known) => {
        subject = known;
      });
      log(entry('info', 'done'));
      return result;
    } catch (error) {
      const [message, errorName] = error instanceof Error ? [error.message, error.name] : [String(error), 'Error'];
      log(entry('error', message, errorName));
      throw error;
    }
  };
}

/** The version of a workflow from the ARN of one of its executions: `arn:…:execution:<workflow>--<version>:<name>`. */
export function versionOf(executionArn: string): number | undefined {
  const digits = /--(\d+)$/.exec(executionArn.split(':')[6] ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
