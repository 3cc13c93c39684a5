import Type, { type Static } from 'typebox';
import { Value } from 'typebox/value';

const attributeValue = Type.Object({
  StringValue: Type.Optional(Type.String()),
  BinaryValue: Type.Optional(Type.Unknown()),
  DataType: Type.String(),
});
const received = Type.Object({
  MessageId: Type.String(),
  ReceiptHandle: Type.String(),
  Body: Type.String(),
  MD5OfBody: Type.String(),
  Attributes: Type.Optional(Type.Record(Type.String(), Type.String())),
  MessageAttributes: Type.Optional(Type.Record(Type.String(), attributeValue)),
});
const receivedMessages = Type.Object({ Messages: Type.Optional(Type.Array(received)) });

/** A message as SQS returns it. */
export type ReceivedMessage = Static<typeof received>;

/** The messages in SQS's response. */
export const messagesOf = (response: unknown): readonly ReceivedMessage[] =>
  Value.Parse(receivedMessages, response).Messages ?? [];

/** The event with which Lambda invokes a function for messages of a queue. */
export function queueEvent(messages: readonly ReceivedMessage[], queueArn: string): unknown {
  return {
    Records: messages.map((message) => ({
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: Object.fromEntries(
        Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
          name,
          {
            ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
            ...(value.BinaryValue instanceof Uint8Array
              ? { binaryValue: Buffer.from(value.BinaryValue).toString('base64') }
              : {}),
            stringListValues: [],
            binaryListValues: [],
            dataType: value.DataType,
          },
        ]),
      ),
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: queueArn.split(':')[3],
    })),
  };
}

const partialFailure = Type.Object({
  batchItemFailures: Type.Union([
    Type.Array(Type.Object({ itemIdentifier: Type.String({ minLength: 1 }) })),
    Type.Null(),
  ]),
});

/**
 * The ids of the messages that a function reports as failed, from its response.
 *
 * Source: "Reporting batch item failures" in Lambda's guide. An empty response, or one without failures, is a success;
 * an unreadable response is a failure of the whole batch.
 *
 * @returns `'all'` when the whole batch failed
 */
export function failedMessages(payload: string): ReadonlySet<string> | 'all' {
  let response: unknown;
  try {
    response = JSON.parse(payload === '' ? 'null' : payload);
  } catch {
    return 'all';
  }
  if (response === null || response === '') return new Set();
  if (typeof response !== 'object' || !('batchItemFailures' in response)) return new Set();
  if (!Value.Check(partialFailure, response)) return 'all';
  return new Set((response.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier));
}
