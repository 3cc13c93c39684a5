import type { Caller } from '../../../../kernel/access/caller.js';
import type { HistoryWriter } from '../../history/history.js';
import type { JsonObject } from '../data/json.js';
import type { Environment } from './environment.js';

/** A running execution. */
export interface Run {
  /** The short key of the execution in the journal. */
  readonly id: string;
  readonly redriveCount: number;
  /** The session of the state machine's role, with which it calls services. */
  readonly caller: Caller;
  readonly environment: Environment;
  readonly history: HistoryWriter;
  /** `Execution` and `StateMachine` in the context object. */
  readonly context: JsonObject;
  /** Returns the state machine's name if it is being deleted; the next transition then ends the execution. */
  readonly deletedMachine: () => string | undefined;
  /** Aborted when the execution is ended from outside. */
  readonly signal: AbortSignal;
}
