/** The functions that state machines call between jobs. */
export type StateFunction = 'initialize' | 'scatter' | 'gather' | 'choose' | 'subpipeSubmit' | 'subpipeRetrieve';

/**
 * The values that a compiled workflow uses from the core stack: everything is pinned, so that a version keeps running
 * with the values it was deployed with. The core stack's outputs contain these values one by one
 * (`coreEnvironmentFromOutputs`), and the macro's environment contains them as JSON in `BC_CORE`.
 */
export interface CoreEnvironment {
  /** Name of the core stack, for the `bclaw:core-stack-name` tag. */
  readonly coreStackName: string;
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly launcherBucket: string;
  /** Location of the launcher's bundle: the key contains the digest of its bytes. */
  readonly launcherCode: { readonly bucket: string; readonly key: string };
  /** Function ARNs with their version numbers. */
  readonly functions: Readonly<Record<StateFunction, string>>;
  /** Image of the runner, with a digest or a version that is never reused. */
  readonly runnerImage: string;
  /** Batch job queue ARNs; those of the GPU queues are `none` where the core stack has no GPU hosts. */
  readonly queues: {
    readonly spot: string;
    readonly onDemand: string;
    readonly spotGpu: string;
    readonly onDemandGpu: string;
  };
  /** Role of the state machines. */
  readonly statesRoleArn: string;
  /** Log group of the state machines; ends in `:*`, as Step Functions requires. */
  readonly statesLogGroupArn: string;
  /** Default role of the jobs. */
  readonly jobRoleArn: string;
  /** Execution role of the jobs: pulls the runner's image and writes logs. */
  readonly jobExecutionRoleArn: string;
  /** Name of the log group of the jobs. */
  readonly jobLogGroup: string;
  readonly deadLetterQueueArn: string;
  readonly logRetentionDays: number;
}
