import { ifThere } from '../answers.js';
import { attachedPolicyType } from '../attached-policy.js';

/** AWS::SNS::TopicPolicy: the same policy for several topics. */
export const snsTopicPolicy = attachedPolicyType({
  name: 'AWS::SNS::TopicPolicy',
  property: 'Topics',

  async attach(tools, TopicArn, AttributeValue) {
    await tools.call('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
  },

  async withdraw(tools, TopicArn) {
    const AttributeValue = JSON.stringify(defaultPolicy(TopicArn, tools.accountId));
    await ifThere(
      tools.call('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue }),
      'NotFound',
      'NotFoundException',
    );
  },
});

/** A topic always has a policy; the default policy allows its owner to use it. */
function defaultPolicy(topicArn: string, accountId: string): object {
  return {
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: ['SNS:Publish', 'SNS:Subscribe', 'SNS:GetTopicAttributes', 'SNS:SetTopicAttributes'],
        Resource: topicArn,
        Condition: { StringEquals: { 'AWS:SourceOwner': accountId } },
      },
    ],
  };
}
