import { launchQueueReceives } from '@bclaw/spec/contract';
import { getAtt, type Resource, ref, sub } from '../cloudformation.js';
import { tagList } from '../tags.js';
import type { StackPlan } from './plan.js';

const queueId = 'LaunchQueue';
const policyId = 'LaunchQueuePolicy';
const mappingId = 'LaunchQueueMapping';

/** URL and ARN of the queue in which job files wait for their launch. */
export const launchQueueUrl = ref(queueId);
export const launchQueueArn = getAtt(queueId, 'Arn');

/** Calls of Lambda's pollers in the launcher's name, and the launcher's own for messages that it can't launch. */
export const launchQueueActions = [
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
  'sqs:ChangeMessageVisibility',
  'sqs:SendMessage',
  'sqs:GetQueueUrl',
];

/** Resources that must exist before the rule sends its first event to the queue: EventBridge drops what it may not send. */
export const launchQueueIds = [policyId, mappingId];

/** SQS keeps a message for 14 days, its longest time. */
const retentionSeconds = 14 * 24 * 60 * 60;
/** Lambda's recommendation for a queue: six times the function's timeout. */
const timeouts = 6;
/**
 * Batches at a time. Ten launches take some 200 ms, so this is twice what Step Functions lets an account start in a
 * second, and a hundredth of the account's Lambda concurrency.
 */
const maximumConcurrency = 10;

/** The queue between rule and alias: a launch waits in it, however many there are. */
export function launchQueueResources(
  { core, deployment }: StackPlan,
  { alias, timeoutSeconds }: { readonly alias: ReturnType<typeof ref>; readonly timeoutSeconds: number },
): Readonly<Record<string, Resource>> {
  return {
    [queueId]: {
      Type: 'AWS::SQS::Queue',
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
      Properties: {
        MessageRetentionPeriod: retentionSeconds,
        VisibilityTimeout: timeouts * timeoutSeconds,
        RedrivePolicy: { deadLetterTargetArn: core.deadLetterQueueArn, maxReceiveCount: launchQueueReceives },
        SqsManagedSseEnabled: true,
        Tags: tagList(deployment),
      },
    },
    [policyId]: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [launchQueueUrl],
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { Service: 'events.amazonaws.com' },
              Action: 'sqs:SendMessage',
              Resource: launchQueueArn,
              // Not the rule's own ARN: the policy must exist before the rule leads here, and CloudFormation shortens
              // the workflow's name in the rule's.
              Condition: {
                StringEquals: { 'aws:SourceAccount': sub('${AWS::AccountId}') },
                ArnLike: {
                  'aws:SourceArn': sub('arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*'),
                },
              },
            },
          ],
        },
      },
    },
    [mappingId]: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: launchQueueArn,
        // The alias, so that whatever moves it moves the messages that wait, too.
        FunctionName: alias,
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: maximumConcurrency },
        Tags: tagList(deployment),
      },
    },
  };
}
