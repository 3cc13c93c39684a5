/**
 * A failure inside a state machine: the error name and cause that Retry, Catch and the failed execution report.
 *
 * Names that begin with `States.` are defined in the Amazon States Language, Appendix A, and used as in Step Functions
 * ("Handling errors in Step Functions workflows").
 */
export class StateError extends Error {
  override readonly name = 'StateError';
  readonly error: string;
  override readonly cause: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.cause = cause;
  }
}

/** A definition or path that is invalid at run time. It ends the execution; Retry and Catch do not apply. */
export const runtimeError = (cause: string): StateError => new StateError('States.Runtime', cause);

/** A failed JSONata expression; Retry and Catch can handle it. */
export class QueryEvaluationError extends StateError {
  /** The field whose expression failed, e.g. `Arguments/Bucket`. */
  readonly location: string;

  constructor(cause: string, location: string) {
    super('States.QueryEvaluationError', cause);
    this.location = location;
  }
}
