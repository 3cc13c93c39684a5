import type { MessageAttributes } from '../../wire/message-attribute.js';
import type { Tag } from '../../wire/tag-list.js';

/** A topic. */
export interface TopicRecord {
  readonly name: string;
  readonly arn: string;
  /** The attributes that were set, as strings, under AWS's names. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
}

/** A subscription to a topic. */
export interface SubscriptionRecord {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  /** RawMessageDelivery, FilterPolicy, …: as strings, under AWS's names. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Only queues and functions receive messages; nothing leaves the machine, so other subscriptions stay unconfirmed. */
export type Protocol = 'email' | 'email-json' | 'lambda' | 'sqs';

/** A published message. */
export interface NotificationRecord {
  readonly id: string;
  readonly topicArn: string;
  readonly subject?: string;
  readonly message: string;
  /** Text per protocol, when the message was published with a structure. */
  readonly variants?: Readonly<Record<string, string>>;
  readonly attributes: MessageAttributes;
  /** ISO 8601. */
  readonly publishedAt: string;
}
