import { BclawError } from '@bclaw/spec';

/** The names under which a state machine sees why a job cannot begin; a `Catch` or an alarm may tell them apart. */
export type JobErrorName =
  /** The job file, or the version of it that the event named, is not there. */
  | 'JobFileNotFound'
  /** The job file is no JSON object. */
  | 'JobFileInvalid'
  /** The template's repository cannot be made into an S3 prefix from this job's data. */
  | 'RepositoryInvalid'
  /** What the state machine sent is not what this function takes. */
  | 'RequestInvalid'
  /** S3 refused: the functions' role may not do this. */
  | 'AccessDenied';

/**
 * Why a job cannot go on, for a person to act on. Lambda hands the name to Step Functions as the error and the message as
 * the cause, so the remedy is part of the message and the stack trace, which says nothing to that person, is left out.
 */
export class JobError extends BclawError {
  override readonly name: JobErrorName;

  constructor(name: JobErrorName, message: string, options: { readonly remedy: string; readonly cause?: unknown }) {
    super(kebab(name), `${message} ${options.remedy}`, options);
    this.name = name;
    this.stack = `${name}: ${this.message}`;
  }
}

function kebab(name: string): string {
  return name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
