import { getAtt, type Resource, ref, sub } from '@bclaw/compiler';
import { notifyVariables } from '@bclaw/spec/contract';
import { functionId, lambdaFunction } from './lambda-function.js';
import { launcherBucket } from './launcher-bucket.js';
import { functionsBundle } from './state-function-options.js';

const deadLettersId = 'DeadLetterQueue';
const topicId = 'NotificationsTopic';
const notifyId = 'Notify';
const ruleId = 'JobStatusRule';

export const deadLetterQueueArn = getAtt(deadLettersId, 'Arn');
export const notificationsTopicArn = ref(topicId);

/** The queue for failed launches, and the topic for the ends of executions. */
export const notificationResources: Readonly<Record<string, Resource>> = {
  [deadLettersId]: {
    Type: 'AWS::SQS::Queue',
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
    Properties: {
      QueueName: sub('${AWS::StackName}-dead-letters'),
      MessageRetentionPeriod: 14 * 24 * 60 * 60,
      SqsManagedSseEnabled: true,
    },
  },
  [topicId]: {
    Type: 'AWS::SNS::Topic',
    Properties: { TopicName: sub('${AWS::StackName}-notifications') },
  },
  // It has no published version, because state machines never call it.
  ...lambdaFunction({
    ...functionsBundle,
    id: notifyId,
    nameSuffix: '-notify',
    description: 'Tells the notifications topic how jobs begin and end',
    handler: 'index.notify',
    environment: {
      [notifyVariables.topic]: notificationsTopicArn,
      [notifyVariables.launcherBucket]: launcherBucket,
    },
    grants: [{ actions: ['sns:Publish'], resources: [notificationsTopicArn] }],
  }),
  [ruleId]: {
    Type: 'AWS::Events::Rule',
    Properties: {
      Description: sub('How jobs of ${AWS::StackName} begin and end'),
      State: 'ENABLED',
      EventPattern: {
        source: ['aws.states'],
        'detail-type': ['Step Functions Execution Status Change'],
        // The branches of a distributed Map are executions, too: …:execution:<state machine>/<Map>:<id>. A scatter of
        // ten thousand must not invoke the function twenty thousand times in vain.
        detail: { executionArn: [{ 'anything-but': { wildcard: '*:execution:*/*' } }] },
      },
      Targets: [{ Id: 'notify', Arn: getAtt(functionId(notifyId), 'Arn') }],
    },
  },
  NotifyPermission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: ref(functionId(notifyId)),
      Principal: 'events.amazonaws.com',
      SourceArn: getAtt(ruleId, 'Arn'),
    },
  },
};
