import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { objectIn } from '@bclaw/spec';
import { type JobNote, notesFolder, parseNoteName } from '@bclaw/spec/contract';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import type { JobPlace } from './steps.js';

/** The runner's notes on the jobs of an execution. */
export interface Notes {
  readonly notes: readonly JobNote[];
  /** True when there are more than could be listed at once. */
  readonly more: boolean;
}

/**
 * Lists the notes on a job: at most a thousand, with one request.
 *
 * @returns `undefined` when the folder must not be listed
 */
export async function readNotes(
  clients: Pick<Clients, 's3'>,
  { repository, execution }: JobPlace,
): Promise<Notes | undefined> {
  const { bucket, key: prefix } = objectIn(repository, notesFolder(execution));
  try {
    const answer = await clients.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix }));
    const notes = (answer.Contents ?? []).flatMap(({ Key: key = '' }) => {
      const note = parseNoteName(execution, key.slice(prefix.length));
      return note === undefined ? [] : [note];
    });
    return { notes, more: answer.IsTruncated === true };
  } catch (error) {
    if (isAwsError(error, 'AccessDenied', 'NoSuchBucket')) return undefined;
    throw error;
  }
}
