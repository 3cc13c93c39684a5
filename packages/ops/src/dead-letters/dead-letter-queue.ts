import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { inParallel } from '../aws/in-parallel.js';

/** A received message, which is invisible to other readers for a while. */
export interface HeldMessage {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
}

/** Amazon SQS returns at most ten messages at a time. */
const batchSize = 10;

/** Longer than reading the whole queue takes, and short enough that a killed reader does not hide messages for long. */
const lookSeconds = 30;

/**
 * The core's dead-letter queue, which all workflows share. Reading SQS hides the messages, so a reader releases those
 * that belong to others. Messages that are never released because the program was killed become visible again when
 * their visibility timeout ends.
 */
export class DeadLetterQueue {
  readonly #clients: Pick<Clients, 'sqs'>;
  readonly #url: string;

  private constructor(clients: Pick<Clients, 'sqs'>, url: string) {
    this.#clients = clients;
    this.#url = url;
  }

  static async open(clients: Pick<Clients, 'sqs'>, queueArn: string): Promise<DeadLetterQueue> {
    const { QueueUrl } = await clients.sqs.send(new GetQueueUrlCommand({ QueueName: queueArn.split(':').at(-1) }));
    return new DeadLetterQueue(clients, QueueUrl ?? '');
  }

  /** Receives all available messages once. Return each with {@link release} or delete it with {@link remove}. */
  async holdAll(): Promise<HeldMessage[]> {
    const held = new Map<string, HeldMessage>();
    for (let more = true; more; ) {
      const { Messages = [] } = await this.#clients.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.#url,
          MaxNumberOfMessages: batchSize,
          VisibilityTimeout: lookSeconds,
          // A long poll queries all servers of a queue, a short one only a sample, so its empty response would prove
          // nothing.
          WaitTimeSeconds: 1,
        }),
      );
      const known = held.size;
      // A message that is received twice has a new receipt handle, and only that one is valid.
      for (const message of Messages.flatMap(messageOf)) held.set(message.id, message);
      more = held.size > known;
    }
    return [...held.values()];
  }

  /** Returns messages to the queue, where they are visible to the next reader. */
  async release(messages: readonly HeldMessage[]): Promise<void> {
    await inParallel(messages, (message) => this.#hideFor(message, 0));
  }

  /** Extends a message's visibility timeout by this many seconds. */
  async hold(message: HeldMessage, seconds: number): Promise<boolean> {
    return await this.#hideFor(message, seconds);
  }

  /** Deletes a message from the queue. */
  async remove({ receipt }: HeldMessage): Promise<void> {
    await this.#clients.sqs.send(new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle: receipt }));
  }

  /** @returns false when the visibility timeout has expired and another reader may have received the message */
  async #hideFor({ receipt }: HeldMessage, VisibilityTimeout: number): Promise<boolean> {
    try {
      await this.#clients.sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: this.#url, ReceiptHandle: receipt, VisibilityTimeout }),
      );
      return true;
    } catch (error) {
      if (isAwsError(error, 'MessageNotInflight', 'ReceiptHandleIsInvalid', 'InvalidParameterValue')) return false;
      throw error;
    }
  }
}

function messageOf({ MessageId, ReceiptHandle, Body }: Message): HeldMessage[] {
  if (MessageId === undefined || ReceiptHandle === undefined) return [];
  return [{ id: MessageId, receipt: ReceiptHandle, body: Body ?? '' }];
}
