import { type Target, targetOfArn } from '../../kernel/delivery/delivery.js';
import { AwsError } from '../../wire/aws-error.js';
import { isRaw } from './envelope.js';
import { checkFilterPolicy } from './filter-policy.js';
import { parseJsonText } from './json-text.js';
import type { NotificationRecord, Protocol, SubscriptionRecord } from './model.js';

const subscriptionAttributes = new Set([
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
]);

/** @throws AwsError for a protocol that the engine does not have */
export function protocolOf(text: string): Protocol {
  switch (text) {
    case 'sqs':
    case 'lambda':
    case 'email':
    case 'email-json':
      return text;
    default:
      throw new AwsError(
        'InvalidParameter',
        `Invalid parameter: the embedded engine has subscriptions of sqs, lambda and (kept, never sent) email, not of ${text}`,
      );
  }
}

/** Nobody can confirm a mail that was never sent. */
export function isConfirmed({ protocol }: SubscriptionRecord): boolean {
  return protocol === 'sqs' || protocol === 'lambda';
}

/** Where a message goes on behalf of a subscription; `undefined` while that is not confirmed. */
export function targetOf(subscription: SubscriptionRecord, notification: NotificationRecord): Target | undefined {
  if (!isConfirmed(subscription)) return undefined;
  const target = targetOfArn(subscription.endpoint);
  return target?.kind === 'queue' && isRaw(subscription) ? { ...target, attributes: notification.attributes } : target;
}

/** @throws AwsError for attributes that subscriptions do not have, or a filter policy that cannot be read */
export function checkedSubscription(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const name of Object.keys(attributes)) checkAttributeName(name, subscriptionAttributes);
  checkFilterPolicy(attributes['FilterPolicy'] ?? '');
  return attributes;
}

/** The queue for what could not be delivered. */
export function deadLetterArnOf({ attributes }: SubscriptionRecord): string | undefined {
  const policy = parseJsonText(attributes['RedrivePolicy'] ?? '{}');
  const arn = policy?.['deadLetterTargetArn'];
  return typeof arn === 'string' ? arn : undefined;
}

/** @throws AwsError `InvalidParameter` for a name that is not known */
export function checkAttributeName(name: string, known: ReadonlySet<string>): void {
  if (!known.has(name)) throw new AwsError('InvalidParameter', `Invalid parameter: AttributeName ${name}`);
}
