import type { JsonObject } from '../interpreter/data/json.js';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
type MapRunStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';

/** A state machine. Times are milliseconds since 1970. */
export interface MachineRecord {
  readonly name: string;
  readonly status: 'ACTIVE' | 'DELETING';
  readonly type: 'STANDARD' | 'EXPRESS';
  readonly created: number;
  /** The key of its current revision. */
  readonly revision: string;
  /** Absent until the first update, as in Step Functions. */
  readonly revisionId?: string;
  /** The number of the newest version that was ever published; numbers are never used again. */
  readonly newestVersion?: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** The settings that an execution runs with. A running execution keeps the revision that it was started with. */
export interface RevisionRecord {
  /** Absent for the revision that a state machine was created with. */
  readonly revisionId?: string;
  readonly definition: string;
  readonly roleArn: string;
  readonly updated: number;
  readonly loggingConfiguration: JsonObject;
  readonly tracingConfiguration: JsonObject;
}

/** A published version of a state machine. */
export interface VersionRecord {
  readonly machine: string;
  readonly version: number;
  readonly revision: string;
  readonly created: number;
  readonly description?: string;
}

/** An execution; its input, output and failure are in its history. */
export interface ExecutionRecord {
  /** The short key of its history in the journal. */
  readonly id: string;
  readonly name: string;
  /** The state machine's name; for a child execution `<name>/<label>`. */
  readonly machine: string;
  readonly revision: string;
  readonly version?: number;
  readonly status: ExecutionStatus;
  readonly started: number;
  readonly stopped?: number;
  readonly redrives?: number;
  readonly redriven?: number;
  /** For a child execution: its map run, the index of its first item and the number of its items. */
  readonly mapRun?: string;
  readonly index?: number;
  readonly items?: number;
}

/** A map run: the child executions of one distributed Map state. */
export interface MapRunRecord {
  readonly id: string;
  /** `<state machine>/<label>` */
  readonly machine: string;
  /** The parent execution's id. */
  readonly parent: string;
  /** The name of the Map state. */
  readonly state: string;
  readonly status: MapRunStatus;
  readonly started: number;
  readonly stopped?: number;
  readonly maxConcurrency: number;
  /** undefined = not given; without either threshold, one failure is too many. */
  readonly toleratedFailureCount?: number;
  readonly toleratedFailurePercentage?: number;
  /** Known once all items have been read. */
  readonly totalItems?: number;
  readonly totalExecutions?: number;
  readonly resultsWritten?: number;
  readonly redrives?: number;
  readonly redriven?: number;
}
