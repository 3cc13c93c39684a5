import type { S3Client } from '@aws-sdk/client-s3';
import { noteName } from '@bclaw/spec/contract';
import { jobRepository, parseS3Uri, type StatePayload } from '@bclaw/spec/run-time';
import { writeSystemFile } from './storage/system-files.js';

/** More are in the function's log. */
const mostWarnings = 10;

/** A step, and what a function has to say about it. */
export interface StepWarnings {
  readonly step: string;
  readonly payload: StatePayload;
  /** Name of the function. */
  readonly function: string;
  readonly warnings: readonly string[];
}

/** Leaves the warnings where those who ask for the job's status find them: nobody reads the log of a success. */
export async function writeWarnings(
  s3: S3Client,
  { step, payload, function: name, warnings }: StepWarnings,
  warn: (sentence: string) => void,
): Promise<void> {
  const { bucket, key = '' } = jobRepository(parseS3Uri(payload.job_data) ?? { bucket: payload.repo.bucket, key: '' });
  const repository = { bucket, prefix: key, uri: `s3://${bucket}/${key}` };
  try {
    await Promise.all(
      warnings.slice(0, mostWarnings).map((sentence, number) => {
        const of = { execution: payload.execution.name, step, index: payload.index, jobId: name };
        return writeSystemFile(s3, repository, noteName({ ...of, kind: 'warning', number }), JSON.stringify(sentence));
      }),
    );
  } catch (error) {
    // The step's result does not depend on it.
    const reason = error instanceof Error ? error.message : String(error);
    warn(`The status of the job will not tell of this: ${reason}`);
  }
}
