import { randomUUID } from 'node:crypto';
import Type, { type Static, type TSchema } from 'typebox';
import { present } from '../../../kernel/present.js';
import type { EngineContext } from '../../../kernel/service.js';
import type { Operation } from '../../../operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { runBatch } from '../../../wire/entries.js';
import { messageAttribute } from '../../../wire/message-attribute.js';
import { messageBytes } from '../../../wire/message-size.js';
import { hasInvalidXmlCharacters } from '../../../wire/xml-characters.js';
import { numericAttribute, redrivePolicy } from '../attributes.js';
import { attributesDigest, bodyDigest } from '../digest.js';
import type { MessageRecord, QueueRecord } from '../model.js';
import { integer, invalidParameter, names, operation, queueUrl } from '../operation.js';
import { isReceiptHandle } from '../queue-messages.js';
import type { Queues } from '../queues.js';
import { receivedMessage } from '../received-message.js';

const attributes = Type.Optional(Type.Record(Type.String(), messageAttribute));
const message = {
  MessageBody: Type.String({ minLength: 1 }),
  DelaySeconds: integer(0, 900),
  MessageAttributes: attributes,
  MessageSystemAttributes: attributes,
};
const outgoing = Type.Object(message);
const receipt = { ReceiptHandle: Type.String({ minLength: 1 }) };
const visibility = { ...receipt, VisibilityTimeout: Type.Integer({ minimum: 0, maximum: 43_200 }) };
const newVisibility = Type.Object(visibility);
const entry = { Id: Type.String() };

/** The size limit of a batch, in bytes, whatever the queue's own limit for a message is. */
const mostBatchBytes = 1_048_576;

const refusedId = (id: string) =>
  /^[A-Za-z0-9_-]{1,80}$/.test(id)
    ? undefined
    : 'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.';

const batchOf = <S extends TSchema>(item: S) => Type.Object({ QueueUrl: queueUrl, Entries: Type.Array(item) });

/** Sending, receiving and deleting messages. */
export function messageOperations({ accountId }: EngineContext, queues: Queues): Operation[] {
  return [
    operation('SendMessage', Type.Object({ QueueUrl: queueUrl, ...message }), ({ QueueUrl, ...outgoing }) =>
      send(queues.get(QueueUrl), outgoing, 'are invalid'),
    ),

    operation('SendMessageBatch', batchOf(Type.Object({ ...entry, ...message })), ({ QueueUrl, Entries }) => {
      const queue = queues.get(QueueUrl);
      const bytes = Entries.reduce((sum, each) => sum + messageBytes(each.MessageBody, each.MessageAttributes), 0);
      if (bytes > mostBatchBytes)
        throw new AwsError(
          'BatchRequestTooLong',
          `Batch requests cannot be longer than ${mostBatchBytes} bytes. You have sent ${bytes} bytes.`,
        );
      return runBatch(Entries, refusedId, (each) => send(queue, each, 'cannot be validated'));
    }),

    operation(
      'ReceiveMessage',
      Type.Object({
        QueueUrl: queueUrl,
        AttributeNames: names,
        MessageSystemAttributeNames: names,
        MessageAttributeNames: names,
        MaxNumberOfMessages: integer(1, 10),
        VisibilityTimeout: integer(0, 43_200),
        WaitTimeSeconds: integer(0, 20),
      }),
      async (input, { signal }) => {
        const queue = queues.get(input.QueueUrl);
        const limit = input.MaxNumberOfMessages ?? 1;
        const visibilitySeconds = input.VisibilityTimeout ?? numericAttribute(queue, 'VisibilityTimeout');
        const waitSeconds = input.WaitTimeSeconds ?? numericAttribute(queue, 'ReceiveMessageWaitTimeSeconds');
        const deadline = Date.now() + waitSeconds * 1000;
        for (;;) {
          const now = Date.now();
          const messages = queues.currentMessages(queue, now);
          const received = messages.receive(
            { limit, visibilityTimeoutMs: visibilitySeconds * 1000, now },
            redrivePolicy(queue),
            (dead) => queues.moveToDeadLetters(queue, dead),
          );
          if (received.length > 0) return { Messages: received.map((each) => receivedMessage(each, input, accountId)) };
          if (now >= deadline || signal?.aborted === true || queues.isOver(queue)) return {};
          await messages.changed(deadline, signal);
        }
      },
    ),

    operation('DeleteMessage', Type.Object({ QueueUrl: queueUrl, ...receipt }), ({ QueueUrl, ReceiptHandle }) => {
      remove(queues.get(QueueUrl), ReceiptHandle);
    }),

    operation('DeleteMessageBatch', batchOf(Type.Object({ ...entry, ...receipt })), ({ QueueUrl, Entries }) => {
      const queue = queues.get(QueueUrl);
      return runBatch(Entries, refusedId, ({ ReceiptHandle }) => remove(queue, ReceiptHandle));
    }),

    operation(
      'ChangeMessageVisibility',
      Type.Object({ QueueUrl: queueUrl, ...visibility }),
      ({ QueueUrl, ...change }) => {
        changeVisibility(queues.get(QueueUrl), change);
      },
    ),

    operation(
      'ChangeMessageVisibilityBatch',
      batchOf(Type.Object({ ...entry, ...visibility })),
      ({ QueueUrl, Entries }) => {
        const queue = queues.get(QueueUrl);
        return runBatch(Entries, refusedId, (each) => changeVisibility(queue, each));
      },
    ),
  ];

  /** @param complaint - AWS's words about a message that is too long, which differ in a batch */
  function send(queue: QueueRecord, input: Static<typeof outgoing>, complaint: 'are invalid' | 'cannot be validated') {
    const most = numericAttribute(queue, 'MaximumMessageSize');
    if (messageBytes(input.MessageBody, input.MessageAttributes) > most)
      throw invalidParameter(
        `One or more parameters ${complaint}. Reason: Message must be shorter than ${most} bytes.`,
      );
    if (hasInvalidXmlCharacters(input.MessageBody))
      throw new AwsError(
        'InvalidMessageContents',
        'Invalid binary character was found in the message body, the set of allowed characters is #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF',
      );
    const invalid = Object.entries(input.MessageAttributes ?? {}).find(([, { StringValue = '' }]) =>
      hasInvalidXmlCharacters(StringValue),
    );
    if (invalid !== undefined)
      throw invalidParameter(`Invalid binary character was found in the message attribute value of '${invalid[0]}'.`);
    const now = Date.now();
    const delaySeconds = input.DelaySeconds ?? numericAttribute(queue, 'DelaySeconds');
    const record: MessageRecord = {
      id: randomUUID(),
      queue: queue.name,
      body: input.MessageBody,
      attributes: input.MessageAttributes ?? {},
      ...present({ traceHeader: input.MessageSystemAttributes?.['AWSTraceHeader']?.StringValue }),
      sentAt: now,
      visibleAt: now + delaySeconds * 1000,
      receiveCount: 0,
    };
    queues.messagesOf(queue.name).add(record);
    return {
      MessageId: record.id,
      MD5OfMessageBody: bodyDigest(record.body),
      MD5OfMessageAttributes: attributesDigest(record.attributes),
    };
  }

  function remove(queue: QueueRecord, handle: string) {
    if (!isReceiptHandle(handle))
      throw new AwsError(
        'ReceiptHandleIsInvalid',
        `The input receipt handle "${handle}" is not a valid receipt handle.`,
      );
    const messages = queues.messagesOf(queue.name);
    const found = messages.ofReceipt(handle);
    // Deleting again, or with an outdated receipt handle, succeeds and does nothing, as in AWS.
    if (found !== undefined) messages.remove(found.id);
    return {};
  }

  function changeVisibility(queue: QueueRecord, change: Static<typeof newVisibility>) {
    const messages = queues.messagesOf(queue.name);
    const found = messages.ofReceipt(change.ReceiptHandle);
    const now = Date.now();
    if (found === undefined || found.visibleAt <= now)
      throw new AwsError('MessageNotInflight', 'The message referred to is not in flight.');
    messages.changeVisibility(found, now + change.VisibilityTimeout * 1000);
    return {};
  }
}
