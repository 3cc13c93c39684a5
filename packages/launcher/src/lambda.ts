import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { launcherVariables } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { createLauncher } from './launcher.js';

/** A call that hangs fails its own message, not the batch: the function's timeout is a minute. */
const requestHandler = { connectionTimeout: 5_000, requestTimeout: 15_000 };

/** The launcher function of a compiled workflow: configured by its environment. */
export const handler = createLauncher({
  // A refused start is known not to have happened only if no earlier try of the same call may have.
  sfn: new SFNClient({ requestHandler, maxAttempts: 1 }),
  s3: new S3Client({ requestHandler }),
  sqs: new SQSClient({ requestHandler }),
  config: {
    workflow: process.env[launcherVariables.workflow] ?? '',
    versioned: process.env[launcherVariables.versioned] === 'true',
    ...given({ deadLetterQueueArn: process.env[launcherVariables.deadLetterQueue] }),
  },
});
