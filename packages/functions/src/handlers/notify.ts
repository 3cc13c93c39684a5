import { SNSClient } from '@aws-sdk/client-sns';
import { notifyVariables } from '@bclaw/spec/contract';
import { createNotify } from '../notify/notify.js';
import { maxAttempts, surroundings } from './surroundings.js';

export default createNotify({
  sns: new SNSClient({ maxAttempts }),
  topicArn: process.env[notifyVariables.topic] ?? '',
  launcherBucket: process.env[notifyVariables.launcherBucket] ?? '',
  ...surroundings,
});
