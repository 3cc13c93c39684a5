/**
 * A failure inside a state machine: an error name and a cause, as Retry, Catch and the execution's own failure see them.
 *
 * Names that begin with `States.` are those of the Amazon States Language, Appendix A, as Step Functions uses them
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

/** A definition or path that cannot be worked with at run time: ends the execution, no Retry or Catch sees it. */
export const runtimeError = (cause: string): StateError => new StateError('States.Runtime', cause);

/** A JSONata expression that failed; Retry and Catch may handle it. */
export class QueryEvaluationError extends StateError {
  /** The field whose expression failed, e.g. `Arguments/Bucket`. */
  readonly location: string;

  constructor(cause: string, location: string) {
    super('States.QueryEvaluationError', cause);
    this.location = location;
  }
}
