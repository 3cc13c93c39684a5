import { randomUUID } from 'node:crypto';
import type { Static } from 'typebox';
import type { Table } from '../../kernel/journal.js';
import type { EngineContext, Operations, RequestContext, Service } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';
import { runBatch } from '../../wire/entries.js';
import { pageOf, sortedBy } from '../../wire/page.js';
import { parseInput } from '../../wire/parse-input.js';
import { checkAttributes, effectiveAttributes, numericAttribute, redrivePolicy } from './attributes.js';

import { attributesDigest, bodyDigest } from './digest.js';
import type { MessageRecord, QueueRecord } from './model.js';
import { isReceiptHandle, QueueMessages } from './queue-messages.js';
import { receivedMessage } from './received-message.js';
import * as requests from './requests.js';

export { sqsProtocols } from './protocols.js';

const invalid = 'InvalidParameterValue';

/** Amazon SQS: standard queues with visibility timeouts, long polling and dead letters. */
export function createSqsService(context: EngineContext): Service {
  return new Sqs(context);
}

class Sqs implements Service {
  readonly name = 'sqs';
  readonly #context: EngineContext;
  readonly #queues: Table<QueueRecord>;
  readonly #table: Table<MessageRecord>;
  readonly #messages = new Map<string, QueueMessages>();
  #stopping = false;

  constructor(context: EngineContext) {
    this.#context = context;
    this.#queues = context.journal.table('sqs/queues');
    this.#table = context.journal.table('sqs/messages');
    for (const message of this.#table.values()) this.#messagesOf(message.queue).restore(message);
  }

  readonly operations: Operations = {
    CreateQueue: (input) => this.#createQueue(parseInput(requests.createQueueRequest, input, invalid)),
    DeleteQueue: (input) => this.#deleteQueue(this.#queue(parseInput(requests.queueRequest, input, invalid).QueueUrl)),
    GetQueueUrl: (input) => ({
      QueueUrl: this.#url(this.#queue(parseInput(requests.queueNameRequest, input, invalid).QueueName)),
    }),
    ListQueues: (input) => this.#listQueues(parseInput(requests.listQueuesRequest, input, invalid)),
    GetQueueAttributes: (input) => this.#getAttributes(parseInput(requests.getAttributesRequest, input, invalid)),
    SetQueueAttributes: (input) => this.#setAttributes(parseInput(requests.setAttributesRequest, input, invalid)),
    TagQueue: (input) => {
      const { QueueUrl, Tags } = parseInput(requests.tagQueueRequest, input, invalid);
      const queue = this.#queue(QueueUrl);
      this.#queues.set(queue.name, { ...queue, tags: { ...queue.tags, ...Tags } });
    },
    UntagQueue: (input) => {
      const { QueueUrl, TagKeys } = parseInput(requests.untagQueueRequest, input, invalid);
      const queue = this.#queue(QueueUrl);
      const kept = Object.entries(queue.tags).filter(([key]) => !TagKeys.includes(key));
      this.#queues.set(queue.name, { ...queue, tags: Object.fromEntries(kept) });
    },
    ListQueueTags: (input) => ({
      Tags: this.#queue(parseInput(requests.queueRequest, input, invalid).QueueUrl).tags,
    }),
    PurgeQueue: (input) => {
      this.#messagesOf(this.#queue(parseInput(requests.queueRequest, input, invalid).QueueUrl).name).clear();
    },
    SendMessage: (input) => {
      const { QueueUrl, ...message } = parseInput(requests.sendMessageRequest, input, invalid);
      return this.#send(this.#queue(QueueUrl), message);
    },
    SendMessageBatch: (input) => {
      const { QueueUrl, Entries } = parseInput(requests.sendBatchRequest, input, invalid);
      const queue = this.#queue(QueueUrl);
      return runBatch(Entries, (entry) => this.#send(queue, entry));
    },
    ReceiveMessage: (input, request) =>
      this.#receive(parseInput(requests.receiveMessageRequest, input, invalid), request),
    DeleteMessage: (input) => {
      const { QueueUrl, ReceiptHandle } = parseInput(requests.deleteMessageRequest, input, invalid);
      this.#deleteMessage(this.#queue(QueueUrl), ReceiptHandle);
    },
    DeleteMessageBatch: (input) => {
      const { QueueUrl, Entries } = parseInput(requests.deleteBatchRequest, input, invalid);
      const queue = this.#queue(QueueUrl);
      return runBatch(Entries, (entry) => this.#deleteMessage(queue, entry.ReceiptHandle));
    },
    ChangeMessageVisibility: (input) => {
      const { QueueUrl, ...change } = parseInput(requests.changeVisibilityRequest, input, invalid);
      this.#changeVisibility(this.#queue(QueueUrl), change);
    },
    ChangeMessageVisibilityBatch: (input) => {
      const { QueueUrl, Entries } = parseInput(requests.changeVisibilityBatchRequest, input, invalid);
      const queue = this.#queue(QueueUrl);
      return runBatch(Entries, (entry) => this.#changeVisibility(queue, entry));
    },
  };

  stop(): void {
    this.#stopping = true;
    for (const messages of this.#messages.values()) messages.wakeAll();
  }

  #createQueue({ QueueName, Attributes = {}, tags = {} }: Static<typeof requests.createQueueRequest>) {
    if (QueueName.endsWith('.fifo'))
      throw new AwsError(invalid, 'The embedded engine has standard queues only, no FIFO queues.');
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(QueueName))
      throw new AwsError(
        invalid,
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      );
    checkAttributes(Attributes);
    const existing = this.#queues.get(QueueName);
    if (existing !== undefined) {
      const effective = effectiveAttributes(existing);
      const differing = Object.entries(Attributes).find(([name, value]) => effective[name] !== value);
      if (differing !== undefined)
        throw new AwsError(
          'QueueNameExists',
          `A queue already exists with the same name and a different value for attribute ${differing[0]}`,
        );
      return { QueueUrl: this.#url(existing) };
    }
    const { partition, region, accountId } = this.#context;
    const now = Date.now();
    const queue: QueueRecord = {
      name: QueueName,
      arn: `arn:${partition}:sqs:${region}:${accountId}:${QueueName}`,
      attributes: Attributes,
      tags,
      createdAt: now,
      changedAt: now,
    };
    this.#queues.set(QueueName, queue);
    return { QueueUrl: this.#url(queue) };
  }

  #deleteQueue(queue: QueueRecord): void {
    const messages = this.#messagesOf(queue.name);
    messages.clear();
    this.#queues.delete(queue.name);
    this.#messages.delete(queue.name);
    messages.wakeAll();
  }

  #listQueues({ QueueNamePrefix = '', MaxResults, NextToken }: Static<typeof requests.listQueuesRequest>) {
    const queues = sortedBy(this.#queues.values(), (queue) => queue.name).filter((queue) =>
      queue.name.startsWith(QueueNamePrefix),
    );
    const { items, nextToken } = pageOf(queues, (queue) => queue.name, {
      limit: MaxResults ?? 1000,
      token: NextToken,
      code: invalid,
    });
    return { QueueUrls: items.map((queue) => this.#url(queue)), NextToken: nextToken };
  }

  #getAttributes({ QueueUrl, AttributeNames = [] }: Static<typeof requests.getAttributesRequest>) {
    const queue = this.#queue(QueueUrl);
    const now = Date.now();
    const messages = this.#current(queue, now);
    const { visible, delayed, inFlight } = messages.count(now);
    const all: Record<string, string> = {
      ...effectiveAttributes(queue),
      QueueArn: queue.arn,
      CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
      LastModifiedTimestamp: String(Math.floor(queue.changedAt / 1000)),
      ApproximateNumberOfMessages: String(visible),
      ApproximateNumberOfMessagesDelayed: String(delayed),
      ApproximateNumberOfMessagesNotVisible: String(inFlight),
    };
    const wanted = new Set(AttributeNames);
    const shown = Object.entries(all).filter(([name]) => wanted.has('All') || wanted.has(name));
    return { Attributes: shown.length === 0 ? undefined : Object.fromEntries(shown) };
  }

  #setAttributes({ QueueUrl, Attributes }: Static<typeof requests.setAttributesRequest>): void {
    const queue = this.#queue(QueueUrl);
    checkAttributes(Attributes);
    this.#queues.set(queue.name, {
      ...queue,
      attributes: { ...queue.attributes, ...Attributes },
      changedAt: Date.now(),
    });
  }

  #send(queue: QueueRecord, message: requests.OutgoingMessage) {
    const most = numericAttribute(queue, 'MaximumMessageSize');
    if (Buffer.byteLength(message.MessageBody) > most)
      throw new AwsError(
        invalid,
        `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`,
      );
    const now = Date.now();
    const delaySeconds = message.DelaySeconds ?? numericAttribute(queue, 'DelaySeconds');
    const traceHeader = message.MessageSystemAttributes?.['AWSTraceHeader']?.StringValue;
    const record: MessageRecord = {
      id: randomUUID(),
      queue: queue.name,
      body: message.MessageBody,
      attributes: message.MessageAttributes ?? {},
      ...(traceHeader === undefined ? {} : { traceHeader }),
      sentAt: now,
      visibleAt: now + delaySeconds * 1000,
      receiveCount: 0,
    };
    this.#messagesOf(queue.name).add(record);
    return {
      MessageId: record.id,
      MD5OfMessageBody: bodyDigest(record.body),
      MD5OfMessageAttributes: attributesDigest(record.attributes),
    };
  }

  async #receive(input: requests.ReceiveRequest, request: RequestContext) {
    const queue = this.#queue(input.QueueUrl);
    const limit = input.MaxNumberOfMessages ?? 1;
    const visibilitySeconds = input.VisibilityTimeout ?? numericAttribute(queue, 'VisibilityTimeout');
    const waitSeconds = input.WaitTimeSeconds ?? numericAttribute(queue, 'ReceiveMessageWaitTimeSeconds');
    const deadline = Date.now() + waitSeconds * 1000;
    for (;;) {
      const now = Date.now();
      const messages = this.#current(queue, now);
      const received = messages.receive(
        { limit, visibilityTimeoutMs: visibilitySeconds * 1000, now },
        redrivePolicy(queue),
        (message) => this.#toDeadLetters(queue, message),
      );
      if (received.length > 0)
        return { Messages: received.map((message) => receivedMessage(message, input, this.#context.accountId)) };
      const gone = request.signal?.aborted === true || this.#stopping || !this.#queues.has(queue.name);
      if (now >= deadline || gone) return {};
      await messages.changed(deadline, request.signal);
    }
  }

  #toDeadLetters(source: QueueRecord, message: MessageRecord): boolean {
    const target = redrivePolicy(source)?.deadLetterTargetArn.split(':').at(-1) ?? '';
    if (!this.#queues.has(target)) {
      this.#context.log.error('The queue for dead letters does not exist', { queue: source.name, target });
      return false;
    }
    const { receipt: _, firstReceivedAt: __, ...kept } = message;
    this.#messagesOf(target).add({
      ...kept,
      queue: target,
      visibleAt: Date.now(),
      receiveCount: 0,
      deadLetterSourceArn: source.arn,
    });
    return true;
  }

  #deleteMessage(queue: QueueRecord, handle: string) {
    if (!isReceiptHandle(handle))
      throw new AwsError(
        'ReceiptHandleIsInvalid',
        `The input receipt handle "${handle}" is not a valid receipt handle.`,
      );
    const message = this.#messagesOf(queue.name).ofReceipt(handle);
    // Deleting again, or what was received again since, succeeds and does nothing, as with AWS.
    if (message !== undefined) this.#messagesOf(queue.name).remove(message.id);
    return {};
  }

  #changeVisibility(
    queue: QueueRecord,
    change: { readonly ReceiptHandle: string; readonly VisibilityTimeout: number },
  ) {
    const messages = this.#messagesOf(queue.name);
    const message = messages.ofReceipt(change.ReceiptHandle);
    const now = Date.now();
    if (message === undefined || message.visibleAt <= now)
      throw new AwsError('MessageNotInflight', 'The message referred to is not in flight.');
    messages.changeVisibility(message, now + change.VisibilityTimeout * 1000);
    return {};
  }

  /** By URL, whatever its host and port, or by name. */
  #queue(urlOrName: string): QueueRecord {
    const name = urlOrName.split('/').at(-1) ?? '';
    const queue = this.#queues.get(name);
    if (queue === undefined) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  #url(queue: QueueRecord): string {
    return `${this.#context.endpoint}/${this.#context.accountId}/${queue.name}`;
  }

  #messagesOf(queueName: string): QueueMessages {
    const existing = this.#messages.get(queueName);
    if (existing !== undefined) return existing;
    const messages = new QueueMessages(this.#table);
    this.#messages.set(queueName, messages);
    return messages;
  }

  /** A queue's messages without those whose retention has passed, as far as anybody can tell. */
  #current(queue: QueueRecord, now: number): QueueMessages {
    const messages = this.#messagesOf(queue.name);
    messages.removeSentBefore(now - numericAttribute(queue, 'MessageRetentionPeriod') * 1000, now);
    return messages;
  }
}
