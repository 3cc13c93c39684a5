import { textOf } from '../members.js';
import { recordedType, stableId } from '../recorded.js';
import type { ResourceType } from '../resource-type.js';
import { documentOrText, list, shape, tagList, text, texts, whole } from '../schema.js';
import { iamArn } from './arns.js';

/** AWS::IAM::Role; `Ref` is its name. */
export const iamRole: ResourceType = recordedType(
  {
    name: 'AWS::IAM::Role',
    properties: shape(
      { AssumeRolePolicyDocument: documentOrText },
      {
        Description: text,
        ManagedPolicyArns: texts,
        MaxSessionDuration: whole,
        Path: text,
        PermissionsBoundary: text,
        Policies: list(shape({ PolicyDocument: documentOrText, PolicyName: text })),
        RoleName: text,
        Tags: tagList,
      },
    ),
    createOnly: ['Path', 'RoleName'],
    attributes: ['Arn', 'RoleId'],
    tags: { property: 'Tags', form: 'list' },
  },
  (request) => {
    const name = textOf(request.properties, 'RoleName') ?? request.generatedName({ maxLength: 64 });
    return {
      physicalId: name,
      attributes: { Arn: iamArn(request, 'role', name), RoleId: stableId(request, 'AROA').toUpperCase() },
    };
  },
);
