/** Code and configuration of one version of a function; only `$LATEST` can change. */
export interface FunctionVersion {
  readonly functionName: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly configuration: FunctionConfiguration;
  readonly description: string;
  readonly code: CodeRecord;
  readonly revisionId: string;
  /** ISO 8601. */
  readonly lastModified: string;
}

/** The settings that determine how code runs; a version is published only when they or the code changed. */
export interface FunctionConfiguration {
  readonly runtime: string;
  readonly role: string;
  /** `file.export`. */
  readonly handler: string;
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly architectures: readonly string[];
  readonly ephemeralStorageMiB: number;
  /** ARN of the queue or topic for dropped events. */
  readonly deadLetterTargetArn?: string;
  readonly logGroup: string;
  readonly logFormat: string;
  readonly tracingMode: string;
}

export interface CodeRecord {
  /** SHA-256 of the zip in base64, as in the API. */
  readonly sha256: string;
  /** The same in hexadecimal: the name of the folder with the files. */
  readonly digest: string;
  /** Size of the zip. */
  readonly bytes: number;
}

export interface FunctionRecord {
  readonly name: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Absent: not reserved; 0: the function is disabled. */
  readonly reservedConcurrency?: number;
}

export interface AliasRecord {
  readonly functionName: string;
  readonly name: string;
  readonly functionVersion: string;
  readonly description: string;
  /** Version → weight of the calls, 0 to 1. */
  readonly weights: Readonly<Record<string, number>>;
  readonly revisionId: string;
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly [member: string]: unknown;
}

export interface PolicyRecord {
  readonly statements: readonly PolicyStatement[];
  readonly revisionId: string;
}

export interface EventInvokeConfigRecord {
  readonly functionName: string;
  /** `$LATEST`, a version or an alias. */
  readonly qualifier: string;
  /** Absent = Lambda's default, 2. */
  readonly maximumRetryAttempts?: number;
  /** Absent = Lambda's default, 6 hours. */
  readonly maximumEventAgeSeconds?: number;
  /** Destination ARNs. */
  readonly onSuccess?: string;
  readonly onFailure?: string;
  /** ISO 8601. */
  readonly lastModified: string;
}

/** An event of an asynchronous invocation that is not finished. */
export interface AsyncEventRecord {
  readonly requestId: string;
  readonly functionName: string;
  /** As given by the caller; an alias is resolved at each attempt, as in Lambda. */
  readonly qualifier: string | undefined;
  /** JSON text. */
  readonly payload: string;
  readonly clientContext?: string;
  /** Milliseconds since the epoch. */
  readonly receivedAt: number;
  /** Number of attempts that ran the function and failed. */
  readonly attempts: number;
  /** Earliest time of the next attempt, in milliseconds since the epoch. */
  readonly dueAt: number;
}

/** An event source mapping: Lambda receives the messages of a queue and invokes a function with them. */
export interface EventSourceMappingRecord {
  readonly uuid: string;
  readonly eventSourceArn: string;
  readonly functionName: string;
  /** As given; an alias is resolved at each invocation, as in Lambda. */
  readonly qualifier?: string;
  readonly enabled: boolean;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  /** Limit of concurrent invocations; absent: the poller's own. */
  readonly maximumConcurrency?: number;
  /** True with `ReportBatchItemFailures`: the function reports the messages that failed. */
  readonly reportsFailures: boolean;
  readonly tags: Readonly<Record<string, string>>;
  readonly lastModified: string;
  /** Set once it is deleted and its last invocations have not ended yet. */
  readonly deleting?: boolean;
}
