import {
  ChangeMessageVisibilityCommand,
  GetQueueUrlCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { failuresAttribute, type LaunchMessage } from './message.js';

/** The launch queue, for messages that stay, and the queue of dead letters. */
export class LaunchQueues {
  readonly #sqs: SQSClient;
  readonly #deadLetterQueueArn: string | undefined;
  readonly #urls = new Map<string, Promise<string>>();

  constructor(sqs: SQSClient, deadLetterQueueArn: string | undefined) {
    this.#sqs = sqs;
    this.#deadLetterQueueArn = deadLetterQueueArn;
  }

  /** Hides a message for some seconds; it stays in the queue when its batch reports it as failed. */
  async hide({ queueArn, receiptHandle }: LaunchMessage, seconds: number): Promise<void> {
    await this.#sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: await this.#url(queueArn),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }),
    );
  }

  /** Sends a message again with its number of failures; the received one can be deleted. */
  async sendAgain({ queueArn, body }: LaunchMessage, failures: number, delaySeconds: number): Promise<void> {
    await this.#sqs.send(
      new SendMessageCommand({
        QueueUrl: await this.#url(queueArn),
        MessageBody: body,
        DelaySeconds: delaySeconds,
        MessageAttributes: { [failuresAttribute]: { DataType: 'Number', StringValue: String(failures) } },
      }),
    );
  }

  /** @throws Error when no queue of dead letters is configured */
  async bury(record: string): Promise<void> {
    if (this.#deadLetterQueueArn === undefined) throw new Error('The launcher has no queue for dead letters.');
    await this.#sqs.send(
      new SendMessageCommand({ QueueUrl: await this.#url(this.#deadLetterQueueArn), MessageBody: record }),
    );
  }

  async #url(arn: string): Promise<string> {
    const known = this.#urls.get(arn) ?? this.#findUrl(arn);
    this.#urls.set(arn, known);
    return await known.catch((error: unknown) => {
      this.#urls.delete(arn);
      throw error;
    });
  }

  async #findUrl(arn: string): Promise<string> {
    const [, , , , account, name] = arn.split(':');
    const command = new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account });
    return (await this.#sqs.send(command)).QueueUrl ?? '';
  }
}
