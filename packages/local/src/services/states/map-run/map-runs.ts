import { randomUUID } from 'node:crypto';
import type { Caller } from '../../../kernel/access/caller.js';
import { callingAs } from '../../../kernel/access/calling-as.js';
import type { EngineContext } from '../../../kernel/service.js';
import type { DistributedMap, MapState, Value } from '../definition/model.js';
import type { Executor } from '../executor.js';
import { effectiveInput, type Scope, templateOf } from '../interpreter/data/data-flow.js';
import { isObject, type Json, parseJson } from '../interpreter/data/json.js';
import { numberOf } from '../interpreter/data/numbers.js';
import { runtimeError, StateError } from '../interpreter/data/state-error.js';
import { pascalCase } from '../interpreter/integrations/member-case.js';
import { optimizedError } from '../interpreter/integrations/service-errors.js';
import { serviceJson } from '../interpreter/integrations/service-json.js';
import type { Clock } from '../interpreter/run/clock.js';
import type { MapRunner } from '../interpreter/run/environment.js';
import { Aborted, endsForeignWork, StateFailure } from '../interpreter/run/outcome-errors.js';
import type { Resumption } from '../interpreter/run/resumption.js';
import type { Run } from '../interpreter/run/run.js';
import { concurrencyOf, itemsIn } from '../interpreter/run/run-map.js';
import type { StateVisit } from '../interpreter/run/thread.js';
import type { Arns } from '../store/arns.js';
import type { MapRunRecord } from '../store/records.js';
import type { Store } from '../store/store.js';
import { readItems } from './item-source.js';
import { MapRunProgress } from './progress.js';
import { type ChildResult, transformed, writeResults } from './result-writer.js';
import { unitsOf } from './units.js';

/** The settings of an open map run that UpdateMapRun can change. */
export interface MapRunSettings {
  readonly maxConcurrency?: number | undefined;
  readonly toleratedFailureCount?: number | undefined;
  readonly toleratedFailurePercentage?: number | undefined;
}

const mostItems = (value: Value<number>, scope: Scope): Promise<number> =>
  numberOf(value, scope, { least: Number.NEGATIVE_INFINITY });

/** The failures that a map run tolerates. */
async function toleranceOf(map: DistributedMap, scope: Scope) {
  const { toleratedFailureCount, toleratedFailurePercentage } = map;
  const any = { least: Number.NEGATIVE_INFINITY };
  const count = toleratedFailureCount && (await numberOf(toleratedFailureCount, scope, any));
  if (count !== undefined && count < 0) throw runtimeError('ToleratedFailureCount cannot be negative.');
  const percentage =
    toleratedFailurePercentage && (await numberOf(toleratedFailurePercentage, scope, { ...any, fraction: true }));
  if (percentage !== undefined && !(percentage >= 0 && percentage <= 100))
    throw runtimeError('ToleratedFailurePercentage must be between 0 and 100.');
  return {
    ...(count === undefined ? {} : { toleratedFailureCount: count }),
    ...(percentage === undefined ? {} : { toleratedFailurePercentage: percentage }),
  };
}

/** Runs distributed Map states: one child execution for every item or batch. */
export class MapRuns implements MapRunner {
  readonly #context: EngineContext;
  readonly #store: Store;
  readonly #arns: Arns;
  readonly #executor: Executor;
  readonly #clock: Clock;
  readonly #open = new Map<string, MapRunProgress>();

  constructor(context: EngineContext, store: Store, arns: Arns, executor: Executor, clock: Clock) {
    this.#context = context;
    this.#store = store;
    this.#arns = arns;
    this.#executor = executor;
    this.#clock = clock;
  }

  /** Returns the progress of a map run that is open in this process. */
  progress(id: string): MapRunProgress | undefined {
    return this.#open.get(id);
  }

  update(record: MapRunRecord, settings: MapRunSettings): void {
    const given = Object.entries(settings).filter(([, value]) => value !== undefined);
    this.#store.mapRuns.set(record.id, { ...record, ...Object.fromEntries(given) });
    this.#open.get(record.id)?.settingsChanged();
  }

  async run(run: Run, visit: StateVisit, state: MapState, scope: Scope, at: Resumption | undefined): Promise<Json> {
    const { thread } = visit;
    const map = state.distributed;
    if (map === undefined) throw new TypeError(`'${state.name}' is not a distributed Map state`);
    const items = map.reader === undefined ? await itemsIn(state, scope) : undefined;
    const record = await this.#begin(run, visit, state, map, scope, at, items?.length ?? 0);
    const begun = thread.cursor;
    run.history.commit();
    const progress = new MapRunProgress(this.#store, this.#executor, record.id, thread.signal);
    this.#open.set(record.id, progress);
    try {
      this.#requireStart(record, run.caller);
      const source = items ?? (await this.#read(map, state, scope, run.caller));
      await progress.process(unitsOf(state, map, scope, source), visit.state.name);
      const result = await this.#result(record, state, map, scope, run.caller);
      this.#end(record, 'SUCCEEDED', progress, map.writer === undefined ? 0 : progress.total);
      thread.add('MapRunSucceeded');
      thread.add('MapStateSucceeded', { name: state.name });
      // Since 2024, the exit in the histories of Step Functions follows the start of the map run.
      thread.cursor = begun;
      return result;
    } catch (thrown) {
      if (thrown instanceof Aborted) {
        if (endsForeignWork(thread.signal)) {
          this.#end(record, 'ABORTED', progress, 0);
          thread.add('MapRunAborted');
        }
        throw thrown;
      }
      if (!(thrown instanceof StateError)) throw thrown;
      this.#end(record, 'FAILED', progress, 0);
      thread.add('MapRunFailed', { error: thrown.error, cause: thrown.cause });
      throw new StateFailure(thrown.error, thrown.cause, thread.cursor);
    } finally {
      this.#open.delete(record.id);
    }
  }

  /** Child executions are started with the permission of the state machine's own role. */
  #requireStart({ machine }: MapRunRecord, caller: Caller): void {
    const resource = this.#arns.machine(machine.split('/')[0] ?? machine);
    const refusal = this.#context.iam?.refusal({ action: 'states:StartExecution', resource }, caller);
    if (refusal !== undefined) throw optimizedError('StepFunctions', refusal);
  }

  async #begin(
    run: Run,
    { thread }: StateVisit,
    state: MapState,
    map: DistributedMap,
    scope: Scope,
    at: Resumption | undefined,
    length: number,
  ): Promise<MapRunRecord> {
    const resumed =
      at?.mapRun === undefined ? undefined : this.#store.mapRuns.get(at.mapRun.slice(at.mapRun.lastIndexOf(':') + 1));
    if (resumed !== undefined) return this.#reopen(resumed, thread, run.redriveCount);
    const parent = this.#store.execution(run.id);
    if (parent === undefined) throw new Error(`there is no execution ${run.id}`);
    const [machine = parent.machine] = parent.machine.split('/');
    const maxConcurrency = await concurrencyOf(state, scope);
    thread.add('MapStateStarted', { length, name: state.name });
    const record: MapRunRecord = {
      id: randomUUID(),
      machine: `${machine}/${map.label ?? randomUUID()}`,
      parent: run.id,
      state: state.name,
      status: 'RUNNING',
      started: this.#clock.now(),
      maxConcurrency,
      ...(await toleranceOf(map, scope)),
    };
    // AWS reads the number of items before the map run starts, and refuses it only afterwards.
    if (map.reader?.maxItems !== undefined) await mostItems(map.reader.maxItems, scope);
    this.#store.mapRuns.set(record.id, record);
    thread.add('MapRunStarted', { mapRunArn: this.#arns.mapRun(record) });
    return record;
  }

  /**
   * Reopens a map run: after a restart it is still RUNNING; after a failure it is redriven together with its parent.
   */
  #reopen(record: MapRunRecord, thread: StateVisit['thread'], redrives: number): MapRunRecord {
    if (record.status === 'RUNNING') return record;
    const { stopped: _, ...rest } = record;
    const redriven: MapRunRecord = { ...rest, status: 'RUNNING', redrives, redriven: this.#clock.now() };
    this.#store.mapRuns.set(record.id, redriven);
    thread.add('MapRunRedriven', { mapRunArn: this.#arns.mapRun(record), redriveCount: redrives });
    return redriven;
  }

  async #read(map: DistributedMap, state: MapState, scope: Scope, caller: Caller): Promise<AsyncIterable<Json>> {
    const { reader } = map;
    if (reader === undefined) throw new TypeError(`'${state.name}' has no ItemReader`);
    const data = effectiveInput(state.data, scope);
    const { language } = state.data;
    const given = await templateOf(
      reader.arguments,
      language === 'JSONata' ? 'Arguments' : 'Parameters',
      language,
      scope,
      data,
    );
    const most = reader.maxItems === undefined ? 0 : await mostItems(reader.maxItems, scope);
    if (most < 0) throw new StateError('States.ItemReaderFailed', 'field MaxItems must be positive');
    return readItems(callingAs(this.#context, caller), reader, given, most === 0 ? Number.POSITIVE_INFINITY : most);
  }

  async #result(
    record: MapRunRecord,
    state: MapState,
    map: DistributedMap,
    scope: Scope,
    caller: Caller,
  ): Promise<Json> {
    const { writer } = map;
    if (writer?.arguments === undefined) {
      const results = await this.#results(record, writer?.transformation === 'NONE');
      const succeeded = results.filter(({ status }) => status === 'SUCCEEDED');
      if (writer !== undefined) return transformed(succeeded, writer.transformation);
      return succeeded.map(({ output }) => (output === undefined ? null : parseJson(output)));
    }
    const { language } = state.data;
    const data = effectiveInput(state.data, scope);
    const field = language === 'JSONata' ? 'Arguments' : 'Parameters';
    const destination = await templateOf(writer.arguments, field, language, scope, data);
    const all = await this.#results(record, true);
    const engine = callingAs(this.#context, caller);
    return writeResults(engine, writer, destination, { id: record.id, arn: this.#arns.mapRun(record) }, all);
  }

  /** Returns the results of the children in the order of their items. */
  async #results(record: MapRunRecord, described: boolean): Promise<readonly ChildResult[]> {
    const children = this.#store.childrenOf(record.id).sort((a, b) => (a.index ?? 0) - (b.index ?? 0));
    const results: ChildResult[] = [];
    for (const child of children) {
      const executionArn = this.#arns.execution(child);
      const answer = described
        ? pascalCase(
            await serviceJson(await this.#context.call('states', 'DescribeExecution', { executionArn }), 'iso'),
          )
        : {};
      const description = isObject(answer) ? answer : {};
      results.push({ status: child.status, description, output: this.#executor.endingOf(child)?.output });
    }
    return results;
  }

  #end(record: MapRunRecord, status: MapRunRecord['status'], progress: MapRunProgress, resultsWritten: number): void {
    const current = this.#store.mapRuns.get(record.id) ?? record;
    this.#store.mapRuns.set(record.id, {
      ...current,
      status,
      stopped: this.#clock.now(),
      totalItems: progress.totalItems,
      totalExecutions: progress.total,
      resultsWritten,
    });
  }
}
