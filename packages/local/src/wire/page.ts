import { AwsError } from './aws-error.js';

/**
 * Cuts a page from a list that is sorted by a unique key. The token is the key of the last item of the previous page,
 * so pages stay correct when items are added or removed between the calls.
 *
 * @param code - error code for an invalid token
 * @example
 * ```ts
 * const { items, nextToken } = pageOf(topics, (topic) => topic.arn, { limit: 100, token: input.NextToken, code: 'InvalidParameter' });
 * ```
 */
export function pageOf<T>(
  sorted: Iterable<T>,
  keyOf: (item: T) => string,
  options: { readonly limit: number; readonly token: string | undefined; readonly code: string },
): { readonly items: readonly T[]; readonly nextToken: string | undefined } {
  const { limit, token, code } = options;
  const after = token === undefined ? undefined : decodeToken(token, code);
  const items: T[] = [];
  for (const item of sorted) {
    if (after !== undefined && keyOf(item) <= after) continue;
    if (items.length === limit) return { items, nextToken: encodeToken(keyOf(items[limit - 1] ?? item)) };
    items.push(item);
  }
  return { items, nextToken: undefined };
}

/** Sorts by a text key, in code point order, so that the order does not depend on the locale. */
export function sortedBy<T>(items: Iterable<T>, keyOf: (item: T) => string): T[] {
  return [...items].sort((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}

function encodeToken(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function decodeToken(token: string, code: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (encodeToken(key) !== token) throw new AwsError(code, 'The token is not one that an earlier page returned.');
  return key;
}
