import type { Journal, Lists, Table } from '../../../kernel/journal.js';
import type { EventBatch } from '../history/history.js';
import type { ExecutionRecord, MachineRecord, MapRunRecord, RevisionRecord, VersionRecord } from './records.js';

const add = (index: Map<string, string[]>, key: string, id: string) => {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, [id]);
  else ids.push(id);
};

/** The tables of Step Functions in the journal, with the indexes that the operations need. */
export class Store {
  readonly machines: Table<MachineRecord>;
  readonly revisions: Table<RevisionRecord>;
  /** Keyed by `<machine>:<version>`. */
  readonly versions: Table<VersionRecord>;
  readonly mapRuns: Table<MapRunRecord>;
  readonly history: Lists<EventBatch>;
  readonly #executions: Table<ExecutionRecord>;
  readonly #byName = new Map<string, string>();
  readonly #byMachine = new Map<string, string[]>();
  readonly #byMapRun = new Map<string, string[]>();
  readonly #running = new Map<string, number>();
  #last = 0;

  constructor(journal: Journal) {
    this.machines = journal.table('states.machines');
    this.revisions = journal.table('states.revisions');
    this.versions = journal.table('states.versions');
    this.mapRuns = journal.table('states.mapRuns');
    this.history = journal.lists('states.history');
    this.#executions = journal.table('states.executions');
    for (const record of this.#executions.values()) this.#index(record);
  }

  #index(record: ExecutionRecord): void {
    this.#last = Math.max(this.#last, Number.parseInt(record.id, 36));
    this.#byName.set(`${record.machine}:${record.name}`, record.id);
    add(this.#byMachine, record.machine, record.id);
    if (record.mapRun !== undefined) add(this.#byMapRun, record.mapRun, record.id);
    if (record.status === 'RUNNING') this.#count(record, 1);
  }

  #count({ machine }: ExecutionRecord, change: number): void {
    this.#running.set(machine, (this.#running.get(machine) ?? 0) + change);
  }

  /** Adds an execution with a new key. */
  addExecution(record: Omit<ExecutionRecord, 'id'>): ExecutionRecord {
    const added = { id: (this.#last + 1).toString(36), ...record };
    this.#executions.set(added.id, added);
    this.#index(added);
    return added;
  }

  updateExecution(record: ExecutionRecord): void {
    const before = this.#executions.get(record.id);
    this.#executions.set(record.id, record);
    if (before?.status !== record.status && (before?.status === 'RUNNING' || record.status === 'RUNNING')) {
      this.#count(record, record.status === 'RUNNING' ? 1 : -1);
    }
  }

  execution(id: string): ExecutionRecord | undefined {
    return this.#executions.get(id);
  }

  executionNamed(machine: string, name: string): ExecutionRecord | undefined {
    const id = this.#byName.get(`${machine}:${name}`);
    return id === undefined ? undefined : this.#executions.get(id);
  }

  #all(ids: readonly string[] | undefined): ExecutionRecord[] {
    return (ids ?? []).flatMap((id) => this.#executions.get(id) ?? []);
  }

  /** Returns the executions in order of their start. */
  executionsOf(machine: string): ExecutionRecord[] {
    return this.#all(this.#byMachine.get(machine));
  }

  childrenOf(mapRun: string): ExecutionRecord[] {
    return this.#all(this.#byMapRun.get(mapRun));
  }

  runningExecutions(): ExecutionRecord[] {
    return [...this.#executions.values()].filter(({ status }) => status === 'RUNNING');
  }

  runningCount(machine: string): number {
    return this.#running.get(machine) ?? 0;
  }
}
