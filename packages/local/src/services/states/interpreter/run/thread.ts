import type { State } from '../../definition/model.js';
import type { EventDetails } from '../../history/event-record.js';
import type { EventType } from '../../history/event-types.js';
import type { Cursor } from '../../history/history.js';
import type { Scope, Variables } from '../data/data-flow.js';
import type { JsonObject } from '../data/json.js';
import type { Payload } from './payload.js';
import type { Run } from './run.js';

/** A thread of control: the execution itself, a branch of a Parallel state or an iteration of a Map state. */
export class Thread {
  readonly run: Run;
  /** Aborted when the execution ends or a sibling fails. */
  readonly signal: AbortSignal;
  /** `Map` in the context object, inside an iteration. */
  readonly map: JsonObject | undefined;
  variables: Variables;
  cursor: Cursor;

  constructor(run: Run, signal: AbortSignal, cursor: Cursor, variables: Variables, map: JsonObject | undefined) {
    this.run = run;
    this.signal = signal;
    this.cursor = cursor;
    this.variables = variables;
    this.map = map;
  }

  /** Adds an event to this thread's chain. */
  add(type: EventType, details?: EventDetails): void {
    this.cursor = this.run.history.add(this.cursor, type, details);
  }

  /** Creates a branch. It can read the variables of this thread; its own are not visible outside it. */
  fork(signal: AbortSignal, map: JsonObject | undefined = this.map): Thread {
    return new Thread(this.run, signal, this.cursor, this.variables, map);
  }
}

/** One visit of a thread to a state. */
export interface StateVisit {
  readonly thread: Thread;
  readonly state: State;
  readonly input: Payload;
  /** The position before the event that entered the state. */
  readonly before: Cursor;
  /** Id of the event that entered the state. */
  readonly enteredId: number;
  readonly enteredTime: number;
}

/**
 * Returns the data that is available to the state's expressions.
 *
 * @param retries number of retries; undefined for a state that cannot be retried, whose context object has no
 *   `RetryCount`
 */
export function scopeOf({ thread, state, input, enteredTime }: StateVisit, retries?: number): Scope {
  const context: JsonObject = {
    ...thread.run.context,
    State: {
      Name: state.name,
      EnteredTime: new Date(enteredTime).toISOString(),
      ...(retries === undefined ? {} : { RetryCount: retries }),
    },
    ...(thread.map === undefined ? {} : { Map: thread.map }),
  };
  return {
    input: input.value,
    context,
    variables: thread.variables,
    randomness: thread.run.environment.randomness,
  };
}
