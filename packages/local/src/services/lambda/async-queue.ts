import type { Table } from '../../kernel/journal.js';
import type { EngineContext } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';
import { type Condition, deliver } from './destinations.js';
import type { WorkerFleet } from './fleet.js';
import type { Outcome } from './function-worker.js';
import type { AsyncEventRecord, EventInvokeConfigRecord } from './model.js';
import { type FunctionRegistry, key, type Target } from './registry.js';

/** Lambda's defaults for asynchronous invocations. */
const defaultRetryAttempts = 2;
const defaultMaximumAgeSeconds = 21_600;
/**
 * Lambda waits one and two minutes before the retries; here a user waits for a failing function at a terminal, so the
 * engine waits as many seconds as Lambda waits minutes.
 */
const retryDelaysMs = [1_000, 2_000];

type Accepted = Pick<AsyncEventRecord, 'requestId' | 'functionName' | 'qualifier' | 'payload' | 'clientContext'>;

/**
 * The events of asynchronous invocations. An event is in the journal from before the caller gets the answer until it
 * was handled, sent to its destination, or dropped. After a crash the engine resumes it, so a function receives it at
 * least once.
 */
export class AsyncQueue {
  readonly #context: EngineContext;
  readonly #registry: FunctionRegistry;
  readonly #fleet: WorkerFleet;
  readonly #events: Table<AsyncEventRecord>;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #stopped = false;

  constructor(context: EngineContext, registry: FunctionRegistry, fleet: WorkerFleet) {
    this.#context = context;
    this.#registry = registry;
    this.#fleet = fleet;
    this.#events = context.journal.table('lambda/async-events');
  }

  /** Resolves when the event is recorded. */
  async accept(event: Accepted): Promise<void> {
    const now = Date.now();
    const record: AsyncEventRecord = { ...event, receivedAt: now, attempts: 0, dueAt: now };
    this.#events.set(record.requestId, record);
    this.#schedule(record);
    await this.#context.journal.flush();
  }

  /** Drops the events of a deleted function: a later one with the same name must not receive them. */
  forget(functionName: string): void {
    for (const record of [...this.#events.values()]) {
      if (record.functionName !== functionName) continue;
      this.#events.delete(record.requestId);
      clearTimeout(this.#timers.get(record.requestId));
      this.#timers.delete(record.requestId);
    }
  }

  /** Resumes the events in the journal. */
  start(): void {
    for (const record of [...this.#events.values()]) this.#schedule(record);
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #schedule(record: AsyncEventRecord): void {
    if (this.#stopped || this.#timers.has(record.requestId)) return;
    const timer = setTimeout(
      () => {
        this.#timers.delete(record.requestId);
        void this.#attempt(record).catch((error: unknown) => this.#attemptBroke(record, error));
      },
      Math.max(0, record.dueAt - Date.now()),
    );
    this.#timers.set(record.requestId, timer);
  }

  async #attempt(record: AsyncEventRecord): Promise<void> {
    const config = this.#configOf(record);
    let target: Target;
    try {
      target = this.#registry.resolve({ name: record.functionName, qualifier: record.qualifier }, Math.random());
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      // The version or alias is gone: no function is left to receive the event.
      this.#events.delete(record.requestId);
      this.#context.log.error('An event was dropped', { requestId: record.requestId, error: error.message });
      return;
    }
    const maximumAgeMs = (config?.maximumEventAgeSeconds ?? defaultMaximumAgeSeconds) * 1000;
    if (Date.now() - record.receivedAt > maximumAgeMs)
      return await this.#settle(record, config, target, 'EventAgeExceeded', undefined);
    if (this.#registry.functions.get(record.functionName)?.reservedConcurrency === 0)
      return await this.#settle(record, config, target, 'RetriesExhausted', undefined);

    if (this.#fleet.isFull) throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', { status: 429 });
    const outcome = await this.#fleet.run(target.version, { ...record, invokedArn: target.invokedArn });
    if (this.#stopped || !this.#events.has(record.requestId)) return;
    const after = { ...record, attempts: record.attempts + 1 };
    if (!outcome.failed) return await this.#settle(after, config, target, 'Success', outcome);
    const delay = retryDelaysMs[record.attempts];
    if (delay === undefined || after.attempts > (config?.maximumRetryAttempts ?? defaultRetryAttempts))
      return await this.#settle(after, config, target, 'RetriesExhausted', outcome);
    const next = { ...after, dueAt: Date.now() + delay };
    this.#events.set(next.requestId, next);
    this.#schedule(next);
  }

  /** The event is finished: its record is sent to the destination, then it is removed. */
  async #settle(
    record: AsyncEventRecord,
    config: EventInvokeConfigRecord | undefined,
    target: Target,
    condition: Condition,
    outcome: Outcome | undefined,
  ): Promise<void> {
    try {
      await deliver(this.#context, { record, target, condition, outcome, config });
    } catch (error) {
      // As in AWS, a record that the destination rejects is lost; this is logged.
      this.#context.log.error('A record of an asynchronous call could not be delivered', {
        requestId: record.requestId,
        error: String(error),
      });
    }
    this.#events.delete(record.requestId);
  }

  /** Not the function's fault: retried without counting an attempt. */
  #attemptBroke(record: AsyncEventRecord, error: unknown): void {
    if (this.#stopped) return;
    this.#context.log.error('An asynchronous call broke', { requestId: record.requestId, error: String(error) });
    const next = { ...record, dueAt: Date.now() + 1_000 };
    this.#events.set(next.requestId, next);
    this.#schedule(next);
  }

  #configOf({ functionName, qualifier }: AsyncEventRecord): EventInvokeConfigRecord | undefined {
    return this.#registry.eventInvokeConfigs.get(key(functionName, qualifier ?? '$LATEST'));
  }
}
