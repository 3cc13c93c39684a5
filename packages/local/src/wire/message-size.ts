import type { MessageAttributes } from './message-attribute.js';

/** The size of a message as SQS and SNS count it, in bytes: its text, and name, type and value of each attribute. */
export function messageBytes(text: string, attributes: MessageAttributes = {}): number {
  let bytes = Buffer.byteLength(text);
  for (const [name, { DataType, StringValue = '', BinaryValue = '' }] of Object.entries(attributes))
    bytes += Buffer.byteLength(name + DataType + StringValue) + Buffer.byteLength(BinaryValue, 'base64');
  return bytes;
}
