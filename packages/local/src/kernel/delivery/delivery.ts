import type { MessageAttributes } from '../../wire/message-attribute.js';
import type { Caller } from '../access/caller.js';

/** A delivery to a target, kept until the target accepts it. Times are in epoch milliseconds. */
export interface Delivery {
  readonly id: string;
  /** The rule or subscription that the delivery belongs to. */
  readonly originArn: string;
  readonly target: Target;
  /** JSON or plain text, as the target receives it. */
  readonly body: string;
  readonly enqueuedAt: number;
  /** Failed attempts so far. */
  readonly attempts: number;
  /** Earliest time of the next attempt. */
  readonly notBefore: number;
  readonly retry: RetryLimits;
  /** Whose permissions the delivery needs; absent in deliveries of older engines, which are not limited. */
  readonly caller?: Caller;
  /** Dead-letter queue for a delivery that failed. */
  readonly deadLetterArn?: string;
}

/** Limits after which a delivery is dropped. */
export interface RetryLimits {
  readonly attempts: number;
  readonly ageSeconds: number;
}

/** EventBridge's own limits: 185 attempts within 24 hours. */
export const defaultRetryLimits: RetryLimits = { attempts: 185, ageSeconds: 86_400 };

/** Target of a delivery. */
export type Target =
  | { readonly kind: 'function'; readonly arn: string }
  | { readonly kind: 'queue'; readonly arn: string; readonly attributes?: MessageAttributes }
  | { readonly kind: 'topic'; readonly arn: string }
  | { readonly kind: 'state-machine'; readonly arn: string };

/** The target of an ARN; `undefined` if the engine cannot deliver to it. */
export function targetOfArn(arn: string): Target | undefined {
  if (/^arn:[^:]+:lambda:[^:]+:\d{12}:function:[^:]+(:[^:]+)?$/.test(arn)) return { kind: 'function', arn };
  if (/^arn:[^:]+:sqs:[^:]+:\d{12}:[^:]+$/.test(arn)) return { kind: 'queue', arn };
  if (/^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/.test(arn)) return { kind: 'topic', arn };
  if (/^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:[^:]+(:[^:]+)?$/.test(arn)) return { kind: 'state-machine', arn };
  return undefined;
}
