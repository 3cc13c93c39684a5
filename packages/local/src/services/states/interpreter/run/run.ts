import type { HistoryWriter } from '../../history/history.js';
import type { JsonObject } from '../data/json.js';
import type { Environment } from './environment.js';

/** One execution on its way. */
export interface Run {
  /** The short key of the execution in the journal. */
  readonly id: string;
  readonly redriveCount: number;
  readonly environment: Environment;
  readonly history: HistoryWriter;
  /** `Execution` and `StateMachine` of the context object. */
  readonly context: JsonObject;
  /** The state machine's name once it is being deleted: then the next transition ends the execution. */
  readonly deletedMachine: () => string | undefined;
  /** Aborted when the execution ends from outside. */
  readonly signal: AbortSignal;
}
