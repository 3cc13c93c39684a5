import type { Table } from '../../kernel/journal.js';
import type { EngineContext } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';
import { numericAttribute, redrivePolicy } from './attributes.js';
import type { MessageRecord, QueueRecord } from './model.js';
import { QueueMessages } from './queue-messages.js';

/** The queues of an engine with their messages. */
export class Queues {
  readonly #context: EngineContext;
  readonly #queues: Table<QueueRecord>;
  readonly #table: Table<MessageRecord>;
  readonly #messages = new Map<string, QueueMessages>();
  #stopping = false;

  constructor(context: EngineContext) {
    this.#context = context;
    this.#queues = context.journal.table('sqs/queues');
    this.#table = context.journal.table('sqs/messages');
    for (const message of this.#table.values()) this.messagesOf(message.queue).restore(message);
  }

  values(): IterableIterator<QueueRecord> {
    return this.#queues.values();
  }

  find(name: string): QueueRecord | undefined {
    return this.#queues.get(name);
  }

  /**
   * Finds a queue by URL, whatever its host and port, or by name.
   *
   * @throws AwsError `QueueDoesNotExist`
   */
  get(urlOrName: string): QueueRecord {
    const queue = this.#queues.get(urlOrName.split('/').at(-1) ?? '');
    if (queue === undefined) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  set(queue: QueueRecord): void {
    this.#queues.set(queue.name, queue);
  }

  delete(queue: QueueRecord): void {
    const messages = this.messagesOf(queue.name);
    messages.clear();
    this.#queues.delete(queue.name);
    this.#messages.delete(queue.name);
    messages.wakeAll();
  }

  arn(name: string): string {
    const { partition, region, accountId } = this.#context;
    return `arn:${partition}:sqs:${region}:${accountId}:${name}`;
  }

  url({ name }: QueueRecord): string {
    return `${this.#context.endpoint}/${this.#context.accountId}/${name}`;
  }

  messagesOf(queueName: string): QueueMessages {
    const existing = this.#messages.get(queueName);
    if (existing !== undefined) return existing;
    const messages = new QueueMessages(this.#table);
    this.#messages.set(queueName, messages);
    return messages;
  }

  /** A queue's messages, after removing those whose retention period has ended. */
  currentMessages(queue: QueueRecord, now: number): QueueMessages {
    const messages = this.messagesOf(queue.name);
    messages.removeSentBefore(now - numericAttribute(queue, 'MessageRetentionPeriod') * 1000, now);
    return messages;
  }

  /** Moves a message that was received too often; returns `false` when the dead-letter queue does not exist. */
  moveToDeadLetters(source: QueueRecord, message: MessageRecord): boolean {
    const target = redrivePolicy(source)?.deadLetterTargetArn.split(':').at(-1) ?? '';
    if (!this.#queues.has(target)) {
      this.#context.log.error('The queue for dead letters does not exist', { queue: source.name, target });
      return false;
    }
    const { receipt: _, firstReceivedAt: __, ...kept } = message;
    this.messagesOf(target).add({
      ...kept,
      queue: target,
      visibleAt: Date.now(),
      receiveCount: 0,
      deadLetterSourceArn: source.arn,
    });
    return true;
  }

  /** Returns true if receivers must stop waiting for messages of a queue. */
  isOver({ name }: QueueRecord): boolean {
    return this.#stopping || !this.#queues.has(name);
  }

  stop(): void {
    this.#stopping = true;
    for (const messages of this.#messages.values()) messages.wakeAll();
  }
}
