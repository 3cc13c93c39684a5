import { type Resource, sub, type Text } from '@bclaw/compiler';
import { given } from '@bclaw/spec/given';

/** A statement of a policy; its effect is always Allow. */
export interface Grant {
  readonly actions: readonly string[];
  readonly resources: readonly Text[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, Text>>>>;
}

/** A role for a service, with one inline policy of the grants. */
export function role(options: {
  readonly description: string;
  /** E.g. `lambda.amazonaws.com`. */
  readonly service: string;
  readonly grants: readonly Grant[];
  readonly managedPolicies?: readonly Text[];
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

function statement({ actions, resources, condition }: Grant): object {
  return {
    Effect: 'Allow',
    Action: actions,
    Resource: resources,
    ...given({ Condition: condition }),
  };
}

/** Objects of any bucket that belongs to this account. */
export const inThisAccount = { StringEquals: { 'aws:ResourceAccount': sub('${AWS::AccountId}') } };

/** ARN of one of AWS's own managed policies. */
export const awsManagedPolicy = (name: string): Text => sub(`arn:\${AWS::Partition}:iam::aws:policy/${name}`);
