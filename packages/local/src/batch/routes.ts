import type { Route } from '../wire/route.js';

/** AWS Batch posts to `/v1/<operation in lower case>`. */
const posted = [
  'CancelJob',
  'CreateComputeEnvironment',
  'CreateJobQueue',
  'CreateSchedulingPolicy',
  'DeleteComputeEnvironment',
  'DeleteJobQueue',
  'DeleteSchedulingPolicy',
  'DeregisterJobDefinition',
  'DescribeComputeEnvironments',
  'DescribeJobDefinitions',
  'DescribeJobQueues',
  'DescribeJobs',
  'DescribeSchedulingPolicies',
  'ListJobs',
  'ListSchedulingPolicies',
  'RegisterJobDefinition',
  'SubmitJob',
  'TerminateJob',
  'UpdateComputeEnvironment',
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
