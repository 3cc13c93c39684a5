/** The functions that state machines call between jobs. */
export type StateFunction = 'initialize' | 'scatter' | 'gather' | 'choose' | 'subpipeSubmit' | 'subpipeRetrieve';

/**
 * What a compiled workflow uses of the core stack: everything pinned, so that a version keeps running with what it was
 * deployed with. The core stack's outputs carry these values one by one (`coreEnvironmentFromOutputs`), and the macro's
 * environment carries them as JSON in `BC_CORE`.
 */
export interface CoreEnvironment {
  /** Name of the core stack, for the `bclaw:core-stack-name` tag. */
  readonly coreStackName: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly launcherBucket: string;
  /** Where the launcher's bundle is: the key contains the digest of its bytes. */
  readonly launcherCode: { readonly bucket: string; readonly key: string };
  /** Function ARNs with their version numbers. */
  readonly functions: Readonly<Record<StateFunction, string>>;
  /** Image of the runner, by digest or by a version that is never reused. */
  readonly runnerImage: string;
  /** Batch job queue ARNs. */
  readonly queues: {
    readonly spot: string;
    readonly onDemand: string;
    readonly spotGpu: string;
    readonly onDemandGpu: string;
  };
  /** Role of the state machines. */
  readonly statesRoleArn: string;
  /** Log group of the state machines; ends in `:*`, as Step Functions wants it. */
  readonly statesLogGroupArn: string;
  /** Role of the jobs, unless the template names one. */
  readonly jobRoleArn: string;
  /** Execution role of the jobs: pulls the runner's image and writes logs. */
  readonly jobExecutionRoleArn: string;
  readonly deadLetterQueueArn: string;
  readonly logRetentionDays: number;
}
