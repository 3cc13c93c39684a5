/** The limit on calls of some operations of a service, which share one token bucket. */
export interface Rate {
  /** As in a signature: `states`, `batch`, `lambda`. */
  readonly service: string;
  readonly operations: readonly string[];
  /** Calls that may come at once. */
  readonly bucket: number;
  /** Calls per second in the long run. */
  readonly perSecond: number;
}

/** Concurrent executions of Lambda functions in an account and region, AWS's default. */
export const awsConcurrentInvocations = 1000;

/** In the three largest regions, Step Functions allows more. */
const largeRegions = ['us-east-1', 'us-west-2', 'eu-west-1'];

/** Operation, bucket and rate in the large regions, bucket and rate elsewhere. */
type StatesRow = readonly [string, number, number, number, number];

/** "Quotas related to API action throttling" in the guide of Step Functions. */
const states: readonly StatesRow[] = [
  ['CreateStateMachine', 100, 1, 100, 1],
  ['DeleteStateMachine', 100, 1, 100, 1],
  ['DeleteStateMachineVersion', 100, 1, 100, 1],
  ['DescribeExecution', 300, 15, 250, 10],
  ['DescribeMapRun', 200, 1, 200, 1],
  ['DescribeStateMachine', 200, 20, 200, 20],
  ['DescribeStateMachineForExecution', 200, 1, 200, 1],
  ['GetExecutionHistory', 400, 20, 400, 20],
  ['ListExecutions', 200, 5, 100, 2],
  ['ListMapRuns', 100, 1, 100, 1],
  ['ListStateMachineVersions', 100, 1, 100, 1],
  ['ListStateMachines', 100, 5, 100, 5],
  ['ListTagsForResource', 100, 1, 100, 1],
  ['PublishStateMachineVersion', 100, 1, 100, 1],
  ['RedriveExecution', 1300, 300, 800, 150],
  ['SendTaskFailure', 3000, 500, 1500, 300],
  ['SendTaskHeartbeat', 3000, 500, 1500, 300],
  ['SendTaskSuccess', 3000, 500, 1500, 300],
  ['StartExecution', 1300, 300, 800, 150],
  ['StopExecution', 1000, 200, 500, 25],
  ['TagResource', 200, 1, 200, 1],
  ['UntagResource', 200, 1, 200, 1],
  ['UpdateStateMachine', 100, 1, 100, 1],
];

/**
 * "Lambda API requests" in Lambda's quotas: 100 a second for GetFunction, 15 for GetPolicy, and 15 for the rest of the
 * control plane together. AWS names no bucket, so it holds a second's calls.
 */
const lambda: readonly Rate[] = [
  { service: 'lambda', operations: ['GetFunction'], bucket: 100, perSecond: 100 },
  { service: 'lambda', operations: ['GetPolicy'], bucket: 15, perSecond: 15 },
  {
    service: 'lambda',
    operations: [
      ...['AddPermission', 'CreateAlias', 'CreateEventSourceMapping', 'CreateFunction', 'DeleteAlias'],
      ...['DeleteEventSourceMapping', 'DeleteFunction', 'DeleteFunctionConcurrency', 'DeleteFunctionEventInvokeConfig'],
      ...['GetAlias', 'GetEventSourceMapping', 'GetFunctionConcurrency', 'GetFunctionConfiguration'],
      ...['GetFunctionEventInvokeConfig', 'ListAliases', 'ListEventSourceMappings', 'ListFunctionEventInvokeConfigs'],
      ...['ListFunctions', 'ListTags', 'ListVersionsByFunction', 'PublishVersion', 'PutFunctionConcurrency'],
      ...['PutFunctionEventInvokeConfig', 'RemovePermission', 'TagResource', 'UntagResource', 'UpdateAlias'],
      ...['UpdateEventSourceMapping', 'UpdateFunctionCode', 'UpdateFunctionConfiguration'],
      'UpdateFunctionEventInvokeConfig',
    ],
    bucket: 15,
    perSecond: 15,
  },
];

/**
 * 50 a second: for SubmitJob by "AWS Batch service quotas", for every operation by AWS's page about "Too Many Requests".
 */
const batch: readonly Rate[] = [
  'DeregisterJobDefinition',
  'DescribeJobDefinitions',
  'DescribeJobQueues',
  'DescribeJobs',
  'ListJobs',
  'RegisterJobDefinition',
  'SubmitJob',
  'TerminateJob',
].map((operation) => ({ service: 'batch', operations: [operation], bucket: 50, perSecond: 50 }));

/** AWS's documented default rates in a region, for the calls that bclaw makes. */
export function awsRates(region: string): readonly Rate[] {
  const isLarge = largeRegions.includes(region);
  return [
    ...states.map(([operation, largeBucket, largeRate, bucket, perSecond]) => ({
      service: 'states',
      operations: [operation],
      bucket: isLarge ? largeBucket : bucket,
      perSecond: isLarge ? largeRate : perSecond,
    })),
    ...batch,
    ...lambda,
  ];
}
