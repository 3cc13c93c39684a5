import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { launcherVariables } from '@bclaw/spec/contract';
import { createLauncher } from './launcher.js';

/** The launcher function of a compiled workflow: configured by its environment. */
export const handler = createLauncher({
  sfn: new SFNClient(),
  s3: new S3Client(),
  config: {
    workflow: process.env[launcherVariables.workflow] ?? '',
    versioned: process.env[launcherVariables.versioned] === 'true',
  },
});
