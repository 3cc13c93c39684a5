import { roleCaller } from '../../kernel/access/session.js';
import { present } from '../../kernel/present.js';
import type { EngineContext } from '../../kernel/service.js';
import { contextObject } from './context-object.js';
import { branchIndexes, processorOf } from './definition/graphs.js';
import type { Definition, StateGraph } from './definition/model.js';
import { parseDefinition } from './definition/parse.js';
import { type Ending, endEvents, endingIn } from './ending.js';
import type { EventDetails, HistoryEvent } from './history/event-record.js';
import { type Cursor, HistoryWriter, readHistory, readRecords, withoutNotes } from './history/history.js';
import { shownError } from './interpreter/data/retry.js';
import { newController } from './interpreter/run/cancellation.js';
import type { Environment } from './interpreter/run/environment.js';
import { Aborted, type AbortKind, StateFailure } from './interpreter/run/outcome-errors.js';
import { payloadFrom } from './interpreter/run/payload.js';
import { type Resumption, resumptionOf } from './interpreter/run/resumption.js';
import type { Run } from './interpreter/run/run.js';
import { runGraph } from './interpreter/run/run-graph.js';
import { Thread } from './interpreter/run/thread.js';
import { publishStatus } from './status-events.js';
import type { Arns } from './store/arns.js';
import type { ExecutionRecord } from './store/records.js';
import type { Store } from './store/store.js';
import type { Suspects } from './suspects.js';

/** An execution that runs in this process. */
interface Active {
  readonly history: HistoryWriter;
  readonly controller: AbortController;
  readonly ended: Promise<Ending>;
  readonly end: (ending: Ending) => void;
  readonly input: string;
}

const beginning: Cursor = { id: 0, data: undefined };

/** Starts, continues and ends executions. */
export class Executor {
  readonly #context: EngineContext;
  readonly #store: Store;
  readonly #arns: Arns;
  readonly #suspects: Suspects;
  readonly #definitions = new Map<string, Definition>();
  readonly #active = new Map<string, Active>();
  #environment: Environment | undefined;
  /** Called after an execution of a state machine has ended. */
  onEnd: (record: ExecutionRecord) => void = () => undefined;

  constructor(context: EngineContext, store: Store, arns: Arns, suspects: Suspects) {
    this.#context = context;
    this.#store = store;
    this.#arns = arns;
    this.#suspects = suspects;
  }

  /**
   * Sets the environment after construction, because executions and the tasks that start executions need each other.
   */
  use(environment: Environment): void {
    this.#environment = environment;
  }

  get #outside(): Environment {
    if (this.#environment === undefined) throw new Error('the executor has no environment yet');
    return this.#environment;
  }

  /** The parsed definition of a revision; revisions are checked before they are stored. */
  definition(revision: string): Definition {
    const known = this.#definitions.get(revision);
    if (known !== undefined) return known;
    const parsed = parseDefinition(this.#store.revisions.get(revision)?.definition ?? '');
    if (!parsed.ok) throw new Error(`the stored definition ${revision} is not valid`);
    this.#definitions.set(revision, parsed.definition);
    return parsed.definition;
  }

  /**
   * Returns the states that an execution runs: the whole definition, or a Map state's processor for a child execution.
   */
  graphOf(record: ExecutionRecord): StateGraph {
    const definition = this.definition(record.revision);
    if (record.mapRun === undefined) return definition;
    const state = this.#store.mapRun(record.mapRun)?.mapRun.state ?? '';
    const processor = processorOf(definition, state);
    if (processor === undefined) throw new Error(`the definition has no Map state '${state}'`);
    return processor;
  }

  events(record: ExecutionRecord): readonly HistoryEvent[] {
    return withoutNotes(this.#records(record));
  }

  /** The history with the notes for recovery. */
  #records(record: ExecutionRecord): readonly HistoryEvent[] {
    return readRecords(this.#store.historyOf(record), record.started);
  }

  /** Returns the input of an execution exactly as it was given. */
  inputOf(record: ExecutionRecord): string {
    const active = this.#active.get(record.id);
    if (active !== undefined) return active.input;
    // The first record of the journal holds the first event.
    const [first] = readHistory(this.#store.historyOf(record).slice(0, 1), record.started);
    const input = first?.details['input'];
    return typeof input === 'string' ? input : '{}';
  }

  /** Returns the ending of an execution, or undefined while it runs. */
  endingOf(record: ExecutionRecord): Ending | undefined {
    const last = record.status === 'RUNNING' ? undefined : this.events(record).at(-1);
    return last === undefined ? undefined : endingIn(last);
  }

  /** Starts a new execution. */
  begin(given: Omit<ExecutionRecord, 'id' | 'status' | 'started'>, input: string): ExecutionRecord {
    const started = this.#outside.clock.now();
    const record = this.#store.addExecution({ ...given, status: 'RUNNING', started });
    const active = this.#activate(record, input, { count: 0, time: started });
    const roleArn = this.#roleArn(record);
    active.history.add(beginning, 'ExecutionStarted', { input, roleArn });
    // Once this method has returned, the input must survive, even if the engine is killed immediately afterwards.
    active.history.commit();
    this.#publish(record, input);
    void this.#run(record, active, undefined);
    return record;
  }

  /** Continues the executions that the journal lists as running. */
  continueAll(): void {
    // Child executions are continued by the map run of their parent.
    for (const record of this.#store.runningExecutions()) if (record.mapRun === undefined) this.continue(record);
  }

  /**
   * Continues one execution after a restart, unless it is already running or its end was recorded just before the
   * restart.
   */
  continue(record: ExecutionRecord): void {
    if (this.#active.has(record.id)) return;
    const records = this.#records(record);
    const events = withoutNotes(records);
    const last = events.at(-1);
    const ending = last === undefined ? undefined : endingIn(last);
    const crashes = this.#suspects.convicted(record.id);
    if (ending === undefined && crashes !== undefined) this.#giveUp(record, events, crashes);
    else if (ending === undefined) this.#resume(record, records);
    else this.#record(record, ending, last?.time ?? record.started, this.inputOf(record));
  }

  /** Reruns an unsuccessful execution from the point of failure. */
  redrive(record: ExecutionRecord): ExecutionRecord {
    this.#store.restore(record);
    const now = this.#outside.clock.now();
    const { stopped: _, ...rest } = record;
    const redriven: ExecutionRecord = {
      ...rest,
      status: 'RUNNING',
      redrives: (record.redrives ?? 0) + 1,
      redriven: now,
    };
    const events = this.events(record);
    const time = events.at(-1)?.time ?? record.started;
    const history = new HistoryWriter(this.#store.history, record.id, () => this.#outside.clock.now(), {
      count: events.length,
      time,
    });
    history.add({ id: events.length, data: undefined }, 'ExecutionRedriven', { redriveCount: redriven.redrives });
    history.commit();
    this.#store.updateExecution(redriven);
    this.#publish(redriven, this.inputOf(record));
    this.#resume(redriven, this.#records(redriven));
    return redriven;
  }

  /** Stops a running execution on request. */
  stop(record: ExecutionRecord, error: string | undefined, cause: string | undefined): void {
    const active = this.#active.get(record.id);
    if (active === undefined) return;
    this.#finish(record, active, { status: 'ABORTED', ...present({ error, cause }) }, beginning, 'stopped');
  }

  /** Resolves when the execution ends, or immediately if it has already ended. */
  async ended(record: ExecutionRecord): Promise<Ending> {
    const active = this.#active.get(record.id);
    if (active !== undefined) return active.ended;
    const now = this.#store.execution(record.id) ?? record;
    return this.endingOf(now) ?? { status: 'ABORTED' };
  }

  /** Pauses all executions without recording anything; the next start continues them. */
  shutdown(): void {
    for (const { history, controller } of this.#active.values()) {
      history.commit();
      history.seal();
      controller.abort(Aborted.by('shutdown'));
    }
    this.#active.clear();
  }

  #roleArn({ revision }: ExecutionRecord): string {
    return this.#store.revisions.get(revision)?.roleArn ?? '';
  }

  /** @param records its history with the notes for recovery */
  #resume(record: ExecutionRecord, records: readonly HistoryEvent[]): void {
    const indexes = branchIndexes(this.definition(record.revision));
    this.#suspects.atWork(record.id);
    const events = withoutNotes(records);
    const at = resumptionOf(records, (state) => indexes.get(state) ?? 0);
    const written = { count: events.length, time: events.at(-1)?.time ?? record.started };
    const active = this.#activate(record, this.inputOf(record), written);
    void this.#run(record, active, at.state === undefined && !at.done ? undefined : at);
  }

  /** Fails an execution that crashed the engine repeatedly, so that it does not crash it again. */
  #giveUp(record: ExecutionRecord, events: readonly HistoryEvent[], crashes: number): void {
    const written = { count: events.length, time: events.at(-1)?.time ?? record.started };
    const active = this.#activate(record, this.inputOf(record), written);
    const cause = `The embedded engine ended ${crashes} times in a row while it worked on this execution, so it does not go on with it.`;
    const ending: Ending = { status: 'FAILED', error: 'States.Runtime', cause };
    this.#finish(record, active, ending, { id: events.length, data: undefined });
    this.#context.log.error(cause, { execution: this.#arns.execution(record) });
  }

  #activate(
    record: ExecutionRecord,
    input: string,
    written: { readonly count: number; readonly time: number },
  ): Active {
    const { clock } = this.#outside;
    const { promise: ended, resolve: end } = promiseWithResolver<Ending>();
    const active: Active = {
      history: new HistoryWriter(this.#store.history, record.id, () => clock.now(), written),
      controller: newController(),
      ended,
      end,
      input,
    };
    this.#active.set(record.id, active);
    return active;
  }

  async #run(record: ExecutionRecord, active: Active, at: Resumption | undefined): Promise<void> {
    const { history, controller } = active;
    const input = payloadFrom(active.input);
    const run: Run = {
      id: record.id,
      redriveCount: record.redrives ?? 0,
      caller: roleCaller(this.#roleArn(record), record.name),
      environment: this.#outside,
      history,
      context: contextObject(this.#arns, record, this.#roleArn(record), input.value),
      deletedMachine: () => this.#deletedMachine(record),
      signal: controller.signal,
    };
    const thread = new Thread(run, controller.signal, { id: 0, data: input.text }, {}, undefined);
    const endLimit = this.#limitTime(record, active);
    try {
      const output = await runGraph(this.graphOf(record), thread, input, at);
      this.#finish(record, active, { status: 'SUCCEEDED', output: output.text }, thread.cursor);
    } catch (thrown) {
      // The code that aborted the execution has already written its end.
      if (controller.signal.aborted) return;
      if (thrown instanceof StateFailure) {
        const { error, cause, cursor } = thrown;
        // AWS omits the empty cause of a timeout.
        const shown = present({ error: shownError(error), cause: cause === '' ? undefined : cause });
        this.#finish(record, active, { status: 'FAILED', ...shown }, cursor);
      } else {
        this.#context.log.error('A state machine execution broke off inside the embedded engine', {
          execution: this.#arns.execution(record),
          error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
        });
        const cause = `Internal error of the embedded engine: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
        this.#finish(record, active, { status: 'FAILED', error: 'States.Runtime', cause }, thread.cursor);
      }
    } finally {
      endLimit();
    }
  }

  #deletedMachine({ machine }: ExecutionRecord): string | undefined {
    // A child execution's state machine is `<name>/<label>`.
    const [name = machine] = machine.split('/');
    return this.#store.machines.get(name)?.status === 'DELETING' ? name : undefined;
  }

  /** Ends the execution when its time limit is reached. Call the returned function to cancel the limit. */
  #limitTime(record: ExecutionRecord, active: Active): () => void {
    const seconds = record.mapRun === undefined ? this.definition(record.revision).timeoutSeconds : undefined;
    if (seconds === undefined) return () => undefined;
    const { clock } = this.#outside;
    const ended = new AbortController();
    const left = (record.redriven ?? record.started) + seconds * 1000 - clock.now();
    clock.sleep(Math.max(0, left), ended.signal).then(
      () => this.#finish(record, active, { status: 'TIMED_OUT' }, beginning, 'timeout'),
      // The execution ended within its time limit.
      () => undefined,
    );
    return () => ended.abort(Aborted.by('stopped'));
  }

  #finish(record: ExecutionRecord, active: Active, ending: Ending, after: Cursor, abort?: AbortKind): void {
    const { history, controller } = active;
    if (this.#active.get(record.id) !== active) return;
    const { output, error, cause } = ending;
    const details: EventDetails = ending.status === 'SUCCEEDED' ? { output } : { error, cause };
    history.add(after, endEvents[ending.status], details);
    history.commit();
    history.seal();
    this.#active.delete(record.id);
    if (abort !== undefined) controller.abort(Aborted.by(abort));
    this.#record(record, ending, history.time, active.input);
    active.end(ending);
  }

  #record(record: ExecutionRecord, ending: Ending, stopped: number, input: string): void {
    const ended: ExecutionRecord = { ...record, status: ending.status, stopped };
    this.#store.updateExecution(ended);
    this.#publish(ended, input, ending);
    this.onEnd(ended);
  }

  #publish(record: ExecutionRecord, input: string, ending?: Ending): void {
    publishStatus(this.#context.events, record, {
      executionArn: this.#arns.execution(record),
      stateMachineArn: this.#arns.machine(record.machine),
      stateMachineVersionArn:
        record.version === undefined ? undefined : this.#arns.machine(record.machine, record.version),
      input,
      output: ending?.output,
      error: ending?.error,
      cause: ending?.cause,
    });
  }
}

function promiseWithResolver<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
