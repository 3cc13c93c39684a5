import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { createLauncher } from './launcher.js';

/** The launcher function of a compiled workflow: configured by `WORKFLOW_NAME` and `VERSIONED`. */
export const handler = createLauncher({
  sfn: new SFNClient(),
  s3: new S3Client(),
  config: {
    workflow: process.env['WORKFLOW_NAME'] ?? '',
    versioned: process.env['VERSIONED'] === 'true',
  },
});
