import { randomUUID } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { defaultRetryLimits } from '../../../kernel/delivery/delivery.js';
import type { Outbox } from '../../../kernel/delivery/outbox.js';
import { present } from '../../../kernel/present.js';
import type { Operation } from '../../../operation.js';
import { runBatch } from '../../../wire/entries.js';
import { messageAttribute } from '../../../wire/message-attribute.js';
import { functionEvent, queueBody } from '../envelope.js';
import { wants } from '../filter-policy.js';
import { messageVariants } from '../message-structure.js';
import type { NotificationRecord, TopicRecord } from '../model.js';
import type { Notifications } from '../notifications.js';
import { arn, invalidParameter, operation, text } from '../operation.js';
import { deadLetterArnOf, targetOf } from '../subscription.js';
import type { Topics } from '../topics.js';

const mostMessageBytes = 262_144;
const message = {
  Message: Type.String({ minLength: 1 }),
  Subject: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  MessageStructure: text,
  MessageAttributes: Type.Optional(Type.Record(Type.String(), messageAttribute)),
};
const outgoing = Type.Object(message);

export function publishOperations(topics: Topics, notifications: Notifications, outbox: Outbox): Operation[] {
  return [
    operation(
      'Publish',
      Type.Object({ TopicArn: text, TargetArn: text, PhoneNumber: text, ...message }),
      ({ TopicArn, TargetArn, PhoneNumber, ...outgoing }) => {
        if (PhoneNumber !== undefined) throw invalidParameter('the embedded engine sends no text messages to phones.');
        const topicArn = TopicArn ?? TargetArn;
        if (topicArn === undefined)
          throw invalidParameter('TopicArn or TargetArn Reason: no value for required parameter');
        return publish(topics.get(topicArn), outgoing);
      },
    ),

    operation(
      'PublishBatch',
      Type.Object({
        TopicArn: arn,
        PublishBatchRequestEntries: Type.Array(Type.Object({ Id: Type.String({ minLength: 1 }), ...message })),
      }),
      ({ TopicArn, PublishBatchRequestEntries }) => {
        const topic = topics.get(TopicArn);
        return runBatch(PublishBatchRequestEntries, (entry) => publish(topic, entry));
      },
    ),
  ];

  /** Stores the message, with a delivery for each matching subscription. */
  function publish(topic: TopicRecord, input: Static<typeof outgoing>) {
    if (Buffer.byteLength(input.Message) > mostMessageBytes) throw invalidParameter('Message too long');
    const variants = input.MessageStructure === 'json' ? messageVariants(input.Message) : undefined;
    const notification: NotificationRecord = {
      id: randomUUID(),
      topicArn: topic.arn,
      message: variants?.['default'] ?? input.Message,
      ...present({ subject: input.Subject, variants }),
      attributes: input.MessageAttributes ?? {},
      publishedAt: new Date().toISOString(),
    };
    notifications.add(notification);
    for (const subscription of topics.subscriptionsOf(topic.arn)) {
      const target = targetOf(subscription, notification);
      if (target === undefined || !wants(subscription, notification)) continue;
      const body =
        target.kind === 'function' ? functionEvent(notification, subscription) : queueBody(notification, subscription);
      const deadLetterArn = deadLetterArnOf(subscription);
      outbox.add({
        originArn: subscription.arn,
        target,
        body,
        retry: defaultRetryLimits,
        ...present({ deadLetterArn }),
      });
    }
    return { MessageId: notification.id };
  }
}
