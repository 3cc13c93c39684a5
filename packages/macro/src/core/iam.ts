import { noValue, type Resource, ref, sub, type Text, when } from '@bclaw/compiler';
import { tagKeys } from '@bclaw/spec/contract';
import { given } from '@bclaw/spec/given';
import { conditions } from './conditions.js';

/** A statement of a policy. */
export interface Grant {
  /** Default `Allow`. */
  readonly effect?: 'Deny';
  readonly actions: readonly string[];
  /** A list, or a parameter that holds one. */
  readonly resources: readonly Text[] | Text;
  readonly condition?: Readonly<Record<string, Readonly<Record<string, Text>>>>;
  /** The condition of the template under which the statement is there. */
  readonly when?: string;
}

/** A role for a service, with one inline policy of the grants. */
export function role(options: {
  readonly description: string;
  /** E.g. `lambda.amazonaws.com`. */
  readonly service: string;
  readonly grants: readonly Grant[];
  readonly managedPolicies?: readonly Text[] | Text;
}): Resource {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      Description: options.description,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: options.service }, Action: 'sts:AssumeRole' }],
      },
      ...given({ ManagedPolicyArns: options.managedPolicies }),
      ...(options.grants.length === 0
        ? {}
        : {
            Policies: [
              {
                PolicyName: 'bclaw',
                PolicyDocument: { Version: '2012-10-17', Statement: options.grants.map(statement) },
              },
            ],
          }),
    },
  };
}

function statement({ effect, actions, resources, condition, when: existsWhen }: Grant): object {
  const written = {
    Effect: effect ?? 'Allow',
    Action: actions,
    Resource: resources,
    ...given({ Condition: condition }),
  };
  return existsWhen === undefined ? written : when(existsWhen, written, noValue);
}

/** Objects of any bucket that belongs to this account. */
export const inThisAccount = { StringEquals: { 'aws:ResourceAccount': sub('${AWS::AccountId}') } };

/** State machines that an installation deployed; their executions count as having their tags. */
export const ofInstallation = (coreStackName: Text) => ({
  StringEquals: { [`aws:ResourceTag/${tagKeys.coreStackName}`]: coreStackName },
});
export const ofThisInstallation = ofInstallation(ref('AWS::StackName'));

/** Writing objects: into this account's own buckets, and where the parameter `WritableObjects` allows it. */
export const writes = (actions: readonly string[]): readonly Grant[] => [
  { actions, resources: ['*'], condition: inThisAccount },
  { actions, resources: ref('WritableObjects'), when: conditions.otherBuckets },
];

/** Objects that are encrypted with one of the keys in `KmsKeyArns`. */
export const useKmsKeys: Grant = {
  actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
  resources: ref('KmsKeyArns'),
  when: conditions.kmsKeys,
};

/** ARN of one of AWS's own managed policies. */
export const awsManagedPolicy = (name: string): Text => sub(`arn:\${AWS::Partition}:iam::aws:policy/${name}`);
