import { getAtt, type Resource, sub } from '@bclaw/compiler';
import { registryTag } from '@bclaw/spec/contract';
import { awsManagedPolicy, inThisAccount, role } from './iam.js';

const jobRoleId = 'JobRole';
const executionRoleId = 'JobExecutionRole';

export const jobRoleArn = getAtt(jobRoleId, 'Arn');
export const jobExecutionRoleArn = getAtt(executionRoleId, 'Arn');

/** The permissions of jobs, unless a template names a `task_role`, and the permissions for starting them. */
export const jobRoleResources: Readonly<Record<string, Resource>> = {
  [jobRoleId]: role({
    description: 'Role of jobs whose templates name none',
    service: 'ecs-tasks.amazonaws.com',
    grants: [
      // Inputs and references may be in any bucket that allows this account to read.
      {
        actions: [
          's3:GetObject',
          's3:GetObjectVersion',
          's3:GetObjectTagging',
          's3:ListBucket',
          's3:GetBucketLocation',
        ],
        resources: ['*'],
      },
      {
        actions: ['s3:PutObject', 's3:PutObjectTagging', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
        resources: ['*'],
        condition: inThisAccount,
      },
      // A failed QC check stops the job's execution.
      {
        actions: ['states:StopExecution'],
        resources: [sub('arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:*')],
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
    ],
  }),
  [executionRoleId]: role({
    description: 'Pulls the image of the runner and writes the logs of jobs',
    service: 'ecs-tasks.amazonaws.com',
    managedPolicies: [awsManagedPolicy('service-role/AmazonECSTaskExecutionRolePolicy')],
    grants: [],
  }),
};
