import { carriedData, type HistoryEvent } from '../../history/event-record.js';
import { isNote } from '../../history/event-types.js';
import type { Cursor } from '../../history/history.js';
import type { Variables } from '../data/data-flow.js';
import { isObject, parseJson } from '../data/json.js';

/** The position of a thread at the end of the history, from which a restart or a redrive continues. */
export interface Resumption {
  /** The current state; undefined when it has not entered one, or has left its last one. */
  readonly state: string | undefined;
  /** The state's input, or the thread's output when it is done. */
  readonly data: string;
  /** True when it has left its last state. */
  readonly done: boolean;
  /** The position before the event that entered the state. */
  readonly before: Cursor;
  readonly enteredId: number;
  readonly enteredTime: number;
  readonly variables: Variables;
  /** The last event in its chain. */
  readonly cursor: Cursor;
  /** The failed attempts since it entered the state, oldest first. */
  readonly failures: readonly Failure[];
  /** The current attempt of a Task. */
  readonly task: { readonly submitted: string | undefined; readonly time: number } | undefined;
  /** The branches of a Parallel or inline Map state, by index. */
  readonly branches: { readonly started: Cursor; readonly open: ReadonlyMap<number, Resumption> } | undefined;
  /** The map run of a distributed Map state. */
  readonly mapRun: string | undefined;
}

interface Failure {
  readonly error: string | undefined;
  readonly time: number;
}

class ThreadState {
  readonly parent: ThreadState | undefined;
  state: string | undefined;
  data = '{}';
  done = false;
  before: Cursor = { id: 0, data: undefined };
  enteredId = 0;
  enteredTime = 0;
  variables: Variables;
  cursor: Cursor = { id: 0, data: undefined };
  failures: Failure[] = [];
  task: Resumption['task'];
  started: Cursor | undefined;
  children = new Map<number, ThreadState>();
  mapRun: string | undefined;
  /** The attempt in {@link started} or {@link mapRun} has ended; only a redrive continues it. */
  attemptFailed = false;

  constructor(parent: ThreadState | undefined) {
    this.parent = parent;
    this.variables = parent?.variables ?? {};
  }

  enter(event: HistoryEvent, name: string, data: string): void {
    this.state = name;
    this.data = data;
    this.done = false;
    this.before = this.cursor;
    this.enteredId = event.id;
    this.enteredTime = event.time;
    this.failures = [];
    this.rest();
  }

  /** Resets the progress inside the state. */
  rest(): void {
    this.task = undefined;
    this.started = undefined;
    this.children = new Map();
    this.mapRun = undefined;
    this.attemptFailed = false;
  }

  /** A redrive restarts the unsuccessful states and keeps the branches that succeeded. */
  reopen(): void {
    this.failures = [];
    this.task = undefined;
    this.attemptFailed = false;
    for (const child of this.children.values()) if (!child.done) child.reopen();
  }

  snapshot(): Resumption {
    const started = this.attemptFailed ? undefined : this.started;
    const open = new Map([...this.children].map(([index, child]) => [index, child.snapshot()] as const));
    return {
      state: this.state,
      data: this.data,
      done: this.done,
      before: this.before,
      enteredId: this.enteredId,
      enteredTime: this.enteredTime,
      variables: this.variables,
      cursor: this.cursor,
      failures: this.failures,
      task: this.task,
      branches: started === undefined ? undefined : { started, open },
      mapRun: this.attemptFailed ? undefined : this.mapRun,
    };
  }
}

/** The events that end an attempt of a state. */
const failureTypes: ReadonlySet<string> = new Set([
  'TaskFailed',
  'TaskTimedOut',
  'TaskStartFailed',
  'TaskSubmitFailed',
  'LambdaFunctionFailed',
  'LambdaFunctionTimedOut',
  'ParallelStateFailed',
  'MapStateFailed',
  'EvaluationFailed',
  'StateRetried',
]);

const followsBranch = /^(?:(?:Parallel|Map)State(?:Started|Succeeded|Failed|Exited)|MapIterationStarted|StateRetried)$/;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

function assignedIn(event: HistoryEvent): Variables {
  const { assignedVariables } = event.details;
  if (assignedVariables === undefined || !isObject(assignedVariables)) return {};
  return Object.fromEntries(Object.entries(assignedVariables).map(([name, json]) => [name, parseJson(text(json))]));
}

/** Replays a history to find the positions of its threads. */
class Replay {
  readonly root = new ThreadState(undefined);
  readonly #owners = new Map<number, ThreadState>();
  readonly #branchOf: (state: string) => number;
  readonly #data: (string | undefined)[] = [];

  constructor(branchOf: (state: string) => number) {
    this.#branchOf = branchOf;
  }

  apply(event: HistoryEvent): void {
    if (isNote(event.type)) {
      this.#step(this.#threadOf(event), event);
      return;
    }
    this.#data[event.id] = carriedData(event) ?? this.#data[Math.max(event.previousEventId, 1)];
    if (event.type === 'ExecutionStarted') {
      this.root.data = this.#data[event.id] ?? '{}';
      this.root.cursor = { id: 0, data: this.root.data };
    } else if (event.type === 'ExecutionRedriven') this.root.reopen();
    else if (!event.type.startsWith('Execution')) {
      const thread = this.#threadOf(event);
      this.#owners.set(event.id, thread);
      this.#step(thread, event);
      thread.cursor = { id: event.id, data: this.#data[event.id] };
    }
  }

  #threadOf(event: HistoryEvent): ThreadState {
    const before = this.#owners.get(event.previousEventId) ?? this.root;
    const begins = before.started?.id === event.previousEventId;
    if (begins && event.type.endsWith('StateEntered')) {
      return this.#child(before, this.#branchOf(text(event.details['name'])), event.previousEventId);
    }
    if (event.type === 'EvaluationFailed') {
      // In the first state of a branch, this event follows the one that started the branches.
      const state = text(event.details['state']);
      return begins ? ([...before.children.values()].find((child) => child.state === state) ?? before) : before;
    }
    if (!followsBranch.test(event.type)) return before;
    // These events follow the last event of a branch and belong to the thread that is in the named state.
    let owner: ThreadState | undefined = before;
    while (owner !== undefined && owner.state !== event.details['name']) owner = owner.parent;
    if (event.type !== 'MapIterationStarted') return owner ?? before;
    return this.#child(owner ?? before, Number(event.details['index']), event.previousEventId);
  }

  #child(parent: ThreadState, index: number, after: number): ThreadState {
    const child = new ThreadState(parent);
    child.cursor = { id: after, data: this.#data[Math.max(after, 1)] };
    parent.children.set(index, child);
    return child;
  }

  #step(thread: ThreadState, event: HistoryEvent): void {
    const { type, details, time, id } = event;
    const data = this.#data[id];
    if (type.endsWith('StateEntered')) thread.enter(event, text(details['name']), data ?? '{}');
    else if (type.endsWith('StateExited')) {
      thread.state = undefined;
      thread.done = true;
      thread.data = data ?? '{}';
      thread.variables = { ...thread.variables, ...assignedIn(event) };
      thread.rest();
    } else if (type === 'TaskScheduled' || type === 'LambdaFunctionScheduled') {
      thread.task = { submitted: undefined, time };
    } else if (type === 'TaskSubmitted') {
      if (thread.task !== undefined) thread.task = { ...thread.task, submitted: text(details['output']) };
    } else if (type === 'ParallelStateStarted' || type === 'MapStateStarted') {
      thread.rest();
      thread.started = { id, data };
    } else if (type === 'MapRunStarted') thread.mapRun = text(details['mapRunArn']);
    else if (failureTypes.has(type)) {
      const { error } = details;
      thread.failures.push({ error: typeof error === 'string' ? error : undefined, time });
      thread.task = undefined;
      thread.attemptFailed = true;
    }
  }
}

/**
 * Finds the position of every thread of an execution.
 *
 * @param branchOf returns the index of the Parallel branch that starts with a state; state names are unique in a
 *   definition
 */
export function resumptionOf(events: readonly HistoryEvent[], branchOf: (state: string) => number): Resumption {
  const replay = new Replay(branchOf);
  for (const event of events) replay.apply(event);
  return replay.root.snapshot();
}
