import type { EngineContext } from '../../../kernel/service.js';

/**
 * The visibility timeout of a queue, in seconds.
 *
 * @throws AwsError `QueueDoesNotExist`
 */
export async function visibilityTimeout(call: EngineContext['call'], queueName: string): Promise<number> {
  const answer = await call('sqs', 'GetQueueAttributes', {
    QueueUrl: queueName,
    AttributeNames: ['VisibilityTimeout'],
  });
  const attributes: unknown = Reflect.get(Object(answer), 'Attributes');
  return Number(Reflect.get(Object(attributes), 'VisibilityTimeout'));
}
