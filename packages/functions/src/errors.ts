import { transientFailure } from '@bclaw/spec/contract';
import { BclawError } from '@bclaw/spec/run-time';

/** Error names that a state machine sees when a job cannot continue; a `Catch` or an alarm can distinguish them. */
export type JobErrorName =
  /** The job file, or the version of it in the event, does not exist. */
  | 'JobFileNotFound'
  /** The job file is not a JSON object, or does not fit the template's `JobSchema`. */
  | 'JobFileInvalid'
  /** A file that bclaw wrote into the repository for the job's later steps is missing. */
  | 'JobDataNotFound'
  /** The template's repository and this job's data do not make a valid S3 prefix. */
  | 'RepositoryInvalid'
  /** A `${job.…}`, `${scatter.…}` or `${parent.…}` has no value. */
  | 'ValueMissing'
  /** The file with a scatter's items does not exist. */
  | 'SourceNotFound'
  /** A scatter's source does not contain a list of items. */
  | 'SourceInvalid'
  /** More branches than Step Functions accepts. */
  | 'TooManyItems'
  /** A bucket in a template does not exist. */
  | 'BucketNotFound'
  /** A file that a chooser's conditions read does not exist. */
  | 'InputNotFound'
  /** The file exists but is not JSON. */
  | 'InputInvalid'
  /** A condition cannot be evaluated. */
  | 'ConditionFailed'
  /** A subpipe names no workflow. */
  | 'SubpipeInvalid'
  /** A file to retrieve from a sub-repository does not exist. */
  | 'FileNotFound'
  /** The request from the state machine is invalid. */
  | 'RequestInvalid'
  /** S3 or another service denied access: the functions' role lacks the permission. */
  | 'AccessDenied';

/**
 * The reason why a job cannot continue, with a hint. Lambda passes the name to Step Functions as the error and the
 * message as the cause, so the message includes the hint, and the stack trace, which does not help the user, is left
 * out.
 *
 * A retry does not help; for a transient error see {@link TransientFailure}.
 */
export class JobError extends BclawError {
  override readonly name: JobErrorName;

  constructor(name: JobErrorName, message: string, options: { readonly hint: string; readonly cause?: unknown }) {
    super(kebab(name), `${message} ${options.hint}`, options);
    this.name = name;
    this.stack = `${name}: ${this.message}`;
  }
}

/**
 * A service was busy or unreachable for longer than the AWS SDK's retries. The states that call the functions retry on
 * this name.
 */
export class TransientFailure extends Error {
  override readonly name = transientFailure;
}

function kebab(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

/**
 * Runs a function that may throw a `BclawError` and rethrows it under the name for the state machine.
 *
 * @param hint used when the error has none
 */
export function asJobError<Result>(name: JobErrorName, hint: string, run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof BclawError) || cause instanceof JobError) throw cause;
    throw new JobError(name, cause.message, { hint: cause.hint ?? hint, cause });
  }
}
