import { type AccessRule, anywhere, type CallInput, on, requestTags, type ServiceAccess } from '../../iam/access.js';
import type { Queues } from './queues.js';

/** The permissions of SQS. A batch needs the permission of its single call. */
export function sqsAccess(queues: Queues): ServiceAccess {
  const queue = ({ QueueUrl, QueueName }: CallInput) =>
    queues.arn(
      String(QueueUrl ?? QueueName ?? '')
        .split('/')
        .at(-1) ?? '',
    );
  const rule = (action: string): AccessRule => on(`sqs:${action}`, queue);
  return {
    rules: {
      SendMessage: rule('SendMessage'),
      SendMessageBatch: rule('SendMessage'),
      ReceiveMessage: rule('ReceiveMessage'),
      DeleteMessage: rule('DeleteMessage'),
      DeleteMessageBatch: rule('DeleteMessage'),
      ChangeMessageVisibility: rule('ChangeMessageVisibility'),
      ChangeMessageVisibilityBatch: rule('ChangeMessageVisibility'),
      CreateQueue: on('sqs:CreateQueue', queue, ({ tags }) => requestTags(tags)),
      DeleteQueue: rule('DeleteQueue'),
      GetQueueUrl: rule('GetQueueUrl'),
      ListQueues: anywhere('sqs:ListQueues'),
      GetQueueAttributes: rule('GetQueueAttributes'),
      SetQueueAttributes: rule('SetQueueAttributes'),
      TagQueue: on('sqs:TagQueue', queue, ({ Tags }) => requestTags(Tags)),
      UntagQueue: rule('UntagQueue'),
      ListQueueTags: rule('ListQueueTags'),
      PurgeQueue: rule('PurgeQueue'),
    },
    tagsOf: (arn) => queues.find(arn.split(':').at(-1) ?? '')?.tags,
    policyOf: (arn) => queues.find(arn.split(':').at(-1) ?? '')?.attributes['Policy'] || undefined,
    isMissing: (arn) => queues.find(arn.split(':').at(-1) ?? '') === undefined,
    denial: { code: 'AccessDenied', status: 403, action: (action) => action.toLowerCase() },
  };
}
