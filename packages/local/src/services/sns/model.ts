import type { MessageAttributes } from '../../wire/message-attribute.js';
import type { Tag } from '../../wire/tag-list.js';

/** A topic. */
export interface TopicRecord {
  readonly name: string;
  readonly arn: string;
  /** The attributes that were set, as text, under AWS's names. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: readonly Tag[];
}

/** Who gets the messages of a topic. */
export interface SubscriptionRecord {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: Protocol;
  readonly endpoint: string;
  /** RawMessageDelivery, FilterPolicy, …: as text, under AWS's names. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Queues and functions get messages; nothing leaves the machine, so the others stay unconfirmed. */
export type Protocol = 'email' | 'email-json' | 'lambda' | 'sqs';

/** A message as it was published. */
export interface NotificationRecord {
  readonly id: string;
  readonly topicArn: string;
  readonly subject?: string;
  readonly message: string;
  /** Per protocol, when the message was published with a structure. */
  readonly variants?: Readonly<Record<string, string>>;
  readonly attributes: MessageAttributes;
  /** ISO 8601. */
  readonly publishedAt: string;
}
