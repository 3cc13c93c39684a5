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
  /** Names the attempt; the same after a restart. */
  readonly attempt: string;
  /** Aborted when the attempt must end; its reason is an `Aborted`. */
  readonly signal: AbortSignal;
  /** What {@link submitted} recorded before a restart, or undefined. */
  readonly resumed: string | undefined;
  /** Records that the work was handed over, before the attempt is over (TaskSubmitted). */
  submitted(output: string): void;
  /** A sign of life: the heartbeat's time begins anew. */
  heartbeat(): void;
}

/** Calls what a Task's resource names. */
export interface TaskCaller {
  /** @throws StateError with the error name that Step Functions gives */
  call(task: TaskCall): Promise<Json>;
}

/** Runs the child executions of distributed Map states. */
export interface MapRunner {
  /**
   * @param at what was under way before a restart or redrive
   * @returns the Map state's result
   */
  run(run: Run, visit: StateVisit, state: MapState, scope: Scope, at: Resumption | undefined): Promise<Json>;
}

/** The outside of the interpreter: everything that is not a function of the definition and its data. */
export interface Environment {
  readonly engine: EngineContext;
  readonly clock: Clock;
  readonly randomness: Randomness;
  /** Is told whose turn it is. */
  readonly suspects: { atWork(id: string): void };
  readonly tasks: TaskCaller;
  readonly mapRuns: MapRunner;
}
