import { awsManagedPolicy } from '../../../../iam/managed-policies.js';
import type { RoleRecord } from '../../../../iam/roles.js';
import { present } from '../../../../kernel/present.js';
import { AwsError } from '../../../../wire/aws-error.js';
import type { JsonObject } from '../../json.js';
import { objectsOf, textOf, textsOf } from '../members.js';
import { stableId } from '../recorded.js';
import type { ResourceRequest, ResourceState, ResourceTools, ResourceType } from '../resource-type.js';
import { documentOrText, list, shape, tagList, text, texts, whole } from '../schema.js';
import { iamArn } from './arns.js';
import { policyText, tagsOf } from './documents.js';

/** AWS::IAM::Role; `Ref` is its name. */
export const iamRole: ResourceType = {
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

  async create(request) {
    const name = textOf(request.properties, 'RoleName') ?? request.generatedName({ maxLength: 64 });
    const arn = iamArn(request, 'role', name);
    request.require({ action: 'iam:CreateRole', resource: arn });
    save(request, name, arn, undefined);
    return { physicalId: name, attributes: { Arn: arn, RoleId: stableId(request, 'AROA').toUpperCase() } };
  },

  async update(request, existing): Promise<ResourceState> {
    const { physicalId, attributes, properties: before } = existing;
    const arn = String(attributes['Arn']);
    request.require({ action: 'iam:UpdateAssumeRolePolicy', resource: arn });
    save(request, physicalId, arn, before);
    return { physicalId, attributes };
  },

  async delete({ physicalId, attributes, properties }, tools) {
    const resource = String(attributes['Arn']);
    if (objectsOf(properties, 'Policies').length > 0) tools.require({ action: 'iam:DeleteRolePolicy', resource });
    if (textsOf(properties, 'ManagedPolicyArns').length > 0)
      tools.require({ action: 'iam:DetachRolePolicy', resource });
    tools.require({ action: 'iam:DeleteRole', resource });
    tools.iam?.roles.deleteRole(physicalId);
  },
};

function save(request: ResourceRequest, name: string, arn: string, before: JsonObject | undefined): void {
  const { properties } = request;
  const required = (action: string) => request.require({ action, resource: arn });
  if (objectsOf(properties, 'Policies').length > 0) required('iam:PutRolePolicy');
  if (objectsOf(before, 'Policies').length > 0) required('iam:DeleteRolePolicy');
  if (textsOf(properties, 'ManagedPolicyArns').length > 0) required('iam:AttachRolePolicy');
  if (objectsOf(properties, 'Tags').length > 0) required('iam:TagRole');
  for (const policy of textsOf(properties, 'ManagedPolicyArns')) checkManaged(request, policy);
  request.iam?.roles.setRole(roleRecord(properties, name, arn));
}

/** The record of a role from the properties of its resource. */
export function roleRecord(properties: JsonObject, name: string, arn: string): RoleRecord {
  return {
    name,
    arn,
    trust: policyText(properties['AssumeRolePolicyDocument'], 'trust'),
    inline: objectsOf(properties, 'Policies').map(({ PolicyDocument }) => policyText(PolicyDocument, 'identity')),
    managed: textsOf(properties, 'ManagedPolicyArns'),
    ...present({ boundary: textOf(properties, 'PermissionsBoundary') }),
    tags: tagsOf(objectsOf(properties, 'Tags')),
  };
}

/** @throws AwsError `NoSuchEntity` for a policy that does not exist, or one of AWS's that the engine does not know */
function checkManaged({ iam }: ResourceTools, arn: string): void {
  if (iam === undefined || iam.isLenient || iam.roles.hasPolicy(arn) || awsManagedPolicy(arn) !== undefined) return;
  throw new AwsError(
    'NoSuchEntity',
    arn.includes(':iam::aws:policy/')
      ? `The embedded engine does not know what the AWS managed policy ${arn} allows. Write a policy with the permissions that the role needs, or start the engine with --iam report.`
      : `Policy ${arn} does not exist or is not attachable.`,
    { status: 404 },
  );
}
