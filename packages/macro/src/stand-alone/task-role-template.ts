import { getAtt, noValue, ref, type Template, when } from '@bclaw/compiler';
import { defaultInstallation } from '@bclaw/spec/contract';
import { conditionDefinitions, conditions } from '../core/conditions.js';
import { role, useKmsKeys } from '../core/iam.js';
import { jobGrants, objectWrites } from '../core/job-roles.js';

/**
 * A stack with a role for jobs (`task_role`): it may do what every job needs, write where it is told, and what further
 * policies allow. It needs the capability `CAPABILITY_IAM`.
 */
export function taskRoleTemplate(bclawVersion: string): Template {
  const { [conditions.kmsKeys]: usesKmsKeys = {} } = conditionDefinitions;
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `A role for jobs of bclaw, version ${bclawVersion}`,
    Parameters: {
      CoreStackName: { Type: 'String', Description: 'Name of the core stack', Default: defaultInstallation },
      WritableObjects: {
        Type: 'CommaDelimitedList',
        Description: 'ARNs of the objects that jobs may write: their repositories, e.g. arn:aws:s3:::my-results/*',
      },
      KmsKeyArns: {
        Type: 'CommaDelimitedList',
        Description: 'ARNs of the KMS keys of buckets that are encrypted with keys of their own',
        Default: '',
      },
      PolicyArns: {
        Type: 'CommaDelimitedList',
        Description: 'ARNs of managed policies with what the commands need besides',
        Default: '',
      },
    },
    Conditions: {
      [conditions.kmsKeys]: usesKmsKeys,
      HasPolicies: { 'Fn::Not': [{ 'Fn::Equals': [{ 'Fn::Join': ['', ref('PolicyArns')] }, ''] }] },
    },
    Resources: {
      TaskRole: role({
        description: 'Role of jobs whose templates name it',
        service: 'ecs-tasks.amazonaws.com',
        managedPolicies: when('HasPolicies', ref('PolicyArns'), noValue),
        grants: [
          ...jobGrants(ref('CoreStackName')),
          { actions: objectWrites, resources: ref('WritableObjects') },
          useKmsKeys,
        ],
      }),
    },
    Outputs: { TaskRoleArn: { Description: 'What `task_role` names', Value: getAtt('TaskRole', 'Arn') } },
  };
}
