import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/*
 * Equal workflows compile to equal bytes, even if CloudFormation passed on the template with its maps in another order.
 * So the keys of every map from a template are sorted; everything else has a fixed order anyway.
 */

const isAscending = (keys: readonly string[]): boolean =>
  keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') <= key);

/** The same map with its keys in code unit order. */
export function inKeyOrder<T>(map: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  const keys = Object.keys(map);
  if (isAscending(keys)) return map;
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same data with the keys of all maps in code unit order. */
export function deeplyInKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deeplyInKeyOrder);
  if (typeof value !== 'object' || value === null) return value;
  return inKeyOrder(Object.fromEntries(Object.entries(value).map(([key, member]) => [key, deeplyInKeyOrder(member)])));
}

const encoder = new TextEncoder();

/** Digests a text: SHA-256 of its UTF-8 bytes as 64 hexadecimal digits. */
export type Sha256 = (text: string) => string;

/** SHA-256 on any platform. */
export const sha256Hex: Sha256 = (text) => bytesToHex(sha256(encoder.encode(text)));

/** Number of bytes of a text in UTF-8. */
export const utf8Length = (text: string): number => (isAscii(text) ? text.length : encoder.encode(text).length);

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);
