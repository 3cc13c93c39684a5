import { hasMembers, inWords, jsonText } from '@bclaw/spec/run-time';
import { JobError } from '../errors.js';

/** Items that are equal in their keys. */
export interface Group {
  /** The value of the key; of several keys, a map of them. */
  readonly key: unknown;
  /** The items as they are, in order. */
  readonly rows: readonly unknown[];
}

/**
 * Joins items that are equal in some keys: one group for each combination, in the order of their first items.
 *
 * Numbers are equal when they are written alike, so `1` and `1.0` are two groups.
 *
 * @param name of the source in the template, for error messages
 * @throws JobError `SourceInvalid` for an item that is no map or lacks a key: it would be lost, or be in a group of its
 * own
 * @example
 * ```ts
 * await grouped('s', [{ id: 'a', lane: 1 }, { id: 'b', lane: 1 }, { id: 'a', lane: 2 }], ['id']);
 * // [{ key: 'a', rows: [{ id: 'a', lane: 1 }, { id: 'a', lane: 2 }] }, { key: 'b', rows: [{ id: 'b', lane: 1 }] }]
 * ```
 */
export async function grouped(
  name: string,
  items: AsyncIterable<unknown> | Iterable<unknown>,
  keys: readonly string[],
): Promise<readonly Group[]> {
  const groups = new Map<string, { key: unknown; rows: unknown[] }>();
  let index = 0;
  for await (const item of items) {
    index += 1;
    const values = keys.map((key) => valueOfKey(item, key, name, index));
    const id = jsonText(values);
    const group = groups.get(id);
    if (group !== undefined) group.rows.push(item);
    else groups.set(id, { key: keyOf(keys, values), rows: [item] });
  }
  return [...groups.values()];
}

function keyOf(keys: readonly string[], values: readonly unknown[]): unknown {
  return keys.length === 1 ? values[0] : Object.fromEntries(keys.map((key, index) => [key, values[index]]));
}

function valueOfKey(item: unknown, key: string, name: string, index: number): unknown {
  const isRecord = hasMembers(item) && !Array.isArray(item);
  if (isRecord && Object.hasOwn(item, key)) return Reflect.get(item, key);
  const problem = isRecord ? `has no "${key}" (it has ${Object.keys(item).join(', ')})` : `is ${inWords(item)}`;
  throw new JobError(
    'SourceInvalid',
    `The scatter source "${name}" cannot be grouped by "${key}": its item ${index} ${problem}.`,
    {
      hint: 'Items that are grouped are maps, such as the records of a table (`@sheet.csv:$[*]`), and have every key.',
    },
  );
}
