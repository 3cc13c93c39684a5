import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Clients } from './clients.js';
import { isAwsError } from './explain-error.js';

const counts = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesDelayed',
  'ApproximateNumberOfMessagesNotVisible',
] as const;

/** The number of messages in a queue: visible, hidden and delayed ones; 0 when the queue is gone. */
export async function countMessages(clients: Pick<Clients, 'sqs'>, QueueUrl: string): Promise<number> {
  try {
    const { Attributes = {} } = await clients.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...counts] }),
    );
    return counts.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  } catch (error) {
    if (isAwsError(error, 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue')) return 0;
    throw error;
  }
}
