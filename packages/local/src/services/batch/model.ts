import type { ProcessIdentity } from '@bclaw/runner/machine';

/** The statuses of a job, in the order in which a job passes through them. */
export const jobStatuses = ['SUBMITTED', 'PENDING', 'RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED'] as const;
export type JobStatus = (typeof jobStatuses)[number];

export interface NameValue {
  readonly name?: string;
  readonly value?: string;
}

export interface ResourceRequirement {
  readonly type: string;
  readonly value: string;
}

/** The members of AWS's ContainerProperties that are used on one machine; the others are recorded unchanged. */
export interface ContainerProperties {
  readonly image?: string;
  readonly command?: readonly string[];
  readonly environment?: readonly NameValue[];
  readonly resourceRequirements?: readonly ResourceRequirement[];
  readonly vcpus?: number;
  readonly memory?: number;
  readonly logConfiguration?: { readonly options?: Readonly<Record<string, string>> };
  readonly [member: string]: unknown;
}

export interface ContainerOverrides {
  readonly command?: readonly string[];
  readonly environment?: readonly NameValue[];
  readonly resourceRequirements?: readonly ResourceRequirement[];
  readonly vcpus?: number;
  readonly memory?: number;
  readonly instanceType?: string;
}

export interface EvaluateOnExit {
  readonly action: string;
  readonly onExitCode?: string;
  readonly onReason?: string;
  readonly onStatusReason?: string;
}

export interface RetryStrategy {
  readonly attempts?: number;
  readonly evaluateOnExit?: readonly EvaluateOnExit[];
}

export interface JobTimeout {
  readonly attemptDurationSeconds?: number;
}

/** Consumable resources that a job requires, each by name or ARN. */
export interface ConsumableResourceProperties {
  readonly consumableResourceList?: readonly { readonly consumableResource: string; readonly quantity: number }[];
}

export interface JobDefinitionRecord {
  readonly jobDefinitionName: string;
  readonly jobDefinitionArn: string;
  readonly revision: number;
  readonly status: 'ACTIVE' | 'INACTIVE';
  readonly type: 'container';
  readonly parameters: Readonly<Record<string, string>>;
  readonly containerProperties: ContainerProperties;
  readonly retryStrategy?: RetryStrategy;
  readonly timeout?: JobTimeout;
  readonly schedulingPriority?: number;
  readonly propagateTags?: boolean;
  readonly platformCapabilities?: readonly string[];
  readonly consumableResourceProperties?: ConsumableResourceProperties;
  readonly tags: Readonly<Record<string, string>>;
}

/** Content of a submission: never changes, and is stored apart from the status so that the journal writes it once. */
export interface JobRecord {
  readonly jobId: string;
  readonly jobName: string;
  readonly jobArn: string;
  readonly jobQueue: string;
  /** ARN with revision. */
  readonly jobDefinition: string;
  /** Epoch milliseconds, like all times in Batch. */
  readonly createdAt: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly containerOverrides: ContainerOverrides;
  readonly retryStrategy?: RetryStrategy;
  readonly timeout?: JobTimeout;
  readonly shareIdentifier?: string;
  readonly schedulingPriority?: number;
  readonly propagateTags?: boolean;
  readonly consumableResourceProperties?: ConsumableResourceProperties;
  readonly tags: Readonly<Record<string, string>>;
}

/** One finished attempt, in the shape of AWS's AttemptDetail. */
export interface AttemptDetail {
  readonly container: {
    readonly taskArn: string;
    readonly containerInstanceArn: string;
    readonly logStreamName?: string;
    readonly exitCode?: number;
    readonly reason?: string;
  };
  readonly startedAt?: number;
  readonly stoppedAt: number;
  readonly statusReason: string;
}

/** The running attempt. */
export interface CurrentAttempt {
  /** From 1. */
  readonly number: number;
  readonly taskArn: string;
  readonly logStreamName: string;
  /** Set once the job's process runs. */
  readonly process?: ProcessIdentity;
}

/** State of a job. */
export interface JobState {
  readonly status: JobStatus;
  readonly statusReason?: string;
  readonly startedAt?: number;
  readonly stoppedAt?: number;
  readonly attempts: readonly AttemptDetail[];
  readonly current?: CurrentAttempt;
  /** Reason for stopping the job; its process may still be ending. */
  readonly stopRequest?: { readonly kind: 'cancelled' | 'terminated'; readonly reason: string };
}

export interface Job {
  readonly record: JobRecord;
  readonly state: JobState;
}
