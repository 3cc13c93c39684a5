import { batchComputeEnvironment } from './batch/compute-environment.js';
import { batchJobDefinition } from './batch/job-definition.js';
import { batchJobQueue } from './batch/job-queue.js';
import { batchSchedulingPolicy } from './batch/scheduling-policy.js';
import { cloudFormationMacro } from './cloudformation/macro.js';
import { ec2LaunchTemplate } from './ec2/launch-template.js';
import { ec2SecurityGroup } from './ec2/security-group.js';
import { eventsRule } from './events/rule.js';
import { iamInstanceProfile } from './iam/instance-profile.js';
import { iamManagedPolicy, iamPolicy } from './iam/policies.js';
import { iamRole } from './iam/role.js';
import { lambdaAlias } from './lambda/alias.js';
import { lambdaEventInvokeConfig } from './lambda/event-invoke-config.js';
import { lambdaEventSourceMapping } from './lambda/event-source-mapping.js';
import { lambdaFunction } from './lambda/function.js';
import { lambdaPermission } from './lambda/permission.js';
import { lambdaVersion } from './lambda/version.js';
import { logsLogGroup } from './logs/log-group.js';
import { logsSubscriptionFilter } from './logs/subscription-filter.js';
import type { ResourceType } from './resource-type.js';
import { s3Bucket } from './s3/bucket.js';
import { s3BucketPolicy } from './s3/bucket-policy.js';
import { secret } from './secrets-manager/secret.js';
import { snsSubscription } from './sns/subscription.js';
import { snsTopic } from './sns/topic.js';
import { snsTopicPolicy } from './sns/topic-policy.js';
import { sqsQueue } from './sqs/queue.js';
import { sqsQueuePolicy } from './sqs/queue-policy.js';
import { stateMachine } from './states/state-machine.js';
import { stateMachineVersion } from './states/state-machine-version.js';

/** All resource types that the engine supports. */
export const resourceTypes: readonly ResourceType[] = [
  batchComputeEnvironment,
  batchJobDefinition,
  batchJobQueue,
  batchSchedulingPolicy,
  cloudFormationMacro,
  ec2LaunchTemplate,
  ec2SecurityGroup,
  eventsRule,
  iamInstanceProfile,
  iamManagedPolicy,
  iamPolicy,
  iamRole,
  lambdaAlias,
  lambdaEventInvokeConfig,
  lambdaEventSourceMapping,
  lambdaFunction,
  lambdaPermission,
  lambdaVersion,
  logsLogGroup,
  logsSubscriptionFilter,
  s3Bucket,
  s3BucketPolicy,
  secret,
  snsSubscription,
  snsTopic,
  snsTopicPolicy,
  sqsQueue,
  sqsQueuePolicy,
  stateMachine,
  stateMachineVersion,
];

const byName = new Map(resourceTypes.map((type) => [type.name, type]));

/** Returns the resource type with that name (`AWS::S3::Bucket`), if the engine supports it. */
export function resourceType(name: string): ResourceType | undefined {
  return byName.get(name);
}
