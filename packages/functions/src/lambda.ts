/* The Lambda bundle: one exported handler for each function. */
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { createChoose } from './choose/choose.js';
import { createGather } from './gather/gather.js';
import { createInitialize } from './initialize.js';
import type { Log } from './log.js';
import { createNotify } from './notify/notify.js';
import { createScatter } from './scatter/scatter.js';
import { createSubpipeRetrieve } from './subpipe/retrieve.js';
import { createSubpipeSubmit } from './subpipe/submit.js';

/** The SDK waits up to 20 s between attempts: a busy S3 is outlasted here rather than by the state's retries. */
const maxAttempts = 6;

const s3 = new S3Client({ maxAttempts });
const clock = () => performance.now();
const log: Log = (entry) => {
  process.stdout.write(`${JSON.stringify(entry)}\n`);
};

/** Handler of the function `initialize`. */
export const initialize = createInitialize({ s3, log, clock });

/** Handler of the function `scatter`. */
export const scatter = createScatter({ s3, log, clock });

/** Handler of the function `gather`. */
export const gather = createGather({ s3, log, clock });

/** Handler of the function `choose`. */
export const choose = createChoose({ s3, log, clock });

/** Handler of the function `subpipeSubmit`. */
export const subpipeSubmit = createSubpipeSubmit({ s3, lambda: new LambdaClient({ maxAttempts }), log, clock });

/** Handler of the function `subpipeRetrieve`. */
export const subpipeRetrieve = createSubpipeRetrieve({ s3, log, clock });

/** Handler of the function `notify`; the core stack's template sets `TOPIC_ARN` and `LAUNCHER_BUCKET`. */
export const notify = createNotify({
  sns: new SNSClient({ maxAttempts }),
  topicArn: process.env['TOPIC_ARN'] ?? '',
  launcherBucket: process.env['LAUNCHER_BUCKET'] ?? '',
  log,
  clock,
});
