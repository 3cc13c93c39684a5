import { getAtt, type Resource, ref, sub } from '@bclaw/compiler';

const deadLettersId = 'DeadLetterQueue';
const topicId = 'NotificationsTopic';

export const deadLetterQueueArn = getAtt(deadLettersId, 'Arn');
export const notificationsTopicArn = ref(topicId);

/** Where what went wrong with a launch is kept, and where the ends of executions are told. */
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
};
