/** This many concurrent requests stay well below the rates at which AWS's control planes throttle. */
const width = 8;

/** Maps items a few at a time and keeps their order; rejects on the first failure. */
export async function inParallel<T, R>(items: readonly T[], map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await map(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
