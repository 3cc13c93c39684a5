import { getAtt, type Resource, ref, sub, type Text } from '@bclaw/compiler';
import { registryTag } from '@bclaw/spec/contract';
import { awsManagedPolicy, type Grant, ofInstallation, role, useKmsKeys, writes } from './iam.js';
import { launcherObjects } from './launcher-bucket.js';
import { logGroup } from './log-group.js';

const jobRoleId = 'JobRole';
const executionRoleId = 'JobExecutionRole';
const logGroupId = 'JobLogGroup';

export const jobRoleArn = getAtt(jobRoleId, 'Arn');
export const jobExecutionRoleArn = getAtt(executionRoleId, 'Arn');
export const jobLogGroup = ref(logGroupId);

/** The least permissions of a role for jobs: for all that every job does, apart from writing its outputs. */
export const jobGrants = (coreStackName: Text): readonly Grant[] => [
  // Inputs and references may be in any bucket that allows this account to read.
  {
    actions: ['s3:GetObject', 's3:GetObjectVersion', 's3:GetObjectTagging', 's3:ListBucket', 's3:GetBucketLocation'],
    resources: ['*'],
  },
  // A failed QC check stops the job's execution.
  {
    actions: ['states:StopExecution'],
    resources: [sub('arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:*')],
    condition: ofInstallation(coreStackName),
  },
  { actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
  {
    actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    resources: [sub('arn:${AWS::Partition}:ecr:*:*:repository/*')],
  },
  // Credentials of private registries (`auth`): secrets must have a tag that allows this use.
  {
    actions: ['secretsmanager:GetSecretValue'],
    resources: [sub('arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:*')],
    condition: { StringEquals: { [`secretsmanager:ResourceTag/${registryTag.key}`]: registryTag.value } },
  },
];

/** The permissions to write objects. */
export const objectWrites = [
  's3:PutObject',
  's3:PutObjectTagging',
  's3:AbortMultipartUpload',
  's3:ListMultipartUploadParts',
] as const;

/**
 * The permissions of jobs, unless a template names a `task_role`, the permissions for starting them, and their log
 * group: Batch's own, /aws/batch/job, is missing in a fresh account, and nothing in it ever expires.
 */
export const jobRoleResources: Readonly<Record<string, Resource>> = {
  ...logGroup(logGroupId, sub('/bclaw/${AWS::StackName}/jobs')),
  [jobRoleId]: role({
    description: 'Role of jobs whose templates name none',
    service: 'ecs-tasks.amazonaws.com',
    grants: [
      ...jobGrants(ref('AWS::StackName')),
      ...writes(objectWrites),
      useKmsKeys,
      // A job file starts an execution, and the definitions of deployed workflows are in this bucket, too.
      { effect: 'Deny', actions: ['s3:PutObject', 's3:DeleteObject*'], resources: [launcherObjects('*')] },
    ],
  }),
  [executionRoleId]: role({
    description: 'Pulls the image of the runner and writes the logs of jobs',
    service: 'ecs-tasks.amazonaws.com',
    managedPolicies: [awsManagedPolicy('service-role/AmazonECSTaskExecutionRolePolicy')],
    grants: [],
  }),
};
