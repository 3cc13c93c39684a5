import { SNSClient } from '@aws-sdk/client-sns';
import { createNotify } from '../notify/notify.js';
import { maxAttempts, surroundings } from './surroundings.js';

/** The core stack's template sets `TOPIC_ARN` and `LAUNCHER_BUCKET`. */
export default createNotify({
  sns: new SNSClient({ maxAttempts }),
  topicArn: process.env['TOPIC_ARN'] ?? '',
  launcherBucket: process.env['LAUNCHER_BUCKET'] ?? '',
  ...surroundings,
});
