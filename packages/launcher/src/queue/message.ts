import { isRecord } from '../job-file.js';

/** A message of the launch queue: the event of one job file. */
export interface LaunchMessage {
  readonly id: string;
  readonly receiptHandle: string;
  readonly queueArn: string;
  readonly body: string;
  /** Number of receives, this one included. */
  readonly receiveCount: number;
  /** Epoch milliseconds. */
  readonly sentAt: number;
  /** Number of failed launches; throttled tries don't count. */
  readonly failures: number;
}

/** The message attribute that counts failures. An attribute never changes, so a message that failed is sent anew. */
export const failuresAttribute = 'Failures';

/** The messages in Lambda's event for an SQS queue; `undefined` for any other event. */
export function messagesOf(event: unknown): readonly LaunchMessage[] | undefined {
  if (!isRecord(event) || !Array.isArray(event['Records'])) return undefined;
  const messages = event['Records'].map(messageOf);
  const read = messages.filter((each) => each !== undefined);
  return read.length === messages.length && read.length > 0 ? read : undefined;
}

function messageOf(record: unknown): LaunchMessage | undefined {
  if (!isRecord(record) || record['eventSource'] !== 'aws:sqs') return undefined;
  const { messageId, receiptHandle, eventSourceARN, body, attributes, messageAttributes } = record;
  if (typeof messageId !== 'string' || typeof receiptHandle !== 'string') return undefined;
  if (typeof eventSourceARN !== 'string' || typeof body !== 'string') return undefined;
  const system = isRecord(attributes) ? attributes : {};
  const failures = isRecord(messageAttributes) ? messageAttributes[failuresAttribute] : undefined;
  return {
    id: messageId,
    receiptHandle,
    queueArn: eventSourceARN,
    body,
    receiveCount: Number(system['ApproximateReceiveCount'] ?? 1),
    sentAt: Number(system['SentTimestamp'] ?? Date.now()),
    failures: isRecord(failures) ? Number(failures['stringValue'] ?? 0) : 0,
  };
}
