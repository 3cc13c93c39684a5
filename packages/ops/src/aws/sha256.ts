import { createHash } from 'node:crypto';

/** SHA-256 (of a text's UTF-8) as 64 hexadecimal digits. */
export const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex');
