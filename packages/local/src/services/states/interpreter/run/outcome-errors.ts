import type { Cursor } from '../../history/history.js';

/** A state that failed for good, on its way out of branches up to the execution. */
export class StateFailure extends Error {
  override readonly name = 'StateFailure';
  readonly error: string;
  override readonly cause: string;
  /** The event that tells of the failure: what the next event follows. */
  readonly cursor: Cursor;

  constructor(error: string, cause: string, cursor: Cursor) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.cause = cause;
    this.cursor = cursor;
  }
}

/**
 * Why work was broken off:
 * `stopped` – StopExecution; `timeout` – the execution's own TimeoutSeconds; `task-timeout` – a Task's;
 * `sibling` – another branch failed; `shutdown` – the engine stops and will continue the work when it starts again.
 */
export type AbortKind = 'stopped' | 'timeout' | 'task-timeout' | 'sibling' | 'shutdown';

/** The reason of every abort signal of the interpreter. There is one for each kind: every Task and every execution ends with one. */
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

/** Whether what was started elsewhere (a job, an execution) must be stopped too: not when the engine merely pauses. */
export const endsForeignWork = (signal: AbortSignal): boolean =>
  !(signal.reason instanceof Aborted && signal.reason.kind === 'shutdown');
