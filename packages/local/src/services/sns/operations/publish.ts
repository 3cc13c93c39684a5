import { randomUUID } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { defaultRetryLimits } from '../../../kernel/delivery/delivery.js';
import type { Outbox } from '../../../kernel/delivery/outbox.js';
import { present } from '../../../kernel/present.js';
import type { Operation } from '../../../operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { runBatch } from '../../../wire/entries.js';
import { messageAttribute } from '../../../wire/message-attribute.js';
import { messageBytes } from '../../../wire/message-size.js';
import { hasInvalidXmlCharacters } from '../../../wire/xml-characters.js';
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
  Message: Type.String(),
  Subject: text,
  MessageStructure: text,
  MessageAttributes: Type.Optional(Type.Record(Type.String(), messageAttribute)),
};
const outgoing = Type.Object(message);

function refusedId(id: string): string | undefined {
  if (id.length > 80) return `The Id of a batch entry in the batch request is too long: ${id}`;
  if (/^[A-Za-z0-9_-]+$/.test(id)) return undefined;
  return `The Id of a batch entry in the batch request contains an impermissible character: ${id}`;
}

/** "Must be UTF-8 text with no line breaks or control characters", 1 to 100 characters. */
const isSubject = (text: string) => /^[^\p{Cc}\p{Cs}\u2028\u2029]{1,100}$/u.test(text);

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
        PublishBatchRequestEntries: Type.Array(Type.Object({ Id: Type.String(), ...message })),
      }),
      ({ TopicArn, PublishBatchRequestEntries }) => {
        const topic = topics.get(TopicArn);
        const bytes = PublishBatchRequestEntries.reduce(
          (sum, { Message, MessageAttributes }) => sum + messageBytes(Message, MessageAttributes),
          0,
        );
        if (bytes > mostMessageBytes)
          throw new AwsError(
            'BatchRequestTooLong',
            'The length of all the messages put together is more than the limit.',
          );
        return runBatch(PublishBatchRequestEntries, refusedId, (entry) => publish(topic, entry));
      },
    ),
  ];

  /** Stores the message, with a delivery for each matching subscription. */
  function publish(topic: TopicRecord, input: Static<typeof outgoing>) {
    if (input.Message === '') throw invalidParameter('Empty message');
    if (messageBytes(input.Message, input.MessageAttributes) > mostMessageBytes)
      throw invalidParameter('Message too long');
    if (hasInvalidXmlCharacters(input.Message)) throw invalidParameter('Message Reason: it has invalid characters');
    if (input.Subject !== undefined && !isSubject(input.Subject)) throw invalidParameter('Subject');
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
        caller: { kind: 'service', name: 'sns.amazonaws.com', sourceArn: topic.arn },
        target,
        body,
        retry: defaultRetryLimits,
        ...present({ deadLetterArn }),
      });
    }
    return { MessageId: notification.id };
  }
}
