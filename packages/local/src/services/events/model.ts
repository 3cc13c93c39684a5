import type { Tag } from '../../wire/tag-list.js';

/** A rule of the default event bus with its targets. */
export interface RuleRecord {
  readonly name: string;
  readonly arn: string;
  /** The JSON text of the event pattern. */
  readonly eventPattern: string;
  readonly state: RuleState;
  readonly description?: string;
  readonly roleArn?: string;
  readonly tags: readonly Tag[];
  readonly targets: readonly RuleTarget[];
}

export type RuleState = 'DISABLED' | 'ENABLED';

/** A target in the shape of the API. */
export interface RuleTarget {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly InputTransformer?: {
    readonly InputPathsMap?: Readonly<Record<string, string>>;
    readonly InputTemplate: string;
  };
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number; readonly MaximumEventAgeInSeconds?: number };
  readonly DeadLetterConfig?: { readonly Arn?: string };
}
