import { present } from '../../kernel/present.js';
import { attributesDigest, bodyDigest } from './digest.js';
import type { MessageRecord } from './model.js';
import { receiptHandle } from './queue-messages.js';

interface WantedAttributes {
  readonly AttributeNames?: readonly string[];
  readonly MessageSystemAttributeNames?: readonly string[];
  readonly MessageAttributeNames?: readonly string[];
}

/** A message in the shape of ReceiveMessage, with the requested attributes. */
export function receivedMessage(message: MessageRecord, request: WantedAttributes, senderId: string) {
  const wantedSystem = new Set([...(request.AttributeNames ?? []), ...(request.MessageSystemAttributeNames ?? [])]);
  const system = Object.entries(systemAttributes(message, senderId)).filter(
    ([name]) => wantedSystem.has('All') || wantedSystem.has(name),
  );
  const wanted = request.MessageAttributeNames ?? [];
  const attributes = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) => wanted.some((pattern) => fits(name, pattern))),
  );
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle(message),
    MD5OfBody: bodyDigest(message.body),
    Body: message.body,
    Attributes: system.length === 0 ? undefined : Object.fromEntries(system),
    MD5OfMessageAttributes: attributesDigest(attributes),
    MessageAttributes: Object.keys(attributes).length === 0 ? undefined : attributes,
  };
}

function systemAttributes(message: MessageRecord, senderId: string): Record<string, string> {
  return {
    SenderId: senderId,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? message.sentAt),
    ...present({ AWSTraceHeader: message.traceHeader, DeadLetterQueueSourceArn: message.deadLetterSourceArn }),
  };
}

/** A name, `All`, `.*`, or a prefix as in `order.*`. */
function fits(name: string, pattern: string): boolean {
  if (pattern === 'All' || pattern === '.*') return true;
  return pattern.endsWith('.*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
