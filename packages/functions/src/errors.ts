import { transientFailure } from '@bclaw/spec/contract';
import { BclawError } from '@bclaw/spec/run-time';

/** The names under which a state machine sees why a job cannot go on; a `Catch` or an alarm may tell them apart. */
export type JobErrorName =
  /** The job file, or the version of it that the event named, is not there. */
  | 'JobFileNotFound'
  /** The job file is no JSON object. */
  | 'JobFileInvalid'
  /** What bclaw wrote into the repository for the job's later steps is gone. */
  | 'JobDataNotFound'
  /** The template's repository cannot be made into an S3 prefix from this job's data. */
  | 'RepositoryInvalid'
  /** A `${job.…}`, `${scatter.…}` or `${parent.…}` has no value. */
  | 'ValueMissing'
  /** The file that a scatter takes its items from is not there. */
  | 'SourceNotFound'
  /** A scatter's source gives no list of items. */
  | 'SourceInvalid'
  /** More branches than Step Functions takes. */
  | 'TooManyItems'
  /** A bucket that a template names is not there. */
  | 'BucketNotFound'
  /** A file that a chooser's conditions read is not there. */
  | 'InputNotFound'
  /** It is there, but it is not JSON. */
  | 'InputInvalid'
  /** A condition cannot be evaluated. */
  | 'ConditionFailed'
  /** A subpipe names no workflow. */
  | 'SubpipeInvalid'
  /** A file to retrieve from a sub-repository is not there. */
  | 'FileNotFound'
  /** What the state machine sent is not what this function takes. */
  | 'RequestInvalid'
  /** S3 or another service refused: the functions' role may not do this. */
  | 'AccessDenied';

/**
 * Why a job cannot go on, for a person to act on. Lambda hands the name to Step Functions as the error and the message as
 * the cause, so the remedy is part of the message and the stack trace, which says nothing to that person, is left out.
 *
 * Trying again does not help against it; what may pass by itself is a {@link TransientFailure}.
 */
export class JobError extends BclawError {
  override readonly name: JobErrorName;

  constructor(name: JobErrorName, message: string, options: { readonly remedy: string; readonly cause?: unknown }) {
    super(kebab(name), `${message} ${options.remedy}`, options);
    this.name = name;
    this.stack = `${name}: ${this.message}`;
  }
}

/**
 * A service was busy or out of reach, for longer than the AWS SDK kept trying. The states that call the functions try
 * again on this name.
 */
export class TransientFailure extends Error {
  override readonly name = transientFailure;
}

function kebab(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

/**
 * Runs what may throw a `BclawError` and gives that the name under which a state machine shall see it.
 *
 * @param remedy the way out, when the error names none itself
 */
export function asJobError<Result>(name: JobErrorName, remedy: string, run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    if (!(cause instanceof BclawError) || cause instanceof JobError) throw cause;
    throw new JobError(name, cause.message, { remedy: cause.remedy ?? remedy, cause });
  }
}
