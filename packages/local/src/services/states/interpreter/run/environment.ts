import type { Caller } from '../../../../kernel/access/caller.js';
import type { EngineContext } from '../../../../kernel/service.js';
import type { MapState, TaskResource } from '../../definition/model.js';
import type { Scope } from '../data/data-flow.js';
import type { Json } from '../data/json.js';
import type { Randomness } from '../data/randomness.js';
import type { Clock } from './clock.js';
import type { Resumption } from './resumption.js';
import type { Run } from './run.js';
import type { StateVisit } from './thread.js';

/** One attempt of a Task. */
export interface TaskCall {
  readonly resource: TaskResource;
  readonly input: Json;
  /** Whose permissions the call needs. */
  readonly caller: Caller;
  /** Identifies the attempt; the same after a restart. */
  readonly attempt: string;
  /** Aborted when the attempt must end; its reason is an `Aborted`. */
  readonly signal: AbortSignal;
  /** The output that {@link submitted} recorded before a restart, or undefined. */
  readonly resumed: string | undefined;
  /** Records that the work was submitted, before the attempt has ended (TaskSubmitted). */
  submitted(output: string): void;
  /** Reports a heartbeat, which restarts the heartbeat timeout. */
  heartbeat(): void;
}

/** Calls the resource of a Task. */
export interface TaskCaller {
  /** @throws StateError with the error name that Step Functions gives */
  call(task: TaskCall): Promise<Json>;
}

/** Runs the child executions of distributed Map states. */
export interface MapRunner {
  /**
   * @param at the progress before a restart or redrive
   * @returns the Map state's result
   */
  run(run: Run, visit: StateVisit, state: MapState, scope: Scope, at: Resumption | undefined): Promise<Json>;
}

/** The interpreter's dependencies: everything that is not a function of the definition and its data. */
export interface Environment {
  readonly engine: EngineContext;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Notified before the engine works on an execution. */
  readonly suspects: { atWork(id: string): void };
  readonly tasks: TaskCaller;
  readonly mapRuns: MapRunner;
}
