import { AwsError } from '../../wire/aws-error.js';
import { matches } from '../events/pattern/match.js';
import { PatternError, parsePattern } from '../events/pattern/parse.js';
import type { NotificationRecord, SubscriptionRecord } from './model.js';

/** Returns true if a message matches a subscription's filter policy on attributes or on the message body. */
export function wants({ attributes }: SubscriptionRecord, notification: NotificationRecord): boolean {
  const policy = attributes['FilterPolicy'];
  if (policy === undefined || policy === '' || policy === '{}') return true;
  const pattern = parsePattern(JSON.parse(policy));
  if (attributes['FilterPolicyScope'] !== 'MessageBody') return matches(pattern, attributeValues(notification));
  try {
    return matches(pattern, JSON.parse(notification.message));
  } catch {
    return false; // A body that is not JSON matches no policy.
  }
}

/** @throws AwsError `InvalidParameter` for an invalid policy */
export function checkFilterPolicy(policy: string): void {
  if (policy === '' || policy === '{}') return;
  try {
    parsePattern(JSON.parse(policy));
  } catch (error) {
    if (!(error instanceof PatternError) && !(error instanceof SyntaxError)) throw error;
    throw new AwsError('InvalidParameter', `Invalid parameter: FilterPolicy: ${error.message}`);
  }
}

/** Numbers as numbers, lists as lists: the values that policies are compared with. */
function attributeValues({ attributes }: NotificationRecord): Record<string, unknown> {
  const values = Object.entries(attributes).map(([name, { DataType, StringValue = '' }]) => {
    if (DataType === 'Number') return [name, Number(StringValue)] as const;
    if (DataType !== 'String.Array') return [name, StringValue] as const;
    try {
      return [name, JSON.parse(StringValue) as unknown] as const;
    } catch {
      return [name, StringValue] as const;
    }
  });
  return Object.fromEntries(values);
}
