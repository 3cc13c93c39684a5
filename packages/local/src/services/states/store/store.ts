import type { Journal, Lists, Table } from '../../../kernel/journal.js';
import type { Archive, EndedExecution, Expired } from '../archive/archive.js';
import type { EventBatch } from '../history/history.js';
import type { ExecutionRecord, MachineRecord, MapRunRecord, RevisionRecord, VersionRecord } from './records.js';

const add = (index: Map<string, string[]>, key: string, id: string) => {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, [id]);
  else ids.push(id);
};

function remove(index: Map<string, string[]>, key: string, id: string): void {
  const ids = index.get(key);
  const at = ids?.indexOf(id) ?? -1;
  if (ids === undefined || at < 0) return;
  ids.splice(at, 1);
  if (ids.length === 0) index.delete(key);
}

const numberOf = ({ id }: ExecutionRecord): number => Number.parseInt(id, 36);

/** Ended executions that stay in memory, where most questions about them come from. */
const keptInMemory = 1_000;

/**
 * The tables of Step Functions in the journal, with the indexes that the operations need. Ended executions, all but the
 * last thousand, are in the archive on disk.
 */
export class Store {
  readonly machines: Table<MachineRecord>;
  readonly revisions: Table<RevisionRecord>;
  /** Keyed by `<machine>:<version>`. */
  readonly versions: Table<VersionRecord>;
  /** The map runs of executions in memory. */
  readonly mapRuns: Table<MapRunRecord>;
  /** The histories of executions in memory. */
  readonly history: Lists<EventBatch>;
  readonly #archive: Archive;
  readonly #kept: number;
  readonly #executions: Table<ExecutionRecord>;
  /** The revisions of archived executions, and in `last` the highest number of an archived execution. */
  readonly #archived: Table<number>;
  readonly #byName = new Map<string, string>();
  readonly #byMachine = new Map<string, string[]>();
  readonly #byMapRun = new Map<string, string[]>();
  readonly #running = new Map<string, number>();
  /** Ended executions that are no children, in the order in which they ended. */
  readonly #ended = new Set<string>();
  #last = 0;

  /** @param kept ended executions that stay in memory */
  constructor(journal: Journal, archive: Archive, kept = keptInMemory) {
    this.#archive = archive;
    this.#kept = kept;
    this.machines = journal.table('states/machines');
    this.revisions = journal.table('states/revisions');
    this.versions = journal.table('states/versions');
    this.mapRuns = journal.table('states/map-runs');
    this.history = journal.lists('states/history');
    this.#executions = journal.table('states/executions');
    this.#archived = journal.table('states/archived');
    for (const record of this.#executions.values()) this.#index(record);
    const ended = [...this.#executions.values()].filter(({ status }) => status !== 'RUNNING');
    for (const record of ended.sort((a, b) => (a.stopped ?? 0) - (b.stopped ?? 0))) this.#noteEnd(record);
    this.#last = Math.max(this.#last, this.#archived.get('last') ?? 0, journal.whole ? 0 : archive.highest());
  }

  #index(record: ExecutionRecord): void {
    this.#last = Math.max(this.#last, numberOf(record));
    this.#byName.set(`${record.machine}:${record.name}`, record.id);
    add(this.#byMachine, record.machine, record.id);
    if (record.mapRun !== undefined) add(this.#byMapRun, record.mapRun, record.id);
    if (record.status === 'RUNNING') this.#count(record, 1);
  }

  #count({ machine }: ExecutionRecord, change: number): void {
    const count = (this.#running.get(machine) ?? 0) + change;
    if (count === 0) this.#running.delete(machine);
    else this.#running.set(machine, count);
  }

  #noteEnd({ id, status, mapRun }: ExecutionRecord): void {
    this.#ended.delete(id);
    if (status !== 'RUNNING' && mapRun === undefined) this.#ended.add(id);
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
      this.#noteEnd(record);
    }
  }

  /** Returns an execution in memory: one that runs, has ended lately, or belongs to a running one. */
  execution(id: string): ExecutionRecord | undefined {
    return this.#executions.get(id);
  }

  executionNamed(machine: string, name: string): ExecutionRecord | undefined {
    const id = this.#byName.get(`${machine}:${name}`);
    return id === undefined ? this.#archive.find(machine, name) : this.#executions.get(id);
  }

  #all(ids: readonly string[] | undefined): ExecutionRecord[] {
    return (ids ?? []).flatMap((id) => this.#executions.get(id) ?? []);
  }

  /** The executions of a state machine, the one that started last first. */
  executionsOf(machine: string): Generator<ExecutionRecord> {
    return this.#newest(machine, this.#byMachine.get(machine));
  }

  /** The children of a map run, in no particular order. */
  childrenOf(mapRun: string): ExecutionRecord[] {
    return [...this.#newest(mapRun, this.#byMapRun.get(mapRun))];
  }

  /** Merges those in memory with those in the archive; what is in both is in memory as it is now. */
  *#newest(group: string, ids: readonly string[] | undefined): Generator<ExecutionRecord> {
    const recent = this.#all(ids).sort((a, b) => numberOf(b) - numberOf(a));
    let next = 0;
    for (const old of this.#archive.newest(group)) {
      for (let record = recent[next]; record !== undefined && numberOf(record) > numberOf(old); record = recent[next]) {
        yield record;
        next += 1;
      }
      if (!this.#executions.has(old.id)) yield old;
    }
    yield* recent.slice(next);
  }

  /** The history of an execution, in memory or not. */
  historyOf(record: ExecutionRecord): readonly EventBatch[] {
    return this.#executions.has(record.id) ? this.history.read(record.id) : this.#archive.history(record);
  }

  /** A map run, and the execution that started it, in memory or not. */
  mapRun(id: string): { readonly mapRun: MapRunRecord; readonly parent: ExecutionRecord } | undefined {
    const mapRun = this.mapRuns.get(id);
    const parent = mapRun && this.#executions.get(mapRun.parent);
    return mapRun === undefined || parent === undefined ? this.#archive.findMapRun(id) : { mapRun, parent };
  }

  /** The map runs that an execution started, in the order of their start. */
  mapRunsOf(record: ExecutionRecord): readonly MapRunRecord[] {
    if (!this.#executions.has(record.id)) return this.#archive.mapRunsOf(record);
    return [...this.mapRuns.values()].filter(({ parent }) => parent === record.id);
  }

  runningExecutions(): ExecutionRecord[] {
    return [...this.#executions.values()].filter(({ status }) => status === 'RUNNING');
  }

  runningCount(machine: string): number {
    return this.#running.get(machine) ?? 0;
  }

  /** Returns true if an execution, in memory or not, has this revision. */
  isExecuted(machine: string, revision: string): boolean {
    return (
      this.#archived.has(revision) || this.#all(this.#byMachine.get(machine)).some((own) => own.revision === revision)
    );
  }

  /**
   * Moves ended executions from memory to the archive, the oldest first, when there are many more than stay in memory.
   * They are in both when the engine is killed in between.
   */
  archiveOld(): void {
    const most = this.#kept + Math.ceil(this.#kept / 5);
    if (this.#ended.size > most) this.#move([...this.#ended].slice(0, this.#ended.size - this.#kept));
  }

  #move(ids: readonly string[]): void {
    const mapRuns = new Map<string, MapRunRecord[]>();
    for (const mapRun of this.mapRuns.values())
      mapRuns.set(mapRun.parent, [...(mapRuns.get(mapRun.parent) ?? []), mapRun]);
    const withChildren = (record: ExecutionRecord): EndedExecution[] => {
      const own = mapRuns.get(record.id) ?? [];
      const children = own.flatMap(({ id }) => this.#all(this.#byMapRun.get(id)));
      return [{ record, mapRuns: own, history: this.history.read(record.id) }, ...children.flatMap(withChildren)];
    };
    const moved = this.#all(ids).flatMap(withChildren);
    this.#archive.add(moved);
    this.#archived.set('last', this.#last);
    for (const execution of moved) this.#forget(execution);
  }

  #forget({ record, mapRuns }: EndedExecution): void {
    const { id, machine, name, mapRun, revision } = record;
    if (!this.#archived.has(revision)) this.#archived.set(revision, 1);
    this.#executions.delete(id);
    this.history.delete(id);
    for (const own of mapRuns) this.mapRuns.delete(own.id);
    this.#byName.delete(`${machine}:${name}`);
    remove(this.#byMachine, machine, id);
    if (mapRun !== undefined) remove(this.#byMapRun, mapRun, id);
    this.#ended.delete(id);
  }

  /** Brings an execution back from the archive, with its map runs and their children, to be redriven. */
  restore(record: ExecutionRecord): void {
    if (this.#executions.has(record.id)) return;
    const mapRuns = this.#archive.mapRunsOf(record);
    const history = this.#archive.history(record);
    this.#executions.set(record.id, record);
    for (const batch of history) this.history.append(record.id, batch);
    this.#index(record);
    this.#noteEnd(record);
    for (const mapRun of mapRuns) {
      this.mapRuns.set(mapRun.id, mapRun);
      for (const child of this.#archive.newest(mapRun.id)) this.restore(child);
    }
  }

  /**
   * Removes the executions that ended before a time, in memory or not.
   *
   * @param before milliseconds since 1970
   */
  async expire(before: number, dryRun: boolean): Promise<Expired> {
    const old = this.#all([...this.#ended]).filter(({ stopped }) => (stopped ?? before) < before);
    // They are counted and removed as archived ones.
    if (old.length > 0) this.#move(old.map(({ id }) => id));
    return this.#archive.expire(before, dryRun);
  }
}
