import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/*
 * Equal workflows give equal bytes, also when CloudFormation has handed the template on with its maps in another order.
 * So every map that comes from a template is written in the order of its keys; all else is written in one order anyway.
 */

const isAscending = (keys: readonly string[]): boolean =>
  keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') <= key);

/** The same map with its keys in code unit order. */
export function inKeyOrder<T>(map: Readonly<Record<string, T>>): Readonly<Record<string, T>> {
  const keys = Object.keys(map);
  if (isAscending(keys)) return map;
  return Object.fromEntries(Object.entries(map).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Any data with the keys of every map in it in code unit order. */
export function deeplyInKeyOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deeplyInKeyOrder);
  if (typeof value !== 'object' || value === null) return value;
  return inKeyOrder(Object.fromEntries(Object.entries(value).map(([key, member]) => [key, deeplyInKeyOrder(member)])));
}

const encoder = new TextEncoder();

interface NativeCrypto {
  createHash(name: 'sha256'): { update(text: string): { digest(encoding: 'hex'): string } };
}

/** Node.js has its own SHA-256, more than ten times as fast as one in JavaScript; other platforms have none that answers at once. */
const host: {
  readonly Object: unknown;
  readonly process?: { readonly getBuiltinModule?: (name: 'node:crypto') => NativeCrypto | undefined };
} = globalThis;
const native = host.process?.getBuiltinModule?.('node:crypto');

/** SHA-256 of a text's UTF-8 bytes as 64 hexadecimal digits. */
export const sha256Hex = (text: string): string =>
  native === undefined ? portableSha256Hex(text) : native.createHash('sha256').update(text).digest('hex');

/** The same, on any platform. */
export const portableSha256Hex = (text: string): string => bytesToHex(sha256(encoder.encode(text)));

/** How many bytes a text takes in UTF-8. */
export const utf8Length = (text: string): number => (isAscii(text) ? text.length : encoder.encode(text).length);

const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);
