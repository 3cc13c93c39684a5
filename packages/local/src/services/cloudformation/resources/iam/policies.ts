import type { PolicyRecord } from '../../../../iam/roles.js';
import type { JsonObject } from '../../json.js';
import { requiredText, textOf, textsOf } from '../members.js';
import { stableId } from '../recorded.js';
import type { ResourceRequest, ResourceTools, ResourceType } from '../resource-type.js';
import { documentOrText, shape, text, texts } from '../schema.js';
import { iamArn } from './arns.js';
import { policyText } from './documents.js';

/** AWS::IAM::Policy: an inline policy of roles, users and groups; `Ref` is its name. */
export const iamPolicy: ResourceType = {
  name: 'AWS::IAM::Policy',
  properties: shape(
    { PolicyDocument: documentOrText, PolicyName: text },
    { Groups: texts, Roles: texts, Users: texts },
  ),
  createOnly: ['PolicyName'],
  attributes: ['Id'],

  async create(request) {
    const name = requiredText(request.properties, 'PolicyName');
    put(request);
    return { physicalId: name, attributes: { Id: name } };
  },

  async update(request, { physicalId, attributes, properties: before }) {
    const kept = textsOf(request.properties, 'Roles');
    remove(
      request,
      before,
      textsOf(before, 'Roles').filter((role) => !kept.includes(role)),
    );
    put(request);
    return { physicalId, attributes };
  },

  delete: async ({ properties }, tools) => remove(tools, properties, textsOf(properties, 'Roles')),
};

function put(request: ResourceRequest): void {
  requireForRoles(request, textsOf(request.properties, 'Roles'), 'iam:PutRolePolicy');
  for (const record of inlineRecords(request.properties)) request.iam?.roles.setPolicy(record);
}

function remove(tools: ResourceTools, properties: JsonObject, roles: readonly string[]): void {
  requireForRoles(tools, roles, 'iam:DeleteRolePolicy');
  for (const role of roles) tools.iam?.roles.deletePolicy(inlineId(role, properties));
}

/** A role has one inline policy of a name. */
const inlineId = (role: string, properties: JsonObject): string =>
  `inline:${role}/${requiredText(properties, 'PolicyName')}`;

/** The records of an inline policy, one for each role. */
export const inlineRecords = (properties: JsonObject): readonly PolicyRecord[] =>
  textsOf(properties, 'Roles').map((role) => ({
    id: inlineId(role, properties),
    document: policyText(properties['PolicyDocument'], 'identity'),
    roles: [role],
  }));

/** AWS::IAM::ManagedPolicy; `Ref` is its ARN. */
export const iamManagedPolicy: ResourceType = {
  name: 'AWS::IAM::ManagedPolicy',
  properties: shape(
    { PolicyDocument: documentOrText },
    { Description: text, Groups: texts, ManagedPolicyName: text, Path: text, Roles: texts, Users: texts },
  ),
  createOnly: ['Description', 'ManagedPolicyName', 'Path'],
  attributes: ['DefaultVersionId', 'PolicyArn', 'PolicyId'],

  async create(request) {
    const name = textOf(request.properties, 'ManagedPolicyName') ?? request.generatedName({ maxLength: 128 });
    const PolicyArn = iamArn(request, 'policy', name);
    request.require({ action: 'iam:CreatePolicy', resource: PolicyArn });
    save(request, PolicyArn);
    return {
      physicalId: PolicyArn,
      attributes: { DefaultVersionId: 'v1', PolicyArn, PolicyId: stableId(request, 'ANPA').toUpperCase() },
    };
  },

  async update(request, { physicalId, attributes }) {
    request.require({ action: 'iam:CreatePolicyVersion', resource: physicalId });
    save(request, physicalId);
    return { physicalId, attributes };
  },

  async delete({ physicalId }, tools) {
    tools.require({ action: 'iam:DeletePolicy', resource: physicalId });
    tools.iam?.roles.deletePolicy(physicalId);
  },
};

function save(request: ResourceRequest, arn: string): void {
  requireForRoles(request, textsOf(request.properties, 'Roles'), 'iam:AttachRolePolicy');
  request.iam?.roles.setPolicy(policyRecord(request.properties, arn));
}

/** The record of a managed policy from the properties of its resource. */
export const policyRecord = (properties: JsonObject, id: string): PolicyRecord => ({
  id,
  document: policyText(properties['PolicyDocument'], 'identity'),
  roles: textsOf(properties, 'Roles'),
});

function requireForRoles(tools: ResourceTools, roles: readonly string[], action: string): void {
  const { partition, accountId } = tools;
  for (const role of roles) tools.require({ action, resource: `arn:${partition}:iam::${accountId}:role/${role}` });
}
