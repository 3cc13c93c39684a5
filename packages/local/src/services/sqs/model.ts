import type { MessageAttributes } from '../../wire/message-attribute.js';

/** A standard queue. Times are in epoch milliseconds. */
export interface QueueRecord {
  readonly name: string;
  readonly arn: string;
  /** The attributes that were set, as strings, under AWS's names; the others have their default. */
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
  /** The trace header, the only system attribute that a sender may set. */
  readonly traceHeader?: string;
  readonly sentAt: number;
  /** Time from which the message can be received. */
  readonly visibleAt: number;
  readonly receiveCount: number;
  readonly firstReceivedAt?: number;
  /** Changes with every receipt; only the latest one is valid for deletion. */
  readonly receipt?: string;
  /** The queue from which a redrive moved it here. */
  readonly deadLetterSourceArn?: string;
}

/** Settings for moving messages that were received too often. */
export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

/** A message's key in the journal; queue names contain no slash. */
export function messageKey(message: Pick<MessageRecord, 'queue' | 'id'>): string {
  return `${message.queue}/${message.id}`;
}
