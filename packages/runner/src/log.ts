export type LogLevel = 'info' | 'warning' | 'error';

/** The fields of the runner's own log lines besides the message. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * The job's log. The runner's own lines are JSON objects, `{"time", "level", "message", …}`; a line of the user's
 * commands is `user| ` and the line, so that the two cannot be confused.
 */
export interface RunnerLog {
  info(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** One line of the user's commands, without its newline. */
  user(line: string): void;
}

/** The prefix of the user's commands' lines. */
export const userLinePrefix = 'user| ';

/**
 * Makes a log.
 *
 * @param write - takes a line with its newline
 * @param now - the clock
 */
export function createLog(write: (line: string) => void, now: () => Date): RunnerLog {
  const own = (level: LogLevel, message: string, fields: LogFields = {}) =>
    write(`${JSON.stringify({ time: now().toISOString(), level, message, ...fields })}\n`);
  return {
    info: (message, fields) => own('info', message, fields),
    warning: (message, fields) => own('warning', message, fields),
    error: (message, fields) => own('error', message, fields),
    user: (line) => write(`${userLinePrefix}${line}\n`),
  };
}
