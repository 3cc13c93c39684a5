import { randomUUID } from 'node:crypto';
import Type from 'typebox';
import { targetOfArn } from '../../../kernel/delivery/delivery.js';
import type { EngineContext } from '../../../kernel/service.js';
import type { Operation } from '../../../operation.js';
import type { SubscriptionRecord } from '../model.js';
import { arn, attributeMap, invalidParameter, operation, page, text } from '../operation.js';
import { checkedSubscription, isConfirmed, protocolOf } from '../subscription.js';
import type { Topics } from '../topics.js';

/** Subscriptions with their attributes. */
export function subscriptionOperations({ accountId }: EngineContext, topics: Topics): Operation[] {
  return [
    operation(
      'Subscribe',
      Type.Object({
        TopicArn: arn,
        Protocol: Type.String(),
        Endpoint: text,
        Attributes: Type.Optional(attributeMap),
        ReturnSubscriptionArn: Type.Optional(Type.Boolean()),
      }),
      ({ TopicArn, Protocol, Endpoint: endpoint = '', Attributes = {}, ReturnSubscriptionArn = false }) => {
        const topic = topics.get(TopicArn);
        const protocol = protocolOf(Protocol);
        const kind = targetOfArn(endpoint)?.kind;
        if (
          (protocol === 'sqs' && kind !== 'queue') ||
          (protocol === 'lambda' && kind !== 'function') ||
          endpoint === ''
        )
          throw invalidParameter(`Endpoint "${endpoint}" does not fit the protocol ${protocol}`);
        const attributes = checkedSubscription(Attributes);
        const existing = topics
          .subscriptionsOf(topic.arn)
          .find((subscription) => subscription.protocol === protocol && subscription.endpoint === endpoint);
        const subscription: SubscriptionRecord = existing ?? {
          arn: `${topic.arn}:${randomUUID()}`,
          topicArn: topic.arn,
          protocol,
          endpoint,
          attributes,
        };
        if (existing === undefined) topics.setSubscription(subscription);
        const isShown = isConfirmed(subscription) || ReturnSubscriptionArn;
        return { SubscriptionArn: isShown ? subscription.arn : 'pending confirmation' };
      },
    ),

    operation('Unsubscribe', Type.Object({ SubscriptionArn: arn }), ({ SubscriptionArn }) =>
      topics.deleteSubscription(SubscriptionArn),
    ),

    operation('ListSubscriptions', Type.Object({ NextToken: text }), ({ NextToken }) =>
      listed(topics.subscriptions(), NextToken),
    ),

    operation('ListSubscriptionsByTopic', Type.Object({ TopicArn: arn, NextToken: text }), ({ TopicArn, NextToken }) =>
      listed(topics.subscriptionsOf(topics.get(TopicArn).arn), NextToken),
    ),

    operation('GetSubscriptionAttributes', Type.Object({ SubscriptionArn: arn }), ({ SubscriptionArn }) => {
      const subscription = topics.subscription(SubscriptionArn);
      const Attributes: Record<string, string> = {
        RawMessageDelivery: 'false',
        ...subscription.attributes,
        SubscriptionArn: subscription.arn,
        TopicArn: subscription.topicArn,
        Protocol: subscription.protocol,
        Endpoint: subscription.endpoint,
        Owner: accountId,
        PendingConfirmation: String(!isConfirmed(subscription)),
      };
      return { Attributes };
    }),

    operation(
      'SetSubscriptionAttributes',
      Type.Object({ SubscriptionArn: arn, AttributeName: Type.String(), AttributeValue: text }),
      ({ SubscriptionArn, AttributeName, AttributeValue = '' }) => {
        const subscription = topics.subscription(SubscriptionArn);
        const attributes = checkedSubscription({ ...subscription.attributes, [AttributeName]: AttributeValue });
        topics.setSubscription({ ...subscription, attributes });
      },
    ),
  ];

  function listed(subscriptions: Iterable<SubscriptionRecord>, token: string | undefined) {
    const { items, nextToken } = page(subscriptions, (subscription) => subscription.arn, token);
    const Subscriptions = items.map((subscription) => ({
      SubscriptionArn: isConfirmed(subscription) ? subscription.arn : 'PendingConfirmation',
      Owner: accountId,
      Protocol: subscription.protocol,
      Endpoint: subscription.endpoint,
      TopicArn: subscription.topicArn,
    }));
    return { Subscriptions, NextToken: nextToken };
  }
}
