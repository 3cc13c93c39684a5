import { ifThere } from '../answers.js';
import { attachedPolicyType } from '../attached-policy.js';

/** AWS::SQS::QueuePolicy: the same policy for several queues. */
export const sqsQueuePolicy = attachedPolicyType({
  name: 'AWS::SQS::QueuePolicy',
  property: 'Queues',

  async attach(tools, QueueUrl, Policy) {
    await tools.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
  },

  async withdraw(tools, QueueUrl) {
    await ifThere(
      tools.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy: '' } }),
      'QueueDoesNotExist',
    );
  },
});
