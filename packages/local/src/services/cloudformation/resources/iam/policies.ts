import { requiredText, textOf } from '../members.js';
import { recordedType, stableId } from '../recorded.js';
import type { ResourceType } from '../resource-type.js';
import { documentOrText, shape, text, texts } from '../schema.js';
import { iamArn } from './arns.js';

/** AWS::IAM::Policy: an inline policy of roles, users and groups; `Ref` is its name. */
export const iamPolicy: ResourceType = recordedType(
  {
    name: 'AWS::IAM::Policy',
    properties: shape(
      { PolicyDocument: documentOrText, PolicyName: text },
      { Groups: texts, Roles: texts, Users: texts },
    ),
    createOnly: ['PolicyName'],
    attributes: ['Id'],
  },
  (request) => ({
    physicalId: requiredText(request.properties, 'PolicyName'),
    attributes: { Id: requiredText(request.properties, 'PolicyName') },
  }),
);

/** AWS::IAM::ManagedPolicy; `Ref` is its ARN. */
export const iamManagedPolicy: ResourceType = recordedType(
  {
    name: 'AWS::IAM::ManagedPolicy',
    properties: shape(
      { PolicyDocument: documentOrText },
      { Description: text, Groups: texts, ManagedPolicyName: text, Path: text, Roles: texts, Users: texts },
    ),
    createOnly: ['Description', 'ManagedPolicyName', 'Path'],
    attributes: ['DefaultVersionId', 'PolicyArn', 'PolicyId'],
  },
  (request) => {
    const name = textOf(request.properties, 'ManagedPolicyName') ?? request.generatedName({ maxLength: 128 });
    const PolicyArn = iamArn(request, 'policy', name);
    return {
      physicalId: PolicyArn,
      attributes: { DefaultVersionId: 'v1', PolicyArn, PolicyId: stableId(request, 'ANPA').toUpperCase() },
    };
  },
);
