import type { State } from '../../definition/model.js';
import type { EventDetails } from '../../history/event-record.js';
import type { EventType } from '../../history/event-types.js';
import type { Cursor } from '../../history/history.js';
import type { Scope, Variables } from '../data/data-flow.js';
import type { JsonObject } from '../data/json.js';
import type { Payload } from './payload.js';
import type { Run } from './run.js';

/** A line of control: the execution itself, a branch of a Parallel state or an iteration of a Map state. */
export class Thread {
  readonly run: Run;
  /** Aborted when the execution or a sibling ends this thread. */
  readonly signal: AbortSignal;
  /** `Map` of the context object, inside an iteration. */
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

  /** A branch; it sees the variables of this thread and keeps its own to itself. */
  fork(signal: AbortSignal, map: JsonObject | undefined = this.map): Thread {
    return new Thread(this.run, signal, this.cursor, this.variables, map);
  }
}

/** One stay of a thread in a state. */
export interface StateVisit {
  readonly thread: Thread;
  readonly state: State;
  readonly input: Payload;
  /** The event of its entry. */
  readonly enteredId: number;
  readonly enteredTime: number;
}

/** What the state's expressions see. */
export function scopeOf({ thread, state, input, enteredTime }: StateVisit, retryCount = 0): Scope {
  const context: JsonObject = {
    ...thread.run.context,
    State: { Name: state.name, EnteredTime: new Date(enteredTime).toISOString(), RetryCount: retryCount },
    ...(thread.map === undefined ? {} : { Map: thread.map }),
  };
  return {
    input: input.value,
    context,
    variables: thread.variables,
    randomness: thread.run.environment.randomness,
  };
}
