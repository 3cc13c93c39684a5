import type { Route } from '../../wire/route.js';

/** AWS Batch posts to `/v1/<operation in lower case>`. */
const posted = [
  'CancelJob',
  'CreateComputeEnvironment',
  'CreateConsumableResource',
  'CreateJobQueue',
  'CreateSchedulingPolicy',
  'DeleteComputeEnvironment',
  'DeleteConsumableResource',
  'DeleteJobQueue',
  'DeleteSchedulingPolicy',
  'DeregisterJobDefinition',
  'DescribeComputeEnvironments',
  'DescribeConsumableResource',
  'DescribeJobDefinitions',
  'DescribeJobQueues',
  'DescribeJobs',
  'DescribeSchedulingPolicies',
  'ListConsumableResources',
  'ListJobs',
  'ListSchedulingPolicies',
  'RegisterJobDefinition',
  'SubmitJob',
  'TerminateJob',
  'UpdateComputeEnvironment',
  'UpdateConsumableResource',
  'UpdateJobQueue',
  'UpdateSchedulingPolicy',
] as const;

const tagsPath = '/v1/tags/{resourceArn}';

/** How Batch's operations map to HTTP. */
export const batchRoutes: Route[] = [
  ...posted.map((operation): Route => ({ operation, method: 'POST', path: `/v1/${operation.toLowerCase()}` })),
  { operation: 'TagResource', method: 'POST', path: tagsPath },
  { operation: 'ListTagsForResource', method: 'GET', path: tagsPath },
  { operation: 'UntagResource', method: 'DELETE', path: tagsPath, query: { tagKeys: { type: 'list' } } },
];
