/* The Lambda bundle: one exported handler for each function. */
import { S3Client } from '@aws-sdk/client-s3';
import { createInitialize } from './initialize.js';
import type { Log } from './log.js';

const s3 = new S3Client({});
const clock = () => performance.now();
const log: Log = (entry) => {
  process.stdout.write(`${JSON.stringify(entry)}\n`);
};

/** Handler of the function `initialize`. */
export const initialize = createInitialize({ s3, log, clock });
