import { launcherFunctionName, launcherVariables, launchesFolder, stateMachineName } from '@bclaw/spec/contract';
import { getAtt, type Resource, ref, stackName, sub } from '../cloudformation.js';
import { tagList } from '../tags.js';
import { launchQueueActions, launchQueueArn } from './launch-queue.js';
import type { StackPlan } from './plan.js';

export const launcherId = 'Launcher';
export const launcherTimeoutSeconds = 60;
const roleId = 'LauncherRole';
const logGroupId = 'LauncherLogGroup';

/** The launcher function with its role and log group. */
export function launcherResources(plan: StackPlan): Readonly<Record<string, Resource>> {
  return { [logGroupId]: logGroup(plan), [roleId]: role(plan), [launcherId]: launcher(plan) };
}

function launcher({ core, deployment, versioned, digest }: StackPlan): Resource {
  return {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: sub(launcherFunctionName('${AWS::StackName}')),
      Description: sub('Starts an execution of the workflow ${AWS::StackName} for each job file'),
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      Code: { S3Bucket: core.launcherCode.bucket, S3Key: core.launcherCode.key },
      Role: getAtt(roleId, 'Arn'),
      MemorySize: 256,
      Timeout: launcherTimeoutSeconds,
      LoggingConfig: { LogGroup: ref(logGroupId) },
      Environment: {
        Variables: {
          [launcherVariables.workflow]: stackName,
          [launcherVariables.versioned]: String(versioned),
          // Lambda only publishes a version if something has changed: this changes in every deployment, including a
          // rollback by template.
          [launcherVariables.deployment]: deployment.id,
          [launcherVariables.digest]: digest,
          [launcherVariables.deadLetterQueue]: core.deadLetterQueueArn,
        },
      },
      Tags: tagList(deployment),
    },
  };
}

function logGroup({ core, deployment }: StackPlan): Resource {
  return {
    Type: 'AWS::Logs::LogGroup',
    DeletionPolicy: 'Delete',
    UpdateReplacePolicy: 'Delete',
    Properties: { RetentionInDays: core.logRetentionDays, Tags: tagList(deployment) },
  };
}

/** Allows starting executions of this workflow's state machines and no others. */
function role({ core, deployment }: StackPlan): Resource {
  const workflow = '${AWS::StackName}';
  const anyVersion = stateMachineName(workflow, '*');
  const records = `${launchesFolder}/${workflow}/*`;
  const states = 'arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}';
  const allow = (Action: string | readonly string[], Resource: unknown) => ({ Effect: 'Allow', Action, Resource });
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [
        {
          PolicyName: 'launch',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              allow('states:StartExecution', [
                sub(`${states}:stateMachine:${workflow}`),
                sub(`${states}:stateMachine:${anyVersion}`),
              ]),
              // To distinguish a duplicate of a job that has ended from another job of the same name.
              allow('states:DescribeExecution', [
                sub(`${states}:execution:${workflow}:*`),
                sub(`${states}:execution:${anyVersion}:*`),
              ]),
              allow(
                ['s3:GetObject', 's3:PutObject'],
                sub(`arn:\${AWS::Partition}:s3:::${core.launcherBucket}/${records}`),
              ),
              // Without it, S3 reports a missing record as forbidden. A condition on `s3:prefix` would take it away again:
              // a request for an object has no prefix.
              allow('s3:ListBucket', sub(`arn:\${AWS::Partition}:s3:::${core.launcherBucket}`)),
              allow(launchQueueActions, launchQueueArn),
              allow(['sqs:GetQueueUrl', 'sqs:SendMessage'], core.deadLetterQueueArn),
              allow(['logs:CreateLogStream', 'logs:PutLogEvents'], getAtt(logGroupId, 'Arn')),
            ],
          },
        },
      ],
      Tags: tagList(deployment),
    },
  };
}
