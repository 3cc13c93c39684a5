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

/** A message that has been received and that nobody else sees for a while. */
export interface HeldMessage {
  readonly id: string;
  readonly receipt: string;
  readonly body: string;
}

/** Amazon SQS gives at most ten messages at a time. */
const batchSize = 10;

/** Longer than a look through the queue takes, and no longer than a look that is killed may hide messages. */
const lookSeconds = 30;

/**
 * The core's dead-letter queue, which all workflows share. SQS cannot be read without hiding what was read: whoever looks
 * through the queue gives back what is not for them; what is never given back, because the program was killed, comes back by
 * itself.
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

  /** Receives everything that there is, once; give it back with {@link release} or take it out with {@link remove}. */
  async holdAll(): Promise<HeldMessage[]> {
    const held = new Map<string, HeldMessage>();
    for (let more = true; more; ) {
      const { Messages = [] } = await this.#clients.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.#url,
          MaxNumberOfMessages: batchSize,
          VisibilityTimeout: lookSeconds,
          // A long poll asks all servers of a queue, a short one a sample of them: its empty answer would mean nothing.
          WaitTimeSeconds: 1,
        }),
      );
      const known = held.size;
      // A message that comes twice has a new receipt, and only that one counts.
      for (const message of Messages.flatMap(messageOf)) held.set(message.id, message);
      more = held.size > known;
    }
    return [...held.values()];
  }

  /** Gives messages back: whoever asks next gets them. */
  async release(messages: readonly HeldMessage[]): Promise<void> {
    await inParallel(messages, (message) => this.#hideFor(message, 0));
  }

  /** Keeps a message for so many seconds more. */
  async hold(message: HeldMessage, seconds: number): Promise<boolean> {
    return await this.#hideFor(message, seconds);
  }

  /** Takes a message out of the queue for good. */
  async remove({ receipt }: HeldMessage): Promise<void> {
    await this.#clients.sqs.send(new DeleteMessageCommand({ QueueUrl: this.#url, ReceiptHandle: receipt }));
  }

  /** @returns whether it is still ours: its time may be over, and another reader may have it */
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
