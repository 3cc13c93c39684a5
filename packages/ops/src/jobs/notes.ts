import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { objectIn, type S3Location } from '@bclaw/spec';
import { type JobNote, noteName, notesFolder, parseNoteName } from '@bclaw/spec/contract';
import type { Clients } from '../aws/clients.js';
import { isAwsError } from '../aws/explain-error.js';
import { readText } from '../aws/objects.js';
import type { JobPlace } from './steps.js';

/** A function's warning about a step that succeeded. */
export interface StepWarning {
  readonly step: string;
  /** `main`, or the number of the branch. */
  readonly index: string;
  readonly text: string;
}

/** The notes on an execution. */
export interface Notes {
  readonly notes: readonly JobNote[];
  /** The first of the warnings, with their sentences. */
  readonly warnings: readonly StepWarning[];
  /** True when there are more than could be listed at once. */
  readonly more: boolean;
}

/** Each costs a request. */
const mostWarnings = 10;

/**
 * Lists the notes on a job: at most a thousand, with one request, and one more for each of the first ten warnings.
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
    const found = notes.filter(({ kind }) => kind === 'warning');
    const warnings = await Promise.all(
      found.slice(0, mostWarnings).map((note) => readWarning(clients, note, objectIn(repository, noteName(note)))),
    );
    return { notes, warnings: warnings.flat(), more: answer.IsTruncated === true || found.length > mostWarnings };
  } catch (error) {
    if (isAwsError(error, 'AccessDenied', 'NoSuchBucket')) return undefined;
    throw error;
  }
}

async function readWarning(
  clients: Pick<Clients, 's3'>,
  { step, index }: JobNote,
  location: S3Location,
): Promise<readonly StepWarning[]> {
  const text = await readText(clients, location);
  return text === undefined ? [] : [{ step, index, text: String(JSON.parse(text)) }];
}
