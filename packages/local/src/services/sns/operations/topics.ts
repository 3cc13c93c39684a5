import Type from 'typebox';
import { mistakeIn } from '../../../iam/policy.js';
import type { EngineContext } from '../../../kernel/service.js';
import type { Operation } from '../../../operation.js';
import { AwsError } from '../../../wire/aws-error.js';
import { tag, withoutTags, withTags } from '../../../wire/tag-list.js';
import type { TopicRecord } from '../model.js';
import { arn, attributeMap, operation, page, text } from '../operation.js';
import { checkAttributeName, isConfirmed } from '../subscription.js';
import type { Topics } from '../topics.js';

const topicAttributes = new Set([
  'DeliveryPolicy',
  'DisplayName',
  'KmsMasterKeyId',
  'Policy',
  'SignatureVersion',
  'TracingConfig',
]);

function checkAttribute(name: string, value: string): void {
  checkAttributeName(name, topicAttributes);
  const mistake = name === 'Policy' && value !== '' ? mistakeIn(value, 'resource') : undefined;
  if (mistake !== undefined) throw new AwsError('InvalidParameter', `Invalid parameter: Policy Error: ${mistake}`);
}

/** Topics with their attributes and tags. */
export function topicOperations({ accountId }: EngineContext, topics: Topics): Operation[] {
  return [
    operation(
      'CreateTopic',
      Type.Object({
        Name: Type.String(),
        Attributes: Type.Optional(attributeMap),
        Tags: Type.Optional(Type.Array(tag)),
      }),
      ({ Name, Attributes = {}, Tags = [] }) => {
        for (const [name, value] of Object.entries(Attributes)) checkAttribute(name, value);
        return { TopicArn: topics.create(Name, Attributes, Tags).arn };
      },
    ),

    operation('DeleteTopic', Type.Object({ TopicArn: arn }), ({ TopicArn }) => topics.delete(TopicArn)),

    operation('ListTopics', Type.Object({ NextToken: text }), ({ NextToken }) => {
      const { items, nextToken } = page(topics.values(), (topic) => topic.arn, NextToken);
      return { Topics: items.map((topic) => ({ TopicArn: topic.arn })), NextToken: nextToken };
    }),

    operation('GetTopicAttributes', Type.Object({ TopicArn: arn }), ({ TopicArn }) => ({
      Attributes: attributesOf(topics.get(TopicArn)),
    })),

    operation(
      'SetTopicAttributes',
      Type.Object({ TopicArn: arn, AttributeName: Type.String(), AttributeValue: text }),
      ({ TopicArn, AttributeName, AttributeValue = '' }) => {
        const topic = topics.get(TopicArn);
        checkAttribute(AttributeName, AttributeValue);
        topics.set({ ...topic, attributes: { ...topic.attributes, [AttributeName]: AttributeValue } });
      },
    ),

    operation('ListTagsForResource', Type.Object({ ResourceArn: arn }), ({ ResourceArn }) => ({
      Tags: topics.get(ResourceArn).tags,
    })),

    operation('TagResource', Type.Object({ ResourceArn: arn, Tags: Type.Array(tag) }), ({ ResourceArn, Tags }) => {
      const topic = topics.get(ResourceArn);
      topics.set({ ...topic, tags: withTags(topic.tags, Tags) });
    }),

    operation(
      'UntagResource',
      Type.Object({ ResourceArn: arn, TagKeys: Type.Array(Type.String()) }),
      ({ ResourceArn, TagKeys }) => {
        const topic = topics.get(ResourceArn);
        topics.set({ ...topic, tags: withoutTags(topic.tags, TagKeys) });
      },
    ),
  ];

  function attributesOf(topic: TopicRecord): Record<string, string> {
    const subscriptions = topics.subscriptionsOf(topic.arn);
    const confirmed = subscriptions.filter(isConfirmed).length;
    return {
      DisplayName: '',
      ...topic.attributes,
      TopicArn: topic.arn,
      Owner: accountId,
      SubscriptionsConfirmed: String(confirmed),
      SubscriptionsPending: String(subscriptions.length - confirmed),
      SubscriptionsDeleted: '0',
    };
  }
}
