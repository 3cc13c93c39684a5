import { AwsError } from './aws-error.js';

const mostEntries = 10;

/**
 * Runs an operation for every entry of a batch; a failed entry does not stop the others.
 *
 * @param refusedId - the service's sentence about an id that it does not accept; undefined for one that it does
 * @throws AwsError when there are no entries, too many, or two with the same id, or for an id that is refused
 */
export function runBatch<E extends { readonly Id: string }, R extends object>(
  entries: readonly E[],
  refusedId: (id: string) => string | undefined,
  run: (entry: E) => R,
) {
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > mostEntries)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${mostEntries}. You have sent ${entries.length}.`,
    );
  const ids = new Set(entries.map((entry) => entry.Id));
  if (ids.size < entries.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  for (const { Id } of entries) {
    const refused = refusedId(Id);
    if (refused !== undefined) throw new AwsError('InvalidBatchEntryId', refused);
  }
  const Successful: ({ Id: string } & R)[] = [];
  const Failed: { Id: string; SenderFault: boolean; Code: string; Message: string }[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...run(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}
