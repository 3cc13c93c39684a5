import type { Table } from '../../kernel/journal.js';
import type { EngineContext } from '../../kernel/service.js';
import { AwsError } from '../../wire/aws-error.js';
import type { Tag } from '../../wire/tag-list.js';
import type { SubscriptionRecord, TopicRecord } from './model.js';

/** The topics of an engine and their subscriptions. */
export class Topics {
  readonly #context: EngineContext;
  readonly #topics: Table<TopicRecord>;
  readonly #subscriptions: Table<SubscriptionRecord>;

  constructor(context: EngineContext) {
    this.#context = context;
    this.#topics = context.journal.table('sns/topics');
    this.#subscriptions = context.journal.table('sns/subscriptions');
  }

  /** Creating an existing topic returns the existing one. */
  create(name: string, attributes: Readonly<Record<string, string>>, tags: readonly Tag[]): TopicRecord {
    if (name.endsWith('.fifo'))
      throw new AwsError(
        'InvalidParameter',
        'Invalid parameter: the embedded engine has standard topics only, no FIFO topics.',
      );
    if (!/^[A-Za-z0-9_-]{1,256}$/.test(name)) throw new AwsError('InvalidParameter', 'Invalid parameter: Topic Name');
    const arn = this.arn(name);
    const existing = this.#topics.get(arn);
    if (existing !== undefined) return existing;
    const topic: TopicRecord = { name, arn, attributes, tags };
    this.#topics.set(arn, topic);
    return topic;
  }

  arn(name: string): string {
    const { partition, region, accountId } = this.#context;
    return `arn:${partition}:sns:${region}:${accountId}:${name}`;
  }

  find(arn: string): TopicRecord | undefined {
    return this.#topics.get(arn);
  }

  /** @throws AwsError `NotFound` */
  get(arn: string): TopicRecord {
    const topic = this.#topics.get(arn);
    if (topic === undefined) throw new AwsError('NotFound', 'Topic does not exist', { status: 404 });
    return topic;
  }

  set(topic: TopicRecord): void {
    this.#topics.set(topic.arn, topic);
  }

  /** Also deletes its subscriptions; deleting a missing topic succeeds, as in AWS. */
  delete(arn: string): void {
    for (const subscription of this.subscriptionsOf(arn)) this.#subscriptions.delete(subscription.arn);
    this.#topics.delete(arn);
  }

  values(): IterableIterator<TopicRecord> {
    return this.#topics.values();
  }

  subscriptions(): IterableIterator<SubscriptionRecord> {
    return this.#subscriptions.values();
  }

  subscriptionsOf(topicArn: string): readonly SubscriptionRecord[] {
    return [...this.#subscriptions.values()].filter((subscription) => subscription.topicArn === topicArn);
  }

  /** @throws AwsError `NotFound` */
  subscription(arn: string): SubscriptionRecord {
    const subscription = this.#subscriptions.get(arn);
    if (subscription === undefined) throw new AwsError('NotFound', 'Subscription does not exist', { status: 404 });
    return subscription;
  }

  setSubscription(subscription: SubscriptionRecord): void {
    this.#subscriptions.set(subscription.arn, subscription);
  }

  deleteSubscription(arn: string): void {
    this.#subscriptions.delete(arn);
  }
}
