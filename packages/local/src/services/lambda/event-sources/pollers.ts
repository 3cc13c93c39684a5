import { randomUUID } from 'node:crypto';
import type { Caller } from '../../../kernel/access/caller.js';
import { roleCaller } from '../../../kernel/access/session.js';
import type { Table } from '../../../kernel/journal.js';
import type { EngineContext } from '../../../kernel/service.js';
import { AwsError } from '../../../wire/aws-error.js';
import type { WorkerFleet } from '../fleet.js';
import type { EventSourceMappingRecord } from '../model.js';
import type { FunctionRegistry } from '../registry.js';
import { failedMessages, messagesOf, queueEvent, type ReceivedMessage } from './queue-event.js';
import { visibilityTimeout } from './visibility-timeout.js';

/** Lambda starts with five concurrent batches of a standard queue. */
const ownConcurrency = 5;
/** Most messages of one ReceiveMessage. */
const mostReceived = 10;
const longPollSeconds = 20;
/** Delay after a response that was no response: the queue is gone, or the engine is out of order. */
const brokenDelayMs = 1_000;
/** Delay between tries to invoke a function that has no concurrency left. */
const throttledDelayMs = 500;

/** Messages that a poller holds: after a crash the engine returns them to their queue. */
interface Held {
  readonly queueArn: string;
  readonly receipts: readonly string[];
}

/**
 * Lambda's pollers: one for each event source mapping that is enabled. A poller receives messages of its queue, invokes
 * the function with them, and deletes those that did not fail; the others return when their visibility timeout ends.
 */
export class EventSourcePollers {
  readonly #context: EngineContext;
  readonly #registry: FunctionRegistry;
  readonly #fleet: WorkerFleet;
  readonly #held: Table<Held>;
  readonly #polling = new Map<string, Promise<void>>();
  /** The batches that run, by mapping. */
  readonly #running = new Map<string, Set<Promise<void>>>();
  readonly #naps = new Set<() => void>();
  #stopped = false;

  constructor(context: EngineContext, registry: FunctionRegistry, fleet: WorkerFleet) {
    this.#context = context;
    this.#registry = registry;
    this.#fleet = fleet;
    this.#held = context.journal.table('lambda/held-messages');
  }

  /** Returns the messages that a killed engine held to their queues, and starts the pollers. */
  start(): void {
    void this.#releaseHeld().finally(() => {
      for (const { uuid } of [...this.#registry.eventSourceMappings.values()]) this.follow(uuid);
    });
  }

  stop(): void {
    this.#stopped = true;
    for (const wake of [...this.#naps]) wake();
  }

  /** Follows a mapping that was created or changed; a poller that runs sees the change at its next batch. */
  follow(uuid: string): void {
    const isDeleted = this.#registry.eventSourceMappings.get(uuid)?.deleting === true;
    // Its poller may still wait for messages: it returns to the queue what it receives.
    if (isDeleted && (this.#running.get(uuid)?.size ?? 0) === 0) this.#registry.eventSourceMappings.delete(uuid);
    if (this.#stopped || this.#polling.has(uuid)) return;
    const polling = this.#poll(uuid).finally(() => {
      this.#polling.delete(uuid);
      this.#running.delete(uuid);
      const mapping = this.#registry.eventSourceMappings.get(uuid);
      if (mapping?.deleting === true) this.#registry.eventSourceMappings.delete(uuid);
      // Enabled again while the poller ended.
      else if (mapping?.enabled === true) this.follow(uuid);
    });
    this.#polling.set(uuid, polling);
  }

  async #poll(uuid: string): Promise<void> {
    const running = new Set<Promise<void>>();
    this.#running.set(uuid, running);
    for (let mapping = this.#active(uuid); mapping !== undefined; mapping = this.#active(uuid)) {
      if (running.size >= (mapping.maximumConcurrency ?? ownConcurrency)) {
        await Promise.race(running);
        continue;
      }
      try {
        const messages = await this.#receive(mapping);
        const current = this.#active(uuid);
        if (current === undefined) {
          if (!this.#stopped) await this.#release(mapping.eventSourceArn, messages);
          break;
        }
        if (messages.length === 0) continue;
        const batch = this.#run(current, messages).finally(() => {
          running.delete(batch);
          // Deleted meanwhile: this was its last batch, perhaps.
          this.follow(uuid);
        });
        running.add(batch);
      } catch (error) {
        if (this.#stopped) break;
        this.#context.log.error('A queue could not be polled', { queue: mapping.eventSourceArn, error: String(error) });
        await this.#nap(brokenDelayMs);
      }
    }
    await Promise.all(running);
  }

  #active(uuid: string): EventSourceMappingRecord | undefined {
    const mapping = this.#registry.eventSourceMappings.get(uuid);
    return this.#stopped || mapping?.enabled !== true || mapping.deleting === true ? undefined : mapping;
  }

  /** A batch: what is there, or what arrives first, and what follows within the batching window. */
  async #receive(mapping: EventSourceMappingRecord) {
    const { eventSourceArn, batchSize, batchingWindowSeconds } = mapping;
    const caller = this.#callerOf(mapping);
    const messages: ReceivedMessage[] = [];
    let deadline = 0;
    while (messages.length < batchSize) {
      const waitSeconds = messages.length === 0 ? longPollSeconds : Math.ceil((deadline - Date.now()) / 1000);
      if (messages.length > 0 && waitSeconds <= 0) break;
      const response = await this.#context.call(
        'sqs',
        'ReceiveMessage',
        {
          QueueUrl: queueName(eventSourceArn),
          MaxNumberOfMessages: Math.min(batchSize - messages.length, mostReceived),
          WaitTimeSeconds: Math.min(waitSeconds, longPollSeconds),
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        },
        caller,
      );
      const received = messagesOf(response);
      if (received.length === 0) break;
      if (messages.length === 0) deadline = Date.now() + batchingWindowSeconds * 1000;
      messages.push(...received);
      if (batchingWindowSeconds === 0) break;
    }
    return messages;
  }

  async #run(mapping: EventSourceMappingRecord, messages: readonly ReceivedMessage[]): Promise<void> {
    const { eventSourceArn, functionName: name, qualifier } = mapping;
    const id = randomUUID();
    this.#held.set(id, { queueArn: eventSourceArn, receipts: messages.map(({ ReceiptHandle }) => ReceiptHandle) });
    try {
      await this.#context.journal.flush();
      if (!(await this.#capacity(name, eventSourceArn))) return this.#settle(id);
      const target = this.#registry.resolve({ name, qualifier }, Math.random());
      const payload = JSON.stringify(queueEvent(messages, eventSourceArn));
      const outcome = await this.#fleet.run(target.version, {
        requestId: id,
        payload,
        invokedArn: target.invokedArn,
      });
      const failed = outcome.failed ? 'all' : mapping.reportsFailures ? failedMessages(outcome.payload) : new Set();
      if (failed !== 'all')
        await this.#remove(
          mapping,
          messages.filter(({ MessageId }) => !failed.has(MessageId)),
        );
      this.#settle(id);
    } catch (error) {
      // Stopped in the middle: the next start returns the messages to the queue.
      if (this.#stopped) return;
      this.#context.log.error('A batch of messages failed', { queue: eventSourceArn, error: String(error) });
      this.#settle(id);
    }
  }

  /**
   * Waits while the function is throttled, as long as the messages are hidden; then they are in the queue again.
   *
   * @returns false if there was no capacity in that time
   */
  async #capacity(functionName: string, queueArn: string): Promise<boolean> {
    const isThrottled = () =>
      this.#fleet.isFull || this.#registry.functions.get(functionName)?.reservedConcurrency === 0;
    if (!isThrottled()) return true;
    const seconds = await visibilityTimeout(this.#context.call, queueName(queueArn));
    for (const end = Date.now() + seconds * 1000; Date.now() < end; await this.#nap(throttledDelayMs)) {
      if (this.#stopped) throw new Error('The engine stops.');
      if (!isThrottled()) return true;
    }
    return false;
  }

  #settle(id: string): void {
    if (!this.#stopped) this.#held.delete(id);
  }

  /** The session of the function's role, which reads the queue. */
  #callerOf({ functionName: name, qualifier }: EventSourceMappingRecord): Caller {
    const { version } = this.#registry.resolve({ name, qualifier }, 1);
    return roleCaller(version.configuration.role, name);
  }

  async #remove(mapping: EventSourceMappingRecord, messages: readonly ReceivedMessage[]): Promise<void> {
    const QueueUrl = queueName(mapping.eventSourceArn);
    const caller = this.#callerOf(mapping);
    for (const { ReceiptHandle } of messages)
      await this.#context.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle }, caller);
  }

  async #release(queueArn: string, messages: readonly ReceivedMessage[]): Promise<void> {
    for (const { ReceiptHandle } of messages) await this.#show(queueArn, ReceiptHandle);
  }

  async #releaseHeld(): Promise<void> {
    for (const [id, { queueArn, receipts }] of [...this.#held.entries()]) {
      for (const receipt of receipts) await this.#show(queueArn, receipt);
      this.#held.delete(id);
    }
  }

  async #show(queueArn: string, ReceiptHandle: string): Promise<void> {
    try {
      await this.#context.call('sqs', 'ChangeMessageVisibility', {
        QueueUrl: queueName(queueArn),
        ReceiptHandle,
        VisibilityTimeout: 0,
      });
    } catch (error) {
      // The message was deleted or is visible already.
      if (!(error instanceof AwsError)) throw error;
    }
  }

  async #nap(milliseconds: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#naps.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, milliseconds);
      this.#naps.add(wake);
    });
  }
}

const queueName = (queueArn: string): string => queueArn.split(':').at(-1) ?? '';
