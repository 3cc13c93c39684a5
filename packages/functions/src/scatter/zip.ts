import { JobError } from '../errors.js';

/**
 * The first items of several sources, then the second ones, and so on.
 *
 * @param sources name → items
 * @returns maps from name to item
 * @throws JobError `SourceInvalid` when one has more items than another: the rest would be lost
 */
export async function* together(
  sources: ReadonlyMap<string, AsyncGenerator<unknown>>,
): AsyncGenerator<ReadonlyMap<string, unknown>> {
  for (let count = 0; ; count += 1) {
    const items = await Promise.all([...sources].map(async ([name, items]) => [name, await items.next()] as const));
    const ended = items.filter(([, { done }]) => done === true);
    if (ended.length === items.length) return;
    if (ended.length > 0) throw await unequal(items, sources, count);
    yield new Map(items.map(([name, { value }]) => [name, value]));
  }
}

async function unequal(
  items: readonly (readonly [string, IteratorResult<unknown>])[],
  sources: ReadonlyMap<string, AsyncGenerator<unknown>>,
  count: number,
): Promise<JobError> {
  const lengths = await Promise.all(
    items.map(async ([name, { done }]) => {
      if (done === true) return `"${name}" has ${count}`;
      let length = count + 1;
      for await (const _ of sources.get(name) ?? []) length += 1;
      return `"${name}" has ${length}`;
    }),
  );
  return new JobError(
    'SourceInvalid',
    `The zipped sources of the scatter differ in their items: ${lengths.join(', ')}.`,
    {
      hint: 'Sources under `zip` advance together; for every combination, write them beside each other without `zip`.',
    },
  );
}
