import { getAtt, noValue, type Resource, ref, sub, when } from '@bclaw/compiler';
import { conditions } from './conditions.js';
import { inThisAccount, ofThisInstallation, role, useKmsKeys, writes } from './iam.js';
import { logGroup } from './log-group.js';

const roleId = 'StatesRole';
const logGroupId = 'StatesLogGroup';

export const statesRoleArn = getAtt(roleId, 'Arn');
export const statesLogGroupArn = getAtt(logGroupId, 'Arn');

/** A rule that Step Functions creates in each account. */
const eventsRule = (name: string) =>
  sub(`arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:rule/${name}`);

/** The resources that all workflows' state machines share: a role and a log group. */
export const stateMachineResources: Readonly<Record<string, Resource>> = {
  // Log groups below /aws/vendedlogs do not count towards the size limit of CloudWatch's resource policies.
  ...logGroup(logGroupId, sub('/aws/vendedlogs/states/${AWS::StackName}')),
  [roleId]: role({
    description: 'Role of the state machines of all workflows',
    service: 'states.amazonaws.com',
    managedPolicies: when(conditions.statesPolicies, ref('StatesPolicyArns'), noValue),
    grants: [
      {
        actions: ['lambda:InvokeFunction'],
        resources: [sub('arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${AWS::StackName}-*')],
      },
      {
        actions: ['batch:SubmitJob', 'batch:TagResource'],
        resources: [
          sub('arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:job-definition/*'),
          sub('arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:job-queue/*'),
          sub('arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:job/*'),
          // The jobs of a step with `consumes`.
          sub('arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:consumable-resource/*'),
        ],
      },
      // DescribeJobs has no resource-level permissions.
      { actions: ['batch:DescribeJobs', 'batch:TerminateJob'], resources: ['*'] },
      {
        // With these rules Step Functions detects the end of a job or of a subpipe's execution.
        actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
        resources: [
          eventsRule('StepFunctionsGetEventsForBatchJobsRule'),
          eventsRule('StepFunctionsGetEventsForStepFunctionsExecutionRule'),
        ],
      },
      {
        // A distributed Map starts executions of its own state machine, a subpipe those of another.
        actions: ['states:StartExecution'],
        resources: [sub('arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:*')],
        condition: ofThisInstallation,
      },
      { actions: ['states:StartExecution'], resources: ref('StateMachineArns'), when: conditions.otherStateMachines },
      {
        // Redriving an execution redrives the branches of its Map.
        actions: ['states:StopExecution', 'states:RedriveExecution'],
        resources: [sub('arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:*')],
        condition: ofThisInstallation,
      },
      {
        actions: ['states:DescribeExecution'],
        resources: [sub('arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:*')],
      },
      {
        // A subpipe of another installation, or of another tool, is stopped with the execution that waits for it.
        actions: ['states:StopExecution'],
        resources: [sub('arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:*')],
        when: conditions.otherStateMachines,
      },
      // A Map reads its items from a repository, writes its branches' results there and appends to them.
      { actions: ['s3:GetObject'], resources: ['*'], condition: inThisAccount },
      ...writes(['s3:PutObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload']),
      useKmsKeys,
      {
        // Permissions for logging to CloudWatch from Step Functions' guide; none of them is resource-level.
        actions: [
          'logs:CreateLogDelivery',
          'logs:GetLogDelivery',
          'logs:UpdateLogDelivery',
          'logs:DeleteLogDelivery',
          'logs:ListLogDeliveries',
          'logs:PutResourcePolicy',
          'logs:DescribeResourcePolicies',
          'logs:DescribeLogGroups',
        ],
        resources: ['*'],
      },
    ],
  }),
};
