/**
 * A failure inside a state machine: the error name and cause that Retry, Catch and the failed execution report.
 *
 * Names that begin with `States.` are defined in the Amazon States Language, Appendix A, and used as in Step Functions
 * ("Handling errors in Step Functions workflows").
 */
export class StateError extends Error {
  override readonly name = 'StateError';
  /** undefined when the failure has no name: a Fail state without Error, a SendTaskFailure without error. */
  readonly error: string | undefined;
  override readonly cause: string | undefined;

  constructor(error: string | undefined, cause: string | undefined) {
    super(`${error ?? 'no error'}: ${cause ?? 'no cause'}`);
    this.error = error;
    this.cause = cause;
  }
}

/** A definition or path that is invalid at run time. It ends the execution; Retry and Catch do not apply. */
export const runtimeError = (cause: string): StateError => new StateError('States.Runtime', cause);

/** A failed JSONata expression, or one with a value of the wrong type; Retry and Catch can handle it. */
export class QueryEvaluationError extends StateError {
  /** The field whose expression failed, e.g. `Arguments/Bucket`; undefined for a Map state's input. */
  readonly location: string | undefined;
  override readonly cause: string;

  constructor(cause: string, location: string | undefined) {
    super('States.QueryEvaluationError', cause);
    this.cause = cause;
    this.location = location;
  }
}
