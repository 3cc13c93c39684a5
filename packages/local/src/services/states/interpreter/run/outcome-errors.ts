import type { Cursor } from '../../history/history.js';

/** The final failure of a state, thrown through its branches up to the execution. */
export class StateFailure extends Error {
  override readonly name = 'StateFailure';
  readonly error: string | undefined;
  override readonly cause: string | undefined;
  /** The event that records the failure; the next event follows it. */
  readonly cursor: Cursor;

  constructor(error: string | undefined, cause: string | undefined, cursor: Cursor) {
    super(`${error ?? 'no error'}: ${cause ?? 'no cause'}`);
    this.error = error;
    this.cause = cause;
    this.cursor = cursor;
  }
}

/**
 * The reason why work was aborted:
 * `stopped` – StopExecution; `timeout` – the execution's own TimeoutSeconds; `task-timeout` – a Task's;
 * `sibling` – another branch failed; `shutdown` – the engine stops and will continue the work when it starts again.
 */
export type AbortKind = 'stopped' | 'timeout' | 'task-timeout' | 'sibling' | 'shutdown';

/**
 * The reason of every abort signal of the interpreter. One instance per kind is reused, because every Task and every
 * execution ends with one.
 */
export class Aborted extends Error {
  override readonly name = 'Aborted';
  readonly kind: AbortKind;
  static readonly #known = new Map<AbortKind, Aborted>();

  private constructor(kind: AbortKind) {
    super(`aborted: ${kind}`);
    this.kind = kind;
  }

  static by(kind: AbortKind): Aborted {
    const known = Aborted.#known.get(kind) ?? new Aborted(kind);
    Aborted.#known.set(kind, known);
    return known;
  }
}

/**
 * Returns true if work outside the execution (a job, another execution) must also be stopped; false when the engine
 * only pauses.
 */
export const endsForeignWork = (signal: AbortSignal): boolean =>
  !(signal.reason instanceof Aborted && signal.reason.kind === 'shutdown');
