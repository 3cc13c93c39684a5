import Type, { type Static } from 'typebox';
import { messageAttribute } from '../../wire/message-attribute.js';
import { tag } from '../../wire/tag-list.js';

const text = Type.Optional(Type.String());
const arn = Type.String({ minLength: 1 });
const strings = Type.Record(Type.String(), Type.String());

export const createTopicRequest = Type.Object({
  Name: Type.String(),
  Attributes: Type.Optional(strings),
  Tags: Type.Optional(Type.Array(tag)),
});
export const topicRequest = Type.Object({ TopicArn: arn });
export const pageRequest = Type.Object({ NextToken: text });
export const setTopicAttributesRequest = Type.Object({
  TopicArn: arn,
  AttributeName: Type.String(),
  AttributeValue: text,
});
export const subscribeRequest = Type.Object({
  TopicArn: arn,
  Protocol: Type.String(),
  Endpoint: text,
  Attributes: Type.Optional(strings),
  ReturnSubscriptionArn: Type.Optional(Type.Boolean()),
});
export const subscriptionRequest = Type.Object({ SubscriptionArn: arn });
export const setSubscriptionAttributesRequest = Type.Object({
  SubscriptionArn: arn,
  AttributeName: Type.String(),
  AttributeValue: text,
});
export const subscriptionsOfTopicRequest = Type.Object({ TopicArn: arn, NextToken: text });
const message = {
  Message: Type.String({ minLength: 1 }),
  Subject: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  MessageStructure: text,
  MessageAttributes: Type.Optional(Type.Record(Type.String(), messageAttribute)),
};
export const publishRequest = Type.Object({
  TopicArn: text,
  TargetArn: text,
  PhoneNumber: text,
  ...message,
});
export const publishBatchRequest = Type.Object({
  TopicArn: arn,
  PublishBatchRequestEntries: Type.Array(Type.Object({ Id: Type.String({ minLength: 1 }), ...message })),
});
export const resourceRequest = Type.Object({ ResourceArn: arn });
export const tagResourceRequest = Type.Object({ ResourceArn: arn, Tags: Type.Array(tag) });
export const untagResourceRequest = Type.Object({ ResourceArn: arn, TagKeys: Type.Array(Type.String()) });

/** What is to be published, apart from where. */
export type OutgoingNotification = Pick<
  Static<typeof publishRequest>,
  'Message' | 'Subject' | 'MessageStructure' | 'MessageAttributes'
>;
