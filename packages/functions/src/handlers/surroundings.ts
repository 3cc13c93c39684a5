import { S3Client } from '@aws-sdk/client-s3';
import type { FunctionDependencies } from '../step-function.js';

/** The SDK waits up to 20 s between attempts, so these retries handle a busy S3 better than the state's retries. */
export const maxAttempts = 6;

/** A Lambda function's log is its standard output. */
export const surroundings: FunctionDependencies = {
  log: (entry) => {
    process.stdout.write(`${JSON.stringify(entry)}\n`);
  },
  clock: () => performance.now(),
};

export const createS3 = (): S3Client => new S3Client({ maxAttempts });
