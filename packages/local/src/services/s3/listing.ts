import { compareKeys } from './storage/key-order.js';
import type { SortedKeys } from './storage/sorted-keys.js';

/** Parameters of a listing, shared by S3's four listing operations. */
export interface ListingWindow<T> {
  readonly prefix: string;
  readonly delimiter: string | undefined;
  /** Start after this key (or after the common prefix that contains it). */
  readonly after: string | undefined;
  /** Start at this key instead of after it: a listing of versions may continue in the middle of a key. */
  readonly inclusive?: boolean;
  /** Maximum number of items and common prefixes together. */
  readonly limit: number;
  /** Returns the items of a key: none when only a delete marker is left, several versions, or one object. */
  expand(key: string): readonly T[];
}

export interface ListingPage<T> {
  readonly items: readonly T[];
  readonly commonPrefixes: readonly string[];
  readonly isTruncated: boolean;
  /** The last key or common prefix on the page. */
  readonly last: string | undefined;
}

/**
 * One page of a listing. Keys that contain the delimiter after the prefix are grouped into a common prefix, which
 * counts once; the walk skips over grouped keys, so the cost of a page does not depend on their number.
 */
export function listPage<T>(keys: SortedKeys, window: ListingWindow<T>): ListingPage<T> {
  const { prefix, limit } = window;
  const delimiter = window.delimiter === '' ? undefined : window.delimiter;
  const items: T[] = [];
  const commonPrefixes: string[] = [];
  let last: string | undefined;
  let key = limit === 0 ? undefined : firstKey(keys, window, delimiter);
  while (key?.startsWith(prefix)) {
    const expanded = window.expand(key);
    const common = commonPrefixOf(key, prefix, delimiter);
    if (expanded.length === 0) {
      key = keys.after(key);
      continue;
    }
    const room = limit - items.length - commonPrefixes.length;
    if (room === 0) return { items, commonPrefixes, isTruncated: true, last };
    if (common !== undefined) {
      commonPrefixes.push(common);
      last = common;
      key = keys.afterPrefix(common);
      continue;
    }
    items.push(...expanded.slice(0, room));
    last = key;
    if (expanded.length > room) return { items, commonPrefixes, isTruncated: true, last };
    key = keys.after(key);
  }
  return { items, commonPrefixes, isTruncated: false, last };
}

function firstKey<T>(keys: SortedKeys, window: ListingWindow<T>, delimiter: string | undefined): string | undefined {
  const { prefix, after } = window;
  if (after === undefined || compareKeys(after, prefix) < 0) return keys.atOrAfter(prefix);
  if (!after.startsWith(prefix)) return undefined;
  const common = commonPrefixOf(after, prefix, delimiter);
  if (common !== undefined) return keys.afterPrefix(common);
  return window.inclusive === true ? keys.atOrAfter(after) : keys.after(after);
}

/** The common prefix of `key`: everything up to and including the first delimiter after the prefix. */
export function commonPrefixOf(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  if (delimiter === undefined) return undefined;
  const at = key.indexOf(delimiter, prefix.length);
  return at < 0 ? undefined : key.slice(0, at + delimiter.length);
}

/** S3's `encoding-type=url`: percent-encoded UTF-8, slashes unchanged. */
export const encodeListed = (value: string, encoding: string | undefined): string =>
  encoding === 'url' ? encodeURIComponent(value).replaceAll('%2F', '/') : value;
