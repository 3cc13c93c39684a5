import { present } from '../../kernel/present.js';
import type { NotificationRecord, SubscriptionRecord } from './model.js';

/** The message body for a queue subscriber: the message alone, or in SNS's envelope. */
export function queueBody(notification: NotificationRecord, subscription: SubscriptionRecord): string {
  const message = messageFor(notification, subscription);
  if (isRaw(subscription)) return message;
  const attributes = envelopeAttributes(notification);
  return JSON.stringify({
    Type: 'Notification',
    MessageId: notification.id,
    TopicArn: notification.topicArn,
    ...present({ Subject: notification.subject }),
    Message: message,
    Timestamp: notification.publishedAt,
    ...present({ MessageAttributes: attributes }),
  });
}

/** The event for a function subscriber. */
export function functionEvent(notification: NotificationRecord, subscription: SubscriptionRecord): string {
  const record = {
    EventSource: 'aws:sns',
    EventVersion: '1.0',
    EventSubscriptionArn: subscription.arn,
    Sns: {
      Type: 'Notification',
      MessageId: notification.id,
      TopicArn: notification.topicArn,
      Subject: notification.subject ?? null,
      Message: messageFor(notification, subscription),
      Timestamp: notification.publishedAt,
      MessageAttributes: envelopeAttributes(notification) ?? {},
    },
  };
  return JSON.stringify({ Records: [record] });
}

/** Returns true if the queue receives the message without an envelope, with its attributes as the queue message's. */
export function isRaw(subscription: SubscriptionRecord): boolean {
  return subscription.protocol === 'sqs' && subscription.attributes['RawMessageDelivery'] === 'true';
}

function messageFor({ message, variants }: NotificationRecord, { protocol }: SubscriptionRecord): string {
  return variants?.[protocol] ?? message;
}

function envelopeAttributes({ attributes }: NotificationRecord) {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return undefined;
  return Object.fromEntries(
    entries.map(([name, { DataType, StringValue, BinaryValue }]) => [
      name,
      { Type: DataType, Value: StringValue ?? BinaryValue ?? '' },
    ]),
  );
}
