import type { MessageAttributes } from '../../wire/message-attribute.js';

/** Something that is on its way to a target until the target took it. Times are in epoch milliseconds. */
export interface Delivery {
  readonly id: string;
  /** The rule or subscription that wants it delivered. */
  readonly originArn: string;
  readonly target: Target;
  /** JSON or plain text, as the target gets it. */
  readonly body: string;
  readonly enqueuedAt: number;
  /** Failed attempts so far. */
  readonly attempts: number;
  /** Not tried again before. */
  readonly notBefore: number;
  readonly retry: RetryLimits;
  /** The queue for what could not be delivered. */
  readonly deadLetterArn?: string;
}

/** When a delivery is given up. */
export interface RetryLimits {
  readonly attempts: number;
  readonly ageSeconds: number;
}

/** EventBridge's own limits: 185 attempts within 24 hours. */
export const defaultRetryLimits: RetryLimits = { attempts: 185, ageSeconds: 86_400 };

/** Where a delivery goes. */
export type Target =
  | { readonly kind: 'function'; readonly arn: string }
  | { readonly kind: 'queue'; readonly arn: string; readonly attributes?: MessageAttributes }
  | { readonly kind: 'topic'; readonly arn: string }
  | { readonly kind: 'state-machine'; readonly arn: string };

/** What an ARN leads to; `undefined` for what the engine cannot deliver to. */
export function targetOfArn(arn: string): Target | undefined {
  if (/^arn:[^:]+:lambda:[^:]+:\d{12}:function:[^:]+(:[^:]+)?$/.test(arn)) return { kind: 'function', arn };
  if (/^arn:[^:]+:sqs:[^:]+:\d{12}:[^:]+$/.test(arn)) return { kind: 'queue', arn };
  if (/^arn:[^:]+:sns:[^:]+:\d{12}:[^:]+$/.test(arn)) return { kind: 'topic', arn };
  if (/^arn:[^:]+:states:[^:]+:\d{12}:stateMachine:[^:]+(:[^:]+)?$/.test(arn)) return { kind: 'state-machine', arn };
  return undefined;
}
