import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { Checksum } from './object-store.js';

/** Computes a checksum of a file in S3's format, base64. */
export async function checksumOfFile(path: string, algorithm: Checksum['algorithm']): Promise<string> {
  const bytes = createReadStream(path, { highWaterMark: 1024 * 1024 });
  if (algorithm === 'crc32') {
    let value = 0;
    for await (const chunk of bytes) value = crc32(chunk, value);
    const result = Buffer.alloc(4);
    result.writeUInt32BE(value);
    return result.toString('base64');
  }
  const hash = createHash(algorithm);
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest('base64');
}
