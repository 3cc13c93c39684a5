import { AwsError } from '../../wire/aws-error.js';
import type { EngineContext } from '../service.js';

/**
 * Sends a message to a queue that an ARN names.
 *
 * @throws AwsError `AWS.SimpleQueueService.NonExistentQueue`, also for a queue of another region: a queue of that name in
 * this one is not the one that is meant
 */
export async function sendToQueue(
  context: EngineContext,
  arn: string,
  body: string,
  attributes: object,
): Promise<void> {
  const [, , , region, , name] = arn.split(':');
  if (region !== context.region)
    throw new AwsError(
      'AWS.SimpleQueueService.NonExistentQueue',
      `The queue ${arn} is in another region than ${context.region}; the embedded engine does not deliver there.`,
    );
  await context.call('sqs', 'SendMessage', { QueueUrl: name, MessageBody: body, MessageAttributes: attributes });
}
