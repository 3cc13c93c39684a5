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

/** @throws AwsError for a protocol that the engine does not support */
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

/** No e-mail is sent, so an e-mail subscription cannot be confirmed. */
export function isConfirmed({ protocol }: SubscriptionRecord): boolean {
  return protocol === 'sqs' || protocol === 'lambda';
}

/** The target of a subscription; `undefined` until it is confirmed. */
export function targetOf(subscription: SubscriptionRecord, notification: NotificationRecord): Target | undefined {
  if (!isConfirmed(subscription)) return undefined;
  const target = targetOfArn(subscription.endpoint);
  return target?.kind === 'queue' && isRaw(subscription) ? { ...target, attributes: notification.attributes } : target;
}

/** @throws AwsError for unknown attributes, or an invalid filter policy */
export function checkedSubscription(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const name of Object.keys(attributes)) checkAttributeName(name, subscriptionAttributes);
  checkFilterPolicy(attributes['FilterPolicy'] ?? '');
  return attributes;
}

/** Dead-letter queue for failed deliveries. */
export function deadLetterArnOf({ attributes }: SubscriptionRecord): string | undefined {
  const policy = parseJsonText(attributes['RedrivePolicy'] ?? '{}');
  const arn = policy?.['deadLetterTargetArn'];
  return typeof arn === 'string' ? arn : undefined;
}

/** @throws AwsError `InvalidParameter` for an unknown name */
export function checkAttributeName(name: string, known: ReadonlySet<string>): void {
  if (!known.has(name)) throw new AwsError('InvalidParameter', `Invalid parameter: AttributeName ${name}`);
}
