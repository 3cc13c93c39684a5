import { type AccessRule, anywhere, named, on, requestTags, type ServiceAccess } from '../../iam/access.js';
import { tagMap } from '../../wire/tag-list.js';
import type { Topics } from './topics.js';

/** The permissions of SNS. */
export function snsAccess(topics: Topics): ServiceAccess {
  const topic = (action: string): AccessRule => on(`sns:${action}`, named('TopicArn', 'TargetArn'));
  const tagged = named('ResourceArn');
  return {
    rules: {
      Publish: topic('Publish'),
      PublishBatch: topic('Publish'),
      CreateTopic: on(
        'sns:CreateTopic',
        ({ Name }) => topics.arn(String(Name ?? '')),
        ({ Tags }) => requestTags(Tags),
      ),
      DeleteTopic: topic('DeleteTopic'),
      ListTopics: anywhere('sns:ListTopics'),
      GetTopicAttributes: topic('GetTopicAttributes'),
      SetTopicAttributes: topic('SetTopicAttributes'),
      ListTagsForResource: on('sns:ListTagsForResource', tagged),
      TagResource: on('sns:TagResource', tagged, ({ Tags }) => requestTags(Tags)),
      UntagResource: on('sns:UntagResource', tagged),
      Subscribe: on('sns:Subscribe', named('TopicArn'), ({ Protocol, Endpoint }) => ({
        'sns:Protocol': typeof Protocol === 'string' ? Protocol : undefined,
        'sns:Endpoint': typeof Endpoint === 'string' ? Endpoint : undefined,
      })),
      Unsubscribe: anywhere('sns:Unsubscribe'),
      ListSubscriptions: anywhere('sns:ListSubscriptions'),
      ListSubscriptionsByTopic: topic('ListSubscriptionsByTopic'),
      GetSubscriptionAttributes: anywhere('sns:GetSubscriptionAttributes'),
      SetSubscriptionAttributes: anywhere('sns:SetSubscriptionAttributes'),
    },
    tagsOf: (arn) => {
      const tags = topics.find(arn)?.tags;
      return tags && tagMap(tags);
    },
    policyOf: (arn) => topics.find(arn)?.attributes['Policy'] || undefined,
    isMissing: (arn) => topics.find(arn) === undefined,
    denial: { code: 'AuthorizationError', status: 403, action: (action) => action.replace('sns:', 'SNS:') },
  };
}
