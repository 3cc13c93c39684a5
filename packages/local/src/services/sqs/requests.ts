import Type, { type Static, type TSchema } from 'typebox';
import { messageAttribute } from '../../wire/message-attribute.js';

const text = Type.String();
const strings = Type.Record(Type.String(), Type.String());
const names = Type.Optional(Type.Array(text));
/** Numbers come as text from the older Query protocol and from templates. */
const integer = (minimum: number, maximum: number) => Type.Optional(Type.Integer({ minimum, maximum }));
const queueUrl = Type.String({ minLength: 1 });
const message = {
  MessageBody: Type.String({ minLength: 1 }),
  DelaySeconds: integer(0, 900),
  MessageAttributes: Type.Optional(Type.Record(Type.String(), messageAttribute)),
  MessageSystemAttributes: Type.Optional(Type.Record(Type.String(), messageAttribute)),
};
const entryId = Type.String({ minLength: 1 });
const batch = <S extends TSchema>(entry: S) => Type.Object({ QueueUrl: queueUrl, Entries: Type.Array(entry) });

export const createQueueRequest = Type.Object({
  QueueName: text,
  Attributes: Type.Optional(strings),
  tags: Type.Optional(strings),
});
export const queueNameRequest = Type.Object({ QueueName: text });
export const queueRequest = Type.Object({ QueueUrl: queueUrl });
export const listQueuesRequest = Type.Object({
  QueueNamePrefix: Type.Optional(text),
  MaxResults: integer(1, 1000),
  NextToken: Type.Optional(text),
});
export const getAttributesRequest = Type.Object({ QueueUrl: queueUrl, AttributeNames: names });
export const setAttributesRequest = Type.Object({ QueueUrl: queueUrl, Attributes: strings });
export const tagQueueRequest = Type.Object({ QueueUrl: queueUrl, Tags: strings });
export const untagQueueRequest = Type.Object({ QueueUrl: queueUrl, TagKeys: Type.Array(text) });
export const sendMessageRequest = Type.Object({ QueueUrl: queueUrl, ...message });
export const sendBatchRequest = batch(Type.Object({ Id: entryId, ...message }));
export const receiveMessageRequest = Type.Object({
  QueueUrl: queueUrl,
  AttributeNames: names,
  MessageSystemAttributeNames: names,
  MessageAttributeNames: names,
  MaxNumberOfMessages: integer(1, 10),
  VisibilityTimeout: integer(0, 43_200),
  WaitTimeSeconds: integer(0, 20),
});
const receipt = Type.String({ minLength: 1 });
export const deleteMessageRequest = Type.Object({ QueueUrl: queueUrl, ReceiptHandle: receipt });
export const deleteBatchRequest = batch(Type.Object({ Id: entryId, ReceiptHandle: receipt }));
const visibility = { ReceiptHandle: receipt, VisibilityTimeout: Type.Integer({ minimum: 0, maximum: 43_200 }) };
export const changeVisibilityRequest = Type.Object({ QueueUrl: queueUrl, ...visibility });
export const changeVisibilityBatchRequest = batch(Type.Object({ Id: entryId, ...visibility }));

/** A message as a sender gives it. */
export type OutgoingMessage = Omit<Static<typeof sendMessageRequest>, 'QueueUrl'>;
export type ReceiveRequest = Static<typeof receiveMessageRequest>;
