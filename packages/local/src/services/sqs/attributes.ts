import { mistakeIn } from '../../iam/policy.js';
import { AwsError } from '../../wire/aws-error.js';
import type { QueueRecord, RedrivePolicy } from './model.js';

/** Numeric queue attributes: default, minimum and maximum. */
const numeric: Readonly<Record<string, readonly [byDefault: number, least: number, greatest: number]>> = {
  DelaySeconds: [0, 0, 900],
  MaximumMessageSize: [1_048_576, 1024, 1_048_576],
  MessageRetentionPeriod: [345_600, 60, 1_209_600],
  ReceiveMessageWaitTimeSeconds: [0, 0, 20],
  VisibilityTimeout: [30, 0, 43_200],
  KmsDataKeyReusePeriodSeconds: [300, 60, 86_400],
};

/** Attributes that the queue itself does not use: recorded and returned. */
const recorded = new Set(['KmsMasterKeyId', 'Policy', 'RedriveAllowPolicy', 'RedrivePolicy', 'SqsManagedSseEnabled']);

/** A numeric attribute of a queue, in AWS's unit (seconds or bytes). */
export function numericAttribute(queue: QueueRecord, name: string): number {
  return Number(queue.attributes[name] ?? numeric[name]?.[0] ?? 0);
}

/** All attributes of a queue, including defaults. */
export function effectiveAttributes(queue: QueueRecord): Record<string, string> {
  const defaults = Object.entries(numeric)
    .filter(([name]) => name !== 'KmsDataKeyReusePeriodSeconds')
    .map(([name, [byDefault]]) => [name, String(byDefault)] as const);
  return { ...Object.fromEntries(defaults), SqsManagedSseEnabled: 'true', ...queue.attributes };
}

/** Dead-letter settings of a queue; `undefined`: none. */
export function redrivePolicy(queue: QueueRecord): RedrivePolicy | undefined {
  const text = queue.attributes['RedrivePolicy'];
  return text === undefined || text === '' ? undefined : parseRedrivePolicy(text);
}

/**
 * Validates attributes before they are set.
 *
 * @throws AwsError for an unknown attribute, or an invalid value
 */
export function checkAttributes(attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'FifoQueue' || name === 'ContentBasedDeduplication')
      throw new AwsError('InvalidAttributeName', 'The embedded engine has standard queues only, no FIFO queues.');
    const range = numeric[name];
    if (range === undefined && !recorded.has(name))
      throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    if (range !== undefined) {
      const [, least, greatest] = range;
      if (!/^\d{1,9}$/.test(value) || Number(value) < least || Number(value) > greatest)
        throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
    }
  }
  const redrive = attributes['RedrivePolicy'];
  if (redrive !== undefined && redrive !== '') parseRedrivePolicy(redrive);
  const policy = attributes['Policy'];
  const mistake = policy === undefined || policy === '' ? undefined : mistakeIn(policy, 'resource');
  if (mistake !== undefined)
    throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter Policy. ${mistake}`);
}

function parseRedrivePolicy(text: string): RedrivePolicy {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null) {
    const { deadLetterTargetArn, maxReceiveCount } = value as Record<string, unknown>;
    const count = Number(maxReceiveCount);
    if (typeof deadLetterTargetArn === 'string' && Number.isInteger(count) && count >= 1 && count <= 1000)
      return { deadLetterTargetArn, maxReceiveCount: count };
  }
  throw new AwsError(
    'InvalidAttributeValue',
    `Value ${text} for parameter RedrivePolicy is invalid. Reason: it must be JSON with deadLetterTargetArn and a maxReceiveCount from 1 to 1000.`,
  );
}
