import { randomUUID } from 'node:crypto';
import type { Static } from 'typebox';
import { defaultRetryLimits, targetOfArn } from '../../kernel/delivery/delivery.js';
import { Outbox } from '../../kernel/delivery/outbox.js';
import type { EngineContext, Operations } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';
import { runBatch } from '../../wire/entries.js';
import { pageOf, sortedBy } from '../../wire/page.js';
import { parseInput } from '../../wire/parse-input.js';
import type { PageService, Pages } from '../../wire/server.js';
import { withoutTags, withTags } from '../../wire/tag-list.js';
import { functionEvent, queueBody } from './envelope.js';
import { wants } from './filter-policy.js';
import { messageVariants } from './message-structure.js';
import type { NotificationRecord, SubscriptionRecord, TopicRecord } from './model.js';
import { Notifications } from './notifications.js';
import * as requests from './requests.js';
import {
  checkAttributeName,
  checkedSubscription,
  deadLetterArnOf,
  isConfirmed,
  protocolOf,
  targetOf,
} from './subscription.js';
import { Topics } from './topics.js';

const invalid = 'InvalidParameter';
const mostMessageBytes = 262_144;
const pageLength = 100;
const topicAttributes = new Set([
  'DeliveryPolicy',
  'DisplayName',
  'KmsMasterKeyId',
  'Policy',
  'SignatureVersion',
  'TracingConfig',
]);
/**
 * Amazon SNS: topics whose messages go to SQS queues and Lambda functions, and are kept to be read at
 * `/_bclaw/messages`.
 */
export function createSnsService(context: EngineContext): PageService {
  return new Sns(context);
}

class Sns implements PageService {
  readonly name = 'sns';
  readonly #context: EngineContext;
  readonly #topics: Topics;
  readonly #notifications: Notifications;
  readonly #outbox: Outbox;

  constructor(context: EngineContext) {
    this.#context = context;
    this.#topics = new Topics(context);
    this.#notifications = new Notifications(context);
    this.#outbox = new Outbox(context, 'sns/deliveries');
  }

  readonly pages: Pages = { messages: (query) => this.#notifications.page(query) };

  readonly operations: Operations = {
    CreateTopic: (input) => {
      const { Name, Attributes = {}, Tags = [] } = parseInput(requests.createTopicRequest, input, invalid);
      for (const name of Object.keys(Attributes)) checkAttributeName(name, topicAttributes);
      return { TopicArn: this.#topics.create(Name, Attributes, Tags).arn };
    },
    DeleteTopic: (input) => this.#topics.delete(parseInput(requests.topicRequest, input, invalid).TopicArn),
    ListTopics: (input) => {
      const { NextToken } = parseInput(requests.pageRequest, input, invalid);
      const { items, nextToken } = page(this.#topics.values(), (topic) => topic.arn, NextToken);
      return { Topics: items.map((topic) => ({ TopicArn: topic.arn })), NextToken: nextToken };
    },
    GetTopicAttributes: (input) => {
      const topic = this.#topics.get(parseInput(requests.topicRequest, input, invalid).TopicArn);
      return { Attributes: this.#topicAttributes(topic) };
    },
    SetTopicAttributes: (input) => {
      const {
        TopicArn,
        AttributeName,
        AttributeValue = '',
      } = parseInput(requests.setTopicAttributesRequest, input, invalid);
      const topic = this.#topics.get(TopicArn);
      checkAttributeName(AttributeName, topicAttributes);
      this.#topics.set({ ...topic, attributes: { ...topic.attributes, [AttributeName]: AttributeValue } });
    },
    Subscribe: (input) => this.#subscribe(parseInput(requests.subscribeRequest, input, invalid)),
    Unsubscribe: (input) =>
      this.#topics.deleteSubscription(parseInput(requests.subscriptionRequest, input, invalid).SubscriptionArn),
    ListSubscriptions: (input) => {
      const { NextToken } = parseInput(requests.pageRequest, input, invalid);
      return this.#listSubscriptions(this.#topics.subscriptions(), NextToken);
    },
    ListSubscriptionsByTopic: (input) => {
      const { TopicArn, NextToken } = parseInput(requests.subscriptionsOfTopicRequest, input, invalid);
      return this.#listSubscriptions(this.#topics.subscriptionsOf(this.#topics.get(TopicArn).arn), NextToken);
    },
    GetSubscriptionAttributes: (input) => {
      const { SubscriptionArn } = parseInput(requests.subscriptionRequest, input, invalid);
      return { Attributes: this.#subscriptionAttributes(this.#topics.subscription(SubscriptionArn)) };
    },
    SetSubscriptionAttributes: (input) => {
      const {
        SubscriptionArn,
        AttributeName,
        AttributeValue = '',
      } = parseInput(requests.setSubscriptionAttributesRequest, input, invalid);
      const subscription = this.#topics.subscription(SubscriptionArn);
      const attributes = checkedSubscription({ ...subscription.attributes, [AttributeName]: AttributeValue });
      this.#topics.setSubscription({ ...subscription, attributes });
    },
    Publish: (input) => {
      const { TopicArn, TargetArn, PhoneNumber, ...message } = parseInput(requests.publishRequest, input, invalid);
      if (PhoneNumber !== undefined)
        throw new AwsError(invalid, 'Invalid parameter: the embedded engine sends no text messages to phones.');
      const arn = TopicArn ?? TargetArn;
      if (arn === undefined)
        throw new AwsError(invalid, 'Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter');
      return this.#publish(this.#topics.get(arn), message);
    },
    PublishBatch: (input) => {
      const { TopicArn, PublishBatchRequestEntries } = parseInput(requests.publishBatchRequest, input, invalid);
      const topic = this.#topics.get(TopicArn);
      return runBatch(PublishBatchRequestEntries, (entry) => this.#publish(topic, entry));
    },
    ListTagsForResource: (input) => ({
      Tags: this.#topics.get(parseInput(requests.resourceRequest, input, invalid).ResourceArn).tags,
    }),
    TagResource: (input) => {
      const { ResourceArn, Tags } = parseInput(requests.tagResourceRequest, input, invalid);
      const topic = this.#topics.get(ResourceArn);
      this.#topics.set({ ...topic, tags: withTags(topic.tags, Tags) });
    },
    UntagResource: (input) => {
      const { ResourceArn, TagKeys } = parseInput(requests.untagResourceRequest, input, invalid);
      const topic = this.#topics.get(ResourceArn);
      this.#topics.set({ ...topic, tags: withoutTags(topic.tags, TagKeys) });
    },
  };

  start(): void {
    this.#outbox.start();
  }

  stop(): Promise<void> {
    return this.#outbox.stop();
  }

  #subscribe(input: Static<typeof requests.subscribeRequest>) {
    const topic = this.#topics.get(input.TopicArn);
    const protocol = protocolOf(input.Protocol);
    const endpoint = input.Endpoint ?? '';
    const kind = targetOfArn(endpoint)?.kind;
    if ((protocol === 'sqs' && kind !== 'queue') || (protocol === 'lambda' && kind !== 'function') || endpoint === '')
      throw new AwsError(invalid, `Invalid parameter: Endpoint "${endpoint}" does not fit the protocol ${protocol}`);
    const attributes = checkedSubscription(input.Attributes ?? {});
    const existing = this.#topics
      .subscriptionsOf(topic.arn)
      .find((subscription) => subscription.protocol === protocol && subscription.endpoint === endpoint);
    const subscription: SubscriptionRecord = existing ?? {
      arn: `${topic.arn}:${randomUUID()}`,
      topicArn: topic.arn,
      protocol,
      endpoint,
      attributes,
    };
    if (existing === undefined) this.#topics.setSubscription(subscription);
    const told = isConfirmed(subscription) || input.ReturnSubscriptionArn === true;
    return { SubscriptionArn: told ? subscription.arn : 'pending confirmation' };
  }

  #listSubscriptions(subscriptions: Iterable<SubscriptionRecord>, token: string | undefined) {
    const { items, nextToken } = page(subscriptions, (subscription) => subscription.arn, token);
    const Subscriptions = items.map((subscription) => ({
      SubscriptionArn: isConfirmed(subscription) ? subscription.arn : 'PendingConfirmation',
      Owner: this.#context.accountId,
      Protocol: subscription.protocol,
      Endpoint: subscription.endpoint,
      TopicArn: subscription.topicArn,
    }));
    return { Subscriptions, NextToken: nextToken };
  }

  /** Keeps the message, and with it a delivery to everyone who wants it. */
  #publish(topic: TopicRecord, input: requests.OutgoingNotification) {
    if (Buffer.byteLength(input.Message) > mostMessageBytes)
      throw new AwsError(invalid, 'Invalid parameter: Message too long');
    const variants = input.MessageStructure === 'json' ? messageVariants(input.Message) : undefined;
    const notification: NotificationRecord = {
      id: randomUUID(),
      topicArn: topic.arn,
      ...(input.Subject === undefined ? {} : { subject: input.Subject }),
      message: variants?.['default'] ?? input.Message,
      ...(variants === undefined ? {} : { variants }),
      attributes: input.MessageAttributes ?? {},
      publishedAt: new Date().toISOString(),
    };
    this.#notifications.add(notification);
    for (const subscription of this.#topics.subscriptionsOf(topic.arn)) {
      const target = targetOf(subscription, notification);
      if (target === undefined || !wants(subscription, notification)) continue;
      const deadLetterArn = deadLetterArnOf(subscription);
      this.#outbox.add({
        originArn: subscription.arn,
        target,
        body:
          target.kind === 'function'
            ? functionEvent(notification, subscription)
            : queueBody(notification, subscription),
        retry: defaultRetryLimits,
        ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
      });
    }
    return { MessageId: notification.id };
  }

  #topicAttributes(topic: TopicRecord): Record<string, string> {
    const subscriptions = this.#topics.subscriptionsOf(topic.arn);
    const confirmed = subscriptions.filter(isConfirmed).length;
    return {
      DisplayName: '',
      ...topic.attributes,
      TopicArn: topic.arn,
      Owner: this.#context.accountId,
      SubscriptionsConfirmed: String(confirmed),
      SubscriptionsPending: String(subscriptions.length - confirmed),
      SubscriptionsDeleted: '0',
    };
  }

  #subscriptionAttributes(subscription: SubscriptionRecord): Record<string, string> {
    return {
      RawMessageDelivery: 'false',
      ...subscription.attributes,
      SubscriptionArn: subscription.arn,
      TopicArn: subscription.topicArn,
      Protocol: subscription.protocol,
      Endpoint: subscription.endpoint,
      Owner: this.#context.accountId,
      PendingConfirmation: String(!isConfirmed(subscription)),
    };
  }
}

function page<T>(items: Iterable<T>, keyOf: (item: T) => string, token: string | undefined) {
  return pageOf(sortedBy(items, keyOf), keyOf, { limit: pageLength, token, code: invalid });
}
