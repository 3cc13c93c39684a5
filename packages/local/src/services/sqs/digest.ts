import { createHash } from 'node:crypto';
import type { MessageAttributes } from '../../wire/message-attribute.js';

/** The MD5 of a message's body, which clients compare with their own. */
export function bodyDigest(body: string): string {
  return createHash('md5').update(body).digest('hex');
}

/**
 * The MD5 of message attributes as defined by SQS: sorted by name; name, data type and value are each preceded by their
 * length as a big-endian 32-bit number, and a byte distinguishes text (1) from binary (2).
 */
export function attributesDigest(attributes: MessageAttributes): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    add(Buffer.from(name));
    add(Buffer.from(attribute.DataType));
    const binary = attribute.BinaryValue;
    hash.update(Buffer.from([binary === undefined ? 1 : 2]));
    add(binary === undefined ? Buffer.from(attribute.StringValue ?? '') : Buffer.from(binary, 'base64'));
  }
  return hash.digest('hex');
}
