import type { MessageAttributes } from '../../wire/message-attribute.js';

/** A standard queue. Times are in epoch milliseconds. */
export interface QueueRecord {
  readonly name: string;
  readonly arn: string;
  /** The attributes that were set, as text, under AWS's names; what is missing has its default. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: number;
  readonly changedAt: number;
}

/** A message in a queue. Times are in epoch milliseconds. */
export interface MessageRecord {
  readonly id: string;
  readonly queue: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** The trace header, the one system attribute that a sender may give. */
  readonly traceHeader?: string;
  readonly sentAt: number;
  /** From when on the message can be received. */
  readonly visibleAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt?: number;
  /** Changes with every receipt; the latest one deletes. */
  readonly receipt?: string;
  /** The queue from which redriving moved it here. */
  readonly deadLetterSourceArn?: string;
}

/** When a message that was received too often moves elsewhere. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** A message's key in the journal; queue names have no slash. */
export function messageKey(message: Pick<MessageRecord, 'queue' | 'id'>): string {
  return `${message.queue}/${message.id}`;
}
